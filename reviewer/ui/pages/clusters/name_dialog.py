"""Asking Mistral for the name of a cluster: the texts that would be sent are seen first."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import shown
from reviewer.domain.judges import use_words
from reviewer.ui.jobs import Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.clusters import mistral_steps
from reviewer.ui.pages.sending import words
from reviewer.ui.pages.sending.dialog import SendDialog
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.cluster_naming import Named, Preview
    from reviewer.operations.cluster_records import Cluster

_NAME = 120  # characters
_SAYS = Words(
    title="Ask Mistral for a name",
    what="A Mistral model reads a few texts from the middle of the cluster and says what they have in common. The name is recorded, with"
    " the model in brackets behind it; a name of yours takes its place.",
    first="The question, as it would go",
    ask="Ask for a name",
    asking="Asking Mistral for a name",
    unit="",
    rest="You can close this and go on working.",
)


class NameDialog(SendDialog["Preview", "Named"]):
    """Asks about one cluster."""

    def __init__(self, desk: Desk, page: QWidget, one: "Cluster") -> None:
        super().__init__(desk, page, _SAYS)
        self._cluster = one.id
        self.begin()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def previewing(self) -> "Work[Seen[Preview]]":
        """The texts in its middle."""
        return partial(mistral_steps.preview_name, cluster=self._cluster, settings=self._desk.settings)

    def sending(self, key: str) -> "tuple[str, Work[Named]]":
        """The same texts."""
        return _SAYS.asking, partial(mistral_steps.ask_name, cluster=self._cluster, settings=self._desk.settings, key=key)

    def in_words(self, preview: "Preview") -> str:
        """How many texts, and what they cost."""
        if preview.known:
            return "It was asked before, and the answer is here: nothing would be sent."
        terms, what = preview.terms, count(preview.texts, "text")
        going = words.would_go(what, model=terms.model, server=terms.server, tokens=preview.tokens, cost=preview.cost)
        return " ".join([going, *words.taken_out(preview.private), words.NAMES_STAY])

    def as_sent(self, preview: "Preview") -> str:
        """The whole question."""
        return f"{preview.question.user}\n\n{preview.question.system}"

    def anything(self, preview: "Preview") -> bool:
        """A name that is known is recorded too."""
        return preview.texts > 0

    def told(self, result: "Named") -> tuple[bool, str, str]:
        """The name, and what it cost."""
        paid = "It was known from before." if result.known else f"{use_words(result.tokens, result.cost)}."
        return True, f"The cluster is called “{shown(result.name, _NAME)}”.", f"{paid} R gives it another name."

    def stopped(self) -> tuple[str, str]:
        """Nothing was recorded."""
        return "Mistral is asked no further.", "The cluster keeps its name."
