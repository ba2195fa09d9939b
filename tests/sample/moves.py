"""What is said in every conversation: who are you, yes, thanks, goodbye. Dealt like cards, so that no phrase comes back too soon."""

from collections.abc import Sequence
from datetime import date

from tests.sample.chance import Chance
from tests.sample.telling import MONTHS, Run

YES = (
    "Yes, go ahead.",
    "Yes please.",
    "Yes, that's right, please do it.",
    "Correct, please proceed.",
    "Yep, do it.",
    "That works. Yes.",
    "Yes, I agree to that.",
    "OK, yes.",
    "Sounds right to me, yes.",
    "Yes. Thank you.",
    "Please do, yes.",
    "Confirmed.",
    "Yes, exactly like that.",
    "Agreed, go on.",
    "Sure, yes, go for it.",
    "I confirm.",
    "Yes, you can do that.",
    "All correct, yes.",
    "Right, yes, please.",
    "Fine by me, yes.",
    "Yes to all of it.",
    "That's what I want, yes.",
    "Do that please, yes.",
    "Absolutely, yes.",
)
# Said after good and bad news alike.
THANKS = (
    "Thanks, that's all.",
    "Ok, bye.",
    "OK, thank you.",
    "That's everything from me.",
    "Nothing else, thank you.",
    "Ok, noted.",
    "Understood. Bye.",
    "Alright then.",
    "Thanks for the answer.",
    "Okay, thanks for your time.",
    "Got it, thanks.",
    "Good, that's it from me.",
    "Right. Thank you.",
    "Fine. Goodbye.",
    "I see. Thanks.",
    "Thank you, you have been clear.",
    "Ok thank you very much.",
    "That was all. Bye bye.",
    "Noted, thanks.",
    "Okay then, have a good one.",
    "Alright, that's all I needed to know.",
    "Thanks, no more questions.",
    "No, nothing more.",
    "Cheers, bye.",
)
CLOSING = (
    "Goodbye, and thank you for writing.",
    "Thank you for getting in touch.",
    "Take care, {first}.",
    "Any time.",
    "Thanks for your time today.",
    "You're welcome, {first}.",
    "All the best.",
    "Goodbye, {first}.",
    "Of course. Write again whenever you need us.",
    "Thank you for your patience, {first}.",
    "Have a good rest of the day.",
    "You're welcome. Until next time.",
)
_ASK = (
    "Happy to look into it. What is the {thing}, and could you add {two} so that I can match it?",
    "Of course. May I have the {thing} together with {two}?",
    "I can check that. Please send me your {thing} and one more detail, for instance {two}.",
    "Let me find it. I need the {thing} plus {two} as we have it on file.",
    "Before I open anything I have to match two details: the {thing} and {two}.",
    "Thank you for writing. Could I take the {thing} and {two}, please?",
    "Let's have a look. Your {thing} and {two}, please.",
    "I'd be glad to help. Which {thing} is it about, and what is {two} we hold for you?",
    "To be sure I'm speaking to the right person: {thing}, and {two}?",
    "Certainly. For your security I ask for two things, the {thing} and {two}.",
    "Can you tell me the {thing}? I will also need {two}.",
    "I see. First the formalities: please give me the {thing} and {two}.",
    "Sure thing. {Thing} and {two}, and I'll pull it up.",
    "That I can look at. Please type the {thing} here, and {two} that goes with it.",
)
_GIVE = (
    "It's {number}, and {detail}.",
    "{number} / {value}",
    "{number}. {Detail}.",
    "Sure: {number}, {value}.",
    "Hang on... {number}. And {detail}.",
    "{Detail}, the number is {number}.",
    "Here you go, {number} and {value}",
    "{number}, if I read it right. {Detail}.",
    "Number {number}, {detail}.",
    "ok {number} - {value}",
    "That would be {number}; {detail}.",
    "{value}, {number}",
    "I have it here: {number}. My name is {name} and {detail}.",
    "{number} is what it says here. {Detail}.",
)
_UPFRONT = (
    "{Thing}: {number}, {value}.",
    "({number}, {value})",
    "My {thing} is {number} and {detail}.",
    "It's {thing} {number}, {detail}.",
    "For your records: {number}, {value}.",
    "{name}, {number}, {value}.",
    "{Detail}, {thing} {number}.",
    "Ref {number} / {value}",
)
DETAILS = {
    "mail": ("the e-mail address", "my e-mail is"),
    "postcode": ("the postcode", "postcode"),
    "born": ("the date of birth", "I was born on"),
    "code": ("the call code of today", "the call code is"),
}


class Decks:
    """Pools dealt out one by one; a pool is shuffled again when it has run out."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._left: dict[tuple[str, ...], list[str]] = {}

    def deal(self, pool: Sequence[str]) -> str:
        """The next card of the pool."""
        key = tuple(pool)
        if not self._left.get(key):
            self._left[key] = self._chance.shuffled(key)
        return self._left[key].pop()


def spoken_date(day: date, chance: Chance) -> str:
    """A date of birth as somebody types it."""
    return chance.one(
        (
            f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            day.isoformat(),
            f"{day.day:02}.{day.month:02}.{day.year}",
            f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}",
        )
    )


def identify(
    r: Run,
    text: str,
    *,
    thing: str,
    number: str,
    kinds: Sequence[str] = ("mail", "mail", "postcode", "born"),
    at_once: bool = False,
    code: str = "",
) -> None:
    """The user opens with `text`; number and second detail come with it (always so if `at_once`), or are asked for and given."""
    person = r.customer
    assert person is not None
    kind = "code" if code else r.chance.one(kinds)
    value = {"mail": person.email, "postcode": person.postcode, "born": spoken_date(person.born, r.chance), "code": code}[kind]
    asked, lead = DETAILS[kind]
    words = {"thing": thing, "Thing": thing[0].upper() + thing[1:], "number": number, "value": value, "name": person.name, "two": asked}
    words |= {"detail": f"{lead} {value}", "Detail": f"{lead[0].upper()}{lead[1:]} {value}"}
    if r.chance.share(0.4) or at_once:
        between = " " if text[-1] in ".!?" else "\n"
        r.u(f"{text}{between}{r.deal(_UPFRONT).format(**words)}")
        return
    r.u(text)
    r.a(r.deal(_ASK).format(**words))
    r.u(r.deal(_GIVE).format(**words))


def yes(r: Run) -> None:
    """The user agrees."""
    r.u(r.deal(YES))


def bye(r: Run) -> None:
    """The end of a conversation: thanks, mostly, and an answer to it, sometimes. Nothing follows a last word of the user."""
    if r.messages[-1]["role"] == "user":
        return
    if r.aside is not None and r.chance.share(0.3):
        r.aside(r)
    if r.chance.share(0.75):
        r.u(r.deal(THANKS))
        if r.chance.share(0.5):
            assert r.customer is not None
            r.a(r.deal(CLOSING).format(first=r.customer.first))
