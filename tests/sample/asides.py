"""Small questions at the end of a conversation, which have nothing to do with what it was about. Each keeps the policy."""

from collections.abc import Callable, Sequence

from tests.sample.telling import Run

_SUPPORT = (
    (
        "By the way, is the shop in the arrivals hall open on Sundays?",
        "I've no opening hours for it here, I'm sorry. They're on the page of the airport shop.",
    ),
    ("One more: do I get points for this?", "I can't see points from here, so I'd rather not say. The app shows them under 'My trips'."),
    (
        "While I have you, the newsletter comes twice a day, can that stop?",
        "There's a link at the foot of each issue that stops it. I've no access to the mailing list myself.",
    ),
    (
        "Oh and can I bring a folding bike on board?",
        "I haven't looked that up and don't want to guess. The page on special baggage has it, or ask me again with the measures.",
    ),
    (
        "Could you tell your web people the search is broken on my phone?",
        "I'm not able to reach them from this chat, but the feedback button at the bottom of the site goes straight there.",
    ),
    (
        "Last question: which terminal do you leave from?",
        "It isn't on the record I have open. The boarding pass shows it, and I wouldn't want to send you to the wrong one.",
    ),
    ("Do you also sell umbrellas for two?", "I only see orders here, not the stock. Try the search on the shop page."),
    ("P.S. Is this a robot?", "Yes, I'm an automated agent. A person can take over whenever you ask."),
    ("You wouldn't know if it rains in Porto right now?", "No, I've nothing here that shows the weather."),
    ("Can I rate this chat somewhere?", "A little form opens when you close the window. Thank you for thinking of it."),
)
_CLAIMS = (
    (
        "Will my premium go up because of this?",
        "That I can't tell you. Premiums aren't set here, and the file shows nothing about the next one.",
    ),
    (
        "Before I forget, my phone number has changed.",
        "Thanks for saying. Please change it in the portal under 'My details'; I can't take it over the chat.",
    ),
    (
        "Should I keep the papers I uploaded?",
        "Nothing on the file asks for it, but nothing says you may throw it away either. If you've room, I'd keep it until "
        "the file is closed.",
    ),
    ("Is there an app too?", "I don't know of one; the portal works on a phone as well."),
    ("Can I have all this in writing?", "The conversation can be saved with the button at the top right, as often as you like."),
    (
        "My neighbour isn't insured at all, can he join?",
        "He'd be welcome to ask through our site. I only deal with claims, so I can't quote.",
    ),
    ("Will I have to talk to someone on the phone as well?", "Not as far as the file shows today."),
    ("Are you a real person?", "No, I'm software that handles claims for Wrenmoor. People take over where the rules want it."),
    (
        "My wife asks whether her bicycle is in the policy too.",
        "I'd have to look at the list of things insured with her question in mind. She can find it in the portal under 'What is covered'.",
    ),
)
_TRADING = (
    ("Where do I find the tax statement?", "In the portal under documents. Whether this year's is ready I can't see from here."),
    (
        "Is the exchange open on the holiday next week?",
        "I don't have the trading calendar in front of me, so please check on the site of the exchange.",
    ),
    ("Can I get these confirmations by post?", "That's a setting in the portal, under delivery. I can't change it for you."),
    (
        "What do you think of gold, just between us?",
        "I keep out of that: I don't give views on where a price may go. How a product works I can explain.",
    ),
    (
        "Your app logged me out twice today.",
        "I'm sorry. The desk can't see logins; the help button on the login page reaches those who can.",
    ),
    (
        "When is the next call with my adviser?",
        "I don't see any diary from here. A message through the portal reaches your adviser directly.",
    ),
    ("Do you people ever sleep?", "The desk does. I'm software, so I don't need to."),
)
_POOLS = {"support": _SUPPORT, "claims": _CLAIMS, "trading": _TRADING}


def dealer(domain: str, deal: Callable[[Sequence[str]], str]) -> Callable[[Run], None]:
    """What adds the next small question of this domain to a run."""
    answers = dict(_POOLS[domain])

    def aside(run: Run) -> None:
        question = deal(tuple(answers))
        run.u(question)
        run.a(answers[question])

    return aside
