"""Reading what a judge answered. A model's words are as hostile as any imported text: what is not in the agreed form is discarded with the
reason, clauses that were not offered and quotes that do not stand in the item are flagged, and nothing is ever guessed."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated, NamedTuple

import msgspec

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.events import Verdict
from reviewer.domain.judge_prompts import Prompt, Sent
from reviewer.domain.judges import Question, Reply, Words

LONGEST = 64 * 1024  # characters of one answer
_TELLING = 60  # characters of a line of the instructions that no answer holds by chance
_OPINION: dict[Verdict, float] = {"non_compliant": 1.0, "compliant": 0.0, "unsure": 0.5}
_SPACES = re.compile(r"\s+")


class Discarded(ReviewerError):
    """An answer that is not in the agreed form, or repeats what the judge was told. It is kept word for word and suggests nothing."""

    code = "E502"


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    verdict: Verdict
    clauses: list[str]
    evidence: list[str]
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]
    rationale: str


_decoder = msgspec.json.Decoder(_Answer)


class Opinion(NamedTuple):
    """What one answer says. clauses: those that were offered, the others are `strange`; quotes: those that stand in the item, the
    others are `unfound`."""

    verdict: Verdict
    confidence: float
    rationale: str
    clauses: tuple[str, ...]
    strange: tuple[str, ...]
    quotes: tuple[str, ...]
    unfound: tuple[str, ...]


class Judged(NamedTuple):
    """What all answers about an item come to. opinions: those that could be read; discarded: why each of the others could not.

    verdict: the one that most of them give, unsure where two are even; score: the mean chance of non-compliance that they speak of, 0 to 1,
    with four digits. Both None where no answer could be read.
    """

    opinions: tuple[Opinion, ...]
    discarded: tuple[str, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that is suggested."""
        counts = Counter(one.verdict for one in self.opinions).most_common(2)
        if not counts:
            return None
        return "unsure" if len(counts) == 2 and counts[0][1] == counts[1][1] else counts[0][0]

    @property
    def score(self) -> str | None:
        """The score as the decimal that suggestions have. An answer that is not sure of its verdict counts towards one half."""
        if not self.opinions:
            return None
        chances = [0.5 + (_OPINION[one.verdict] - 0.5) * one.confidence for one in self.opinions]
        return f"{sum(chances) / len(chances):.4f}".rstrip("0").rstrip(".")

    @property
    def words(self) -> str:
        """What is shown of it to whoever may see it: the reason, the clauses, the quotes, and what is wrong with them."""
        if not self.opinions:
            return f"Suggestion discarded ({'; '.join(dict.fromkeys(self.discarded))})."
        told = next(one for one in self.opinions if one.verdict == self.verdict or self.verdict == "unsure")
        lines = [told.rationale]
        if told.clauses:
            lines.append(f"Clauses: {', '.join(told.clauses)}.")
        lines += [f"Quoted: “{quote}”" for quote in told.quotes]
        lines += [f"Flagged: the item does not say “{shown(quote, 200)}”." for quote in told.unfound]
        lines += [f"Flagged: no clause “{shown(name, 60)}” was offered." for name in told.strange]
        if len(self.opinions) > 1:
            agree = sum(one.verdict == self.verdict for one in self.opinions)
            lines.append(f"{agree} of {len(self.opinions)} answers say so.")
        return "\n".join(lines)

    @property
    def flags(self) -> int:
        """How many quotes and clauses are flagged."""
        return sum(len(one.unfound) + len(one.strange) for one in self.opinions)


def judged(reply: Reply, asked: Question, prompt: Prompt, item: Sent, offered: Collection[str]) -> Judged:
    """Read all answers about an item. offered: the names of the clauses that the judge was given."""
    opinions, discarded = [], []
    for words in reply.answers:
        try:
            opinions.append(read(words, asked, prompt, item, offered))
        except Discarded as error:
            discarded.append(error.what)
    return Judged(tuple(opinions), tuple(discarded) or (() if opinions else ("the answer was empty",)))


def read(words: Words, asked: Question, prompt: Prompt, item: Sent, offered: Collection[str]) -> Opinion:
    """What an answer says. Raises Discarded."""
    if words.finish in ("length", "model_length"):
        raise _discarded("the answer was cut off")
    if len(words.text) > LONGEST:
        raise _discarded(f"the answer has {len(words.text):,} characters")
    if asked.nonce in words.text or _repeats(words.text, prompt):
        raise _discarded("it repeats its instructions")
    try:
        answer = _decoder.decode(words.text)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _discarded(f"the answer breaks the schema: {shown(str(error), 120)}") from error
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _discarded("the answer is not JSON") from error
    plain = _SPACES.sub(" ", item.text)
    quotes = dict.fromkeys(quote for quote in answer.evidence if quote.strip())
    found = {quote: quote in item.text or _SPACES.sub(" ", quote.strip()) in plain for quote in quotes}
    named = dict.fromkeys(answer.clauses)
    return Opinion(
        answer.verdict,
        answer.confidence,
        answer.rationale.strip(),
        tuple(name for name in named if name in offered),
        tuple(name for name in named if name not in offered),
        tuple(quote for quote, here in found.items() if here),
        tuple(quote for quote, here in found.items() if not here),
    )


def kept(reply: Reply, prompt: Prompt, versions: Sequence[str], item: Sent) -> str:
    """The answer word for word with all that it hangs on, as JSON text: what a suggestion keeps."""
    told = {
        "id": reply.id,
        "model": reply.model,
        "prompt": prompt.name,
        "prompt_hash": prompt.hash,
        "policy_versions": sorted(versions),
        "private": item.private,
        "usage": reply.usage._asdict(),
        "answers": [words._asdict() for words in reply.answers],
    }
    return msgspec.json.encode(told).decode()


def _repeats(text: str, prompt: Prompt) -> bool:
    plain = _SPACES.sub(" ", text)
    lines = (_SPACES.sub(" ", line.strip()) for line in prompt.text.splitlines())
    return any(len(line) >= _TELLING and line[:_TELLING] in plain for line in lines)


def _discarded(reason: str) -> Discarded:
    return Discarded(reason, "The item has no suggestion; ask again, or review it without.")
