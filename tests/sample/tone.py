"""How people write: each customer has one manner, laid over what the story has them say. Facts are never touched."""

import re
from dataclasses import dataclass

from tests.sample.chance import Chance

# People who report a loss or give an order do not add smiles.
MANNERS = {
    "support": ("plain", "plain", "plain", "lower", "hasty", "formal", "chatty", "loud", "second_language", "terse"),
    "claims": ("plain", "plain", "plain", "lower", "hasty", "formal", "second_language", "second_language", "terse"),
    "trading": ("plain", "plain", "lower", "hasty", "formal", "second_language", "terse", "terse"),
}
_OPENED = re.compile(
    r"(hi|hello|hey|good (day|morning|afternoon|evening)|greetings|dear|quick one|hiya)\b|[^,.]{3,30} here[ .,]", re.IGNORECASE
)
_HELLO = {
    "plain": ("Hi,\n", "Hello,\n", "Hi there,\n", "Hello. ", "Hi! ", "", "", "", "", ""),
    "lower": ("hi, ", "hey, ", "hello, ", "", "", ""),
    "hasty": ("hey,\n", "Hi ", "", "", ""),
    "formal": ("Dear Sir or Madam,\n", "Good day. ", "Good day to you. ", "Dear team,\n", "To whom it may concern,\n"),
    "chatty": ("Hiya! ", "Hello lovely people! ", "Hi! Hope your day is going well. ", "Hi hi! ", "Hey! "),
    "loud": ("", "", "", "HELLO? "),
    "second_language": ("Hello dear team,\n", "Good day,\n", "Hello, excuse my English. ", "Greetings! ", "Hello. "),
    "terse": ("", "", ""),
}
_CONTRACTED = {
    "I'm": "im",
    "don't": "dont",
    "can't": "cant",
    "it's": "its",
    "didn't": "didnt",
    "I've": "ive",
    "that's": "thats",
    "won't": "wont",
    "isn't": "isnt",
    "doesn't": "doesnt",
    "I'd": "id",
    "I'll": "ill",
    "wasn't": "wasnt",
}
_SPELT = {
    "please": "pls",
    "because": "cos",
    "received": "recieved",
    "definitely": "definately",
    "tomorrow": "tomorow",
    "thanks": "thx",
    "separate": "seperate",
    "really": "realy",
    "though": "tho",
    "about": "abuot",
    "with": "wiht",
    "would": "woud",
    "and": "adn",
    "account": "acount",
    "address": "adress",
    "until": "untill",
    "which": "wich",
    "business": "buisness",
    "message": "mesage",
}
_FOREIGN = (
    ("information", "informations"),
    ("I would like", "I wish"),
    ("I want to", "I like to"),
    ("since", "since already"),
    ("I have been", "I am"),
    ("Could you", "Can you please"),
    ("I think", "I mean"),
    ("as soon as possible", "the soonest"),
    ("How do I", "How I must"),
    ("do you", "you do"),
    ("it is", "is"),
    ("right now", "actually"),
)
_WORD = re.compile(r"[A-Za-z']+")


@dataclass(frozen=True, slots=True)
class Manner:
    """One customer's way of writing."""

    name: str

    def greeted(self, text: str, chance: Chance) -> str:
        """The first message with a greeting before it; often with none, and never with a second one."""
        hello = chance.one(_HELLO[self.name])
        if not hello or _OPENED.match(text) or (text[0].islower() and self.name in ("formal", "second_language")):
            return text
        return hello + text

    def write(self, text: str, chance: Chance) -> str:
        """The text in this manner. Words with digits, capitals inside or an @ keep their form."""
        if self.name == "lower":
            return re.sub(r"\S+", lambda m: _lowered(m.group()), text)
        if self.name == "hasty":
            return _WORD.sub(lambda m: _hurried(m.group(), chance), text).rstrip(".")
        if self.name == "loud":
            return _louder(text, chance)
        if self.name == "chatty":
            return text + chance.one((" :)", " 😊", "", "", "", "", ""))
        if self.name == "second_language":
            for here, there in _FOREIGN:
                text = text.replace(here, there)
            return re.sub(r"\b(the|a) (?=[a-z])", lambda m: "" if chance.share(0.22) else m.group(), text)
        return text


def _lowered(word: str) -> str:
    fact = any(c.isdigit() for c in word) or "@" in word or (word.isupper() and len(word) > 1)
    return word if fact else word.lower()


def _hurried(word: str, chance: Chance) -> str:
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    if word in _SPELT and chance.share(0.3):
        return _SPELT[word]
    return word


def _louder(text: str, chance: Chance) -> str:
    sentences = re.split(r"(?<=[.!?]) ", text)
    place = chance.below(len(sentences))
    if chance.share(0.35) and len(sentences[place]) < 70 and not any(c.isdigit() or c == "@" for c in sentences[place]):
        sentences[place] = sentences[place].upper()
    ended = " ".join(sentences)
    return ended[:-1] + chance.one(("!!", "!", "!!!", ".")) if ended.endswith(".") else ended
