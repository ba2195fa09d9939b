"""Asking a judge about what is listed: what would be sent is seen first, then it is sent, and it can be stopped."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import shown
from reviewer.domain.judge_prompts import why_left_out
from reviewer.domain.judges import use_words
from reviewer.ui.jobs import Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import spin
from reviewer.ui.pages.explore import judge_steps
from reviewer.ui.pages.sending import words
from reviewer.ui.pages.sending.dialog import SendDialog
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.judge_running import JudgedItems
    from reviewer.operations.judging import Preview

_SAYS = Words(
    title="Ask the judge",
    what="A Mistral model says what it thinks of these items. It suggests and never decides, and what it says is hidden from whoever has"
    " still to label them.",
    first="The first question, as it would go",
    ask="Ask the judge",
    asking="Asking the judge",
)
_FIRST = 50  # items that are asked about unless somebody wants more
_MOST = 100_000


class JudgeDialog(SendDialog["Preview", "JudgedItems"]):
    """Asks how many of the items, and then about them."""

    changes = Changes.LABELS

    def __init__(self, desk: Desk, page: QWidget, *, query: str, found: int | None) -> None:
        """found: how many items the query finds, where that is known."""
        super().__init__(desk, page, _SAYS)
        self._query = query
        most = min(found or _MOST, _MOST)
        self.limit = spin("Ask about so many items", 1, most, min(_FIRST, most))
        row = QHBoxLayout()
        row.addWidget(plain_label("Ask about"))
        row.addWidget(self.limit)
        row.addWidget(plain_label("items" if found is None else f"of {count(found, 'item')}, in the order of their ids", tone="muted"))
        row.addStretch(1)
        self.fields.addLayout(row)
        self.limit.valueChanged.connect(lambda _value: self.look_soon())
        self.begin()
        self.limit.setFocus(Qt.FocusReason.OtherFocusReason)

    def previewing(self) -> "Work[Seen[Preview]]":
        """Of so many of what the query finds."""
        return partial(judge_steps.preview, query=self._query, limit=self.limit.value(), settings=self._desk.settings)

    def sending(self, key: str) -> "tuple[str, Work[JudgedItems]]":
        """The same items."""
        work = partial(judge_steps.ask, query=self._query, limit=self.limit.value(), settings=self._desk.settings, key=key)
        return f"Asking the judge about {count(self.limit.value(), 'item')}", work

    def in_words(self, preview: "Preview") -> str:
        """How many items, by which way, and which not."""
        return in_words(preview)

    def as_sent(self, preview: "Preview") -> str:
        """The first question."""
        return "" if preview.first is None else f"{preview.first[1].user}\n\n{preview.first[1].system}"

    def anything(self, preview: "Preview") -> bool:
        """What is known is recorded too."""
        return preview.asked + preview.cached > 0

    def told(self, result: "JudgedItems") -> tuple[bool, str, str]:
        """How many have a suggestion."""
        return not (result.failed or result.left_out), *told_of(result)

    def stopped(self) -> tuple[str, str]:
        """What was answered was paid for."""
        return "The judge is asked no further.", "What it answered is kept; ask again to go on from there."


def in_words(preview: "Preview") -> str:
    """What would be sent, in a few sentences."""
    terms = preview.terms
    if preview.asked:
        what = count(preview.asked, "item")
        said = [words.would_go(what, model=terms.model, server=terms.server, tokens=preview.tokens, cost=preview.cost)]
    else:
        said = ["Nothing would be sent."]
    said += words.known(preview.cached)
    if preview.under_way:
        said.append(f"Batch jobs under way: {preview.under_way:,}; their answers are fetched first.")
    if preview.in_jobs:
        said.append("They go as batch jobs, which may take a day and cost half.")
    if preview.left_out:
        said.append(f"Left out would be {shown(why_left_out([one.reason for one in preview.left_out]), 200)}")
    said += words.taken_out(preview.private)
    if preview.asked:
        said.append(words.NAMES_STAY)
    return " ".join(said)


def told_of(judged: "JudgedItems") -> tuple[str, str]:
    """What came of it: what happened, and what else is to be known."""
    what = f"{count(judged.judged + judged.cached, 'item')} {'has' if judged.judged + judged.cached == 1 else 'have'} a suggestion."
    more = [f"{use_words(judged.tokens, judged.cost)}."] if judged.tokens else ["All of it was known from before."]
    if judged.failed:
        more.append(f"{judged.failed:,} have none: {shown(judged.failures[0].reason, 160)}")
    if judged.left_out:
        more.append(f"Left out were {shown(why_left_out([one.reason for one in judged.left_out]), 200)}")
    if judged.flagged:
        more.append(f"{judged.flagged:,} quotes or clauses are flagged.")
    if judged.judges:
        more.append(f"They are {shown(', '.join(judged.judges), 120)}'s, and hidden until an item is labelled.")
    return what, " ".join(more)
