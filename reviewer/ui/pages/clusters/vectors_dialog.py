"""A run of clusters whose vectors Mistral makes: what would be sent is seen first."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import shown
from reviewer.ui.jobs import Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.clusters import mistral_steps
from reviewer.ui.pages.clusters import words as page_words
from reviewer.ui.pages.clusters.fetching import Wanted
from reviewer.ui.pages.sending import words
from reviewer.ui.pages.sending.dialog import SendDialog
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.cluster_records import Clustering
    from reviewer.operations.mistral_vectors import Preview

_SAYS = Words(
    title="Run clusters with Mistral",
    what="Mistral reads what each item is about: what the user wants, and what the agent does and answers. The vectors that it makes of"
    " that are kept here, and items are grouped on this machine.",
    first="The first text, as it would go",
    ask="Run clusters",
    asking="Asking Mistral for vectors",
    unit="",
    rest="You can close this and go on working. Stopped at any time, the vectors that are here by then are kept.",
)


class VectorsDialog(SendDialog["Preview", "Clustering"]):
    """Which items is settled already; the run begins once what would go was seen."""

    def __init__(self, desk: Desk, page: QWidget, *, wanted: Wanted) -> None:
        super().__init__(desk, page, _SAYS)
        self._wanted = wanted
        self.begin()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def previewing(self) -> "Work[Seen[Preview]]":
        """Of the items of the run."""
        return partial(mistral_steps.preview_vectors, wanted=self._wanted, settings=self._desk.settings)

    def sending(self, key: str) -> "tuple[str, Work[Clustering]]":
        """The whole run."""
        return "Grouping items", partial(mistral_steps.run, wanted=self._wanted, settings=self._desk.settings, key=key)

    def in_words(self, preview: "Preview") -> str:
        """How many texts, and what they cost."""
        what, terms = count(preview.asked, "text"), preview.terms
        said = ["Nothing would be sent: the vectors of all items are here."]
        if preview.asked:
            going = words.would_go(what, model=preview.model, server=terms.server, tokens=preview.tokens, cost=preview.cost)
            said = [f"{count(preview.items, 'item')} would be grouped.", going]
            said += [f"{count(preview.cached, 'vector is', 'vectors are')} here from before."] if preview.cached else []
            said += [*words.taken_out(preview.private), words.NAMES_STAY]
        return " ".join(said)

    def as_sent(self, preview: "Preview") -> str:
        """The first text."""
        return "" if preview.first is None else preview.first[1]

    def anything(self, preview: "Preview") -> bool:
        """Where all vectors are here, items are grouped by them."""
        return preview.items > 0

    def told(self, result: "Clustering") -> tuple[bool, str, str]:
        """As of any run, with what it cost."""
        what, more = page_words.ran(result)
        return True, what, f"{more} {shown(result.notes[0], 300)}"

    def stopped(self) -> tuple[str, str]:
        """Vectors were paid for."""
        return "The run was stopped.", "Vectors that came before are kept; run it again to go on from there."
