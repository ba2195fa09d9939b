"""The rate that a person finds tolerable: a box in the card that says how sure we are, and what was named of each campaign."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from reviewer.catalogue.settings import TOLERABLE_RATES, Settings
from reviewer.ui.widgets.words import plain_label

_NONE = "none"
_STEP = 1.0


class _Rate(QDoubleSpinBox):
    """Shows no more digits than were typed."""

    def textFromValue(self, value: float) -> str:
        """“5”, “0.25”."""
        return f"{value:g}"


class Tolerable(QWidget):
    """“Tolerable rate [ 5 % ]”; 0 stands for none."""

    named = Signal()
    """Another rate was named, or none."""
    left = Signal()
    """Return was pressed: the person goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.box = _Rate()
        self.box.setDecimals(2)
        self.box.setRange(0, 99.99)
        self.box.setSingleStep(_STEP)
        self.box.setSuffix(" %")
        self.box.setSpecialValueText(_NONE)
        self.box.setMinimumWidth(96)
        self.box.lineEdit().setTextMargins(7, 0, 0, 0)
        self.box.setKeyboardTracking(False)  # half a number is no rate
        self.box.setAccessibleName("Tolerable rate, per cent; 0 for none")
        self.box.valueChanged.connect(lambda _value: self.named.emit())
        self.box.lineEdit().returnPressed.connect(self.left)
        words = plain_label("Tolerable rate", tone="muted")
        words.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(words)
        row.addWidget(self.box)
        row.addStretch(1)

    @property
    def rate(self) -> float | None:
        """The rate as a share; None where none is named."""
        return round(self.box.value() / 100, 4) or None

    def show_rate(self, rate: float | None) -> None:
        """Take what was named before."""
        self.box.blockSignals(True)
        self.box.setValue(100 * (rate or 0))
        self.box.blockSignals(False)

    def choose(self) -> None:
        """Let the person type."""
        self.box.setFocus()
        self.box.selectAll()


def kept(settings: Settings, campaign: str) -> float | None:
    """What was named of a campaign, by its id."""
    rate = settings[TOLERABLE_RATES].get(campaign)
    return rate if isinstance(rate, float) and 0 < rate < 1 else None


def keep(settings: Settings, campaign: str, rate: float | None) -> None:
    """Keep what was named of a campaign."""
    others = {name: one for name, one in settings[TOLERABLE_RATES].items() if name != campaign}
    settings.put(TOLERABLE_RATES, others if rate is None else {**others, campaign: rate})
