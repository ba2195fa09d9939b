"""Records or traces of Mistral Studio as items: what would be asked for is said first, and nothing of the workspace goes."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import FormRows, line, named, spin, text
from reviewer.ui.pages.explore import studio_steps
from reviewer.ui.pages.explore.import_result import in_short
from reviewer.ui.pages.explore.studio_steps import Wanted
from reviewer.ui.pages.sending.dialog import SendDialog
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.studio import Pulled
    from reviewer.outside.mistral_studio import DataSet

_MOST, _USUAL = 100_000, 500  # records or traces
_SAYS = Words(
    title="Bring in from Mistral Studio",
    what="Mistral Studio is asked for the records of a data set, or for traces; they come in as items, like those of a file. What is here"
    " already stays as it is.",
    first="",
    ask="Bring them in",
    asking="Fetching from Mistral Studio",
    unit="record",
    rest="You can close this and go on working. What is imported by the time that it is stopped is kept.",
)
_UNSAID = "Name a data set, or list those that there are. Nothing is asked before you say so, and it costs nothing."


class PullDialog(SendDialog[str, "Pulled"]):
    """Asks what to bring in. The preview is what would be asked, in words, "" where that is not said yet."""

    changes = Changes.ITEMS

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page, _SAYS)
        self._listing: Ticket | None = None
        self.kind = _choice("Bring in", "a data set", "traces")
        self.data_set = _choice("Data set")
        self.data_set.setEditable(True)
        self.data_set.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.data_set.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        edit = self.data_set.lineEdit()
        assert edit is not None  # it is editable
        edit.setAccessibleName("Data set")
        edit.setPlaceholderText("its id or slug")
        self.slug = edit
        self.list = QPushButton("List them")
        self.list.setAutoDefault(False)
        self.list.setAccessibleName("List the data sets")
        self.search = text("Search expression", "all of them, or those that an expression of Studio's finds")
        self.since, self.until = text("From", "such as 2026-11-19"), text("Up to", "such as 2026-11-26")
        self.limit = spin("At most", 1, _MOST, _USUAL)
        self.agent = text("Agent", "what a trace says; of records, none")
        self._lay_out()
        self._connect()
        self._show_kind()
        self.begin()
        self.resize_to(720, 520)
        self.data_set.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._rows = FormRows(self._desk.theme)
        self._rows.add("Bring in", self.kind)
        self._rows.add("Data set", line(self.data_set, self.list), name="data_set", field=self.data_set)
        self._rows.add("Traces", self.search, name="search")
        self._rows.add("From", line(self.since, named("up to", self.until), self.until), name="times", field=self.since)
        self._rows.add("At most", self.limit)
        self._rows.add("Agent", self.agent)
        self.fields.addWidget(self._rows)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _place: self._show_kind())
        self.kind.currentIndexChanged.connect(lambda _place: self.look_soon())
        self.data_set.currentTextChanged.connect(lambda _text: self.look_soon())
        for field in (self.search, self.since, self.until, self.agent):
            field.textChanged.connect(lambda _text: self.look_soon())
        self.limit.valueChanged.connect(lambda _value: self.look_soon())
        self.list.clicked.connect(self._ask_list)
        self.finished.connect(self._leave_list)

    def _show_kind(self) -> None:
        traces = self._of_traces
        self._rows.show_row("data_set", not traces)
        for name in ("search", "times"):
            self._rows.show_row(name, traces)

    @property
    def _of_traces(self) -> bool:
        return self.kind.currentIndex() == 1

    def _wanted(self) -> Wanted | None:
        """What is asked for; None where no data set is named."""
        limit, agent, data_set = self.limit.value(), self.agent.text().strip() or None, self.data_set.currentText().strip()
        if self._of_traces:
            return Wanted(
                None, self.search.text().strip(), self.since.text().strip() or None, self.until.text().strip() or None, limit, agent
            )
        return Wanted(data_set, None, None, None, limit, agent) if data_set else None

    # -- the data sets that there are --------------------------------------------------------------------------------------------

    def _ask_list(self) -> None:
        work = partial(studio_steps.data_sets, settings=self._desk.settings, key=self.typed_key())
        title = "Asking Mistral Studio for its data sets"
        self._listing = self._desk.jobs.long(work, title=title, owner=self, done=self._show_list, failed=self._not_listed)
        self._allow()

    def _show_list(self, found: "tuple[DataSet, ...]") -> None:
        self._listing = None
        self.data_set.clear()
        for one in found:
            self.data_set.addItem(one.slug or one.id)
        self.data_set.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()
        if not found:
            self.summary.setText("Studio has no data set.")

    def _not_listed(self, error: ReviewerError) -> None:
        self._listing = None
        self.refused.emit(error)
        self._look(error)

    def _leave_list(self) -> None:
        if self._listing is not None:
            self._listing.cancel()

    def _allow(self) -> None:
        super()._allow()
        self.list.setEnabled(self.may_ask and self._listing is None)

    # -- what is said ------------------------------------------------------------------------------------------------------------

    def previewing(self) -> Work[Seen[str]]:
        """What would be asked for."""
        return partial(studio_steps.preview_pull, wanted=self._wanted(), settings=self._desk.settings)

    def sending(self, key: str) -> "tuple[str, Work[Pulled]]":
        """The same."""
        wanted = self._wanted()
        assert wanted is not None, "only what was named and seen can be asked for"
        return "Bringing in from Mistral Studio", partial(studio_steps.pull, wanted=wanted, settings=self._desk.settings, key=key)

    def in_words(self, preview: str) -> str:
        """As operations say it."""
        return preview or _UNSAID

    def as_sent(self, preview: str) -> str:
        """Nothing of the workspace goes."""
        del preview
        return ""

    def anything(self, preview: str) -> bool:
        """Whether it is said what to ask for."""
        return bool(preview)

    def told(self, result: "Pulled") -> tuple[bool, str, str]:
        """As of any import."""
        if result.report is None:
            return True, "Mistral Studio has nothing there.", "Nothing came in."
        return not result.report.rejected, f"{count(result.fetched, 'record')} came from Mistral Studio.", in_short(result.report)

    def stopped(self) -> tuple[str, str]:
        """As of any import."""
        return "Mistral Studio is asked no further.", "What was imported before is kept; ask again to go on."


def _choice(name: str, *words: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItems(list(words))
    return box
