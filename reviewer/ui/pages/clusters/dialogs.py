"""What the page asks before it acts: which items to group, how many to queue, which name to give."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import shown
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import FormRows, line, named, per_cent, spin, text
from reviewer.ui.pages.clusters import fetching
from reviewer.ui.pages.clusters.fetching import Wanted
from reviewer.ui.pages.explore.sheet import ActingDialog, SheetDialog, page_error
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.cluster_records import Cluster
    from reviewer.operations.confirming import Queued

_USUAL_ALPHA = 5.0  # per cent
_USUAL_MORE = 20
_NAME = 60
_LOCAL = (
    "Items are read by a model on this machine, or by the stretches of characters in them where they are not in English; the page says "
    "which it was. Nothing is sent."
)
_MISTRAL = (
    "What items are about goes to Mistral, private details taken out. You see what would go, and what it costs, before anything does."
)
_READERS = (("this machine", "local", _LOCAL, "Run"), ("Mistral", "mistral", _MISTRAL, "See what would go"))
_WITHIN = (("nothing", ""), ("the model", "model"), ("the agent", "agent"), ("the week", "week"))


class RunDialog(SheetDialog):
    """Ctrl+Return runs; the work goes on behind the window, and can be stopped there. By Mistral, what would go is to be seen first."""

    wanted = Signal(object)
    """The `Wanted` run."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page, desk.theme, "Run clusters")
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        self.campaign.addItem("all campaigns", None)
        self.query = text("Items", "what its draws froze; of all campaigns, every item")
        self.alpha = per_cent("False alarms at most, per cent", _USUAL_ALPHA)
        self.within = ChoiceList()
        self.within.setAccessibleName("Not explained by")
        for words, value in _WITHIN:
            self.within.addItem(words, value)
        self.seed = text("Seed", "by chance")
        self.reader = ChoiceList()
        self.reader.setAccessibleName("Read by")
        for words, value, *_ in _READERS:
            self.reader.addItem(words, value)
        self._about = Paragraph(tone="muted")
        rows = FormRows(desk.theme)
        rows.add("Answers of", self.campaign)
        rows.add("Items", self.query)
        rows.add("False alarms", line(self.alpha, named("at most, over all regions that are looked at", self.alpha)))
        rows.add("Compare within", self.within)
        rows.add("Read by", self.reader)
        rows.add("Seed", self.seed)
        self.body.addWidget(self._about)
        self.body.addWidget(rows)
        self.body.addStretch(1)
        self.reader.currentIndexChanged.connect(self._say_reader)
        self._say_reader(0)
        self.resize_to(620, 440)
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        desk.jobs.read(fetching.campaigns, owner=self, done=self._list, failed=page_error(desk))

    def _say_reader(self, place: int) -> None:
        _, _, about, button = _READERS[place]
        self._about.setText(about)
        self.set_buttons((button, self._run), ("Cancel", self.reject))

    def _list(self, found: "tuple[CampaignStanding, ...]") -> None:
        for one in found:
            self.campaign.addItem(shown(one.campaign, _NAME), one.id)
        labelled = next((place for place, one in enumerate(found, 1) if one.labels), 0)
        self.campaign.setCurrentIndex(labelled)

    def _run(self) -> None:
        wanted = Wanted(
            self.query.text().strip(), self.campaign.currentData(), self.seed.text().strip(), self.alpha.value() / 100,
            self.within.currentData() or None, self.reader.currentData(),
        )  # fmt: skip
        self.accept()
        self.wanted.emit(wanted)


class QueueDialog(ActingDialog):
    """Asks how many fresh labels; what cannot be drawn is said in its place."""

    queued = Signal(object)
    """What was drawn."""

    def __init__(self, desk: Desk, page: QWidget, one: "Cluster") -> None:
        super().__init__(desk, page, "Queue more from here")
        self._cluster = one
        self.size_box = spin("Items", 1, 10_000, _USUAL_MORE)
        what = (
            f"A campaign of its own asks for labels of items that chance draws from “{shown(one.name, _NAME)}”, each as likely as any "
            "other there. A cluster that was picked out because it looks bad looks worse than it is: only the fresh labels decide, by a "
            "test that holds for all clusters queued this way together (Holm)."
        )
        self.body.addWidget(Paragraph(what, tone="muted"))
        self.body.addWidget(line(self.size_box, named("items without a label", self.size_box)))
        self.body.addWidget(self.wrong)
        self.body.addStretch(1)
        self.set_buttons(("Queue them", self._queue), ("Cancel", self.reject))
        self.resize_to(520, 300)
        self.size_box.selectAll()
        self.size_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _queue(self) -> None:
        self.begin()
        work = partial(fetching.queue, cluster=self._cluster.id, size=self.size_box.value())
        self._desk.jobs.long(work, title="Drawing items of a cluster", owner=self, done=self._done, failed=self.failed)

    def _done(self, done: "Queued") -> None:
        self.accept()
        self.queued.emit(done)


class RenameDialog(ActingDialog):
    """Asks for a name; what is refused is said in its place."""

    ask_wanted = Signal()
    """A model is to be asked for one."""

    def __init__(self, desk: Desk, page: QWidget, one: "Cluster") -> None:
        super().__init__(desk, page, "Rename the cluster")
        self._cluster = one
        self.name = text("Name", "what these items have in common, in a few words")
        self.name.setText(one.name)
        self.name.selectAll()
        self.body.addWidget(Paragraph("The name is recorded, and everyone of the project sees it.", tone="muted"))
        self.body.addWidget(self.name)
        self.body.addWidget(self.wrong)
        self.body.addStretch(1)
        self.set_buttons(("Rename", self._rename), ("Ask Mistral", self._ask), ("Cancel", self.reject))
        self.resize_to(480, 220)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        self.reject()
        self.ask_wanted.emit()

    def _rename(self) -> None:
        self.begin()
        work = partial(fetching.rename, cluster=self._cluster.id, name=self.name.text())
        self._desk.jobs.run(work, owner=self, done=lambda _cluster: self.accept(), failed=self.failed)
