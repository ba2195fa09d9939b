"""What a person may set, in one dialog: made from the catalogue, kept all together or not at all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from reviewer.catalogue import settings
from reviewer.catalogue.settings import BACKUP_HOURS, KEEP_IN_SYNC, LOCK_AFTER, TEXT_SIZE, THEME, TIME_ZONE, Setting
from reviewer.domain.changes import Changes
from reviewer.storage import preferences
from reviewer.ui.pages.campaign.form_rows import FormRows, spin
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from reviewer.ui.window import Window

_ELSEWHERE = {KEEP_IN_SYNC.key}  # said on the Sync page, where the place is


class _Field(NamedTuple):
    setting: Setting[object]
    part: QWidget
    value: Callable[[], object]


class SettingsDialog(SheetDialog):
    """Ctrl+Return keeps what was changed, Esc leaves all as it was. What can hold at once does."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window, window.theme, "Settings")
        self._window = window
        self.rows = FormRows(window.theme)
        self._fields = [self._add(one) for one in settings.ALL if not one.ours and one.key not in _ELSEWHERE]
        self.body.addWidget(scrolled(self.rows), 1)
        self.body.addWidget(Paragraph(f"Kept in {preferences.file()}, for all workspaces on this machine.", tone="faint"))
        self.set_buttons(("Keep", self._keep), ("Cancel", self.reject))
        self.resize_to(720, 640)
        self.rows.take_focus(self._fields[0].setting.key)

    def _add(self, setting: Setting[object]) -> _Field:
        value = self._window.settings[setting]
        part: QWidget
        if setting.choices:
            part, read, first = self._choice(setting, str(value))
        elif isinstance(value, bool):
            part = first = QCheckBox(setting.text)
            part.setChecked(value)
            read = part.isChecked
        elif isinstance(value, int) and setting.within is not None:
            part = first = spin(setting.title, *setting.within, value)
            read = part.value
        else:
            part = first = QLineEdit(str(value))
            part.setAccessibleName(setting.title)
            read = part.text
        self.rows.add(setting.title, part, name=setting.key, field=first)
        if not isinstance(value, bool):
            self.rows.add("", Paragraph(setting.text, tone="faint"))
        return _Field(setting, first, read)

    def _choice(self, setting: Setting[object], value: str) -> tuple[QWidget, Callable[[], object], QWidget]:
        control = SegmentedControl(setting.title, [Segment(one, words) for one, words in setting.choices.items()], required=True)
        control.choose(value)
        return control, lambda: control.value, control.button(value)

    def _keep(self) -> None:
        """All of it, or where a value cannot be, nothing: then that is said beside its field."""
        values = self._window.settings
        told = [(field, field.value()) for field in self._fields]
        for field, value in told:
            if not field.setting.accepts(value):
                self.rows.say(field.setting.key, f"This cannot be kept. Give {field.setting.wants or 'another value'}.")
                field.part.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        changed = {field.setting.key for field, value in told if values[field.setting] != value}
        for field, value in told:
            if field.setting.key in changed:
                values.put(field.setting, value)
        self.accept()
        self._follow(changed)
        self._window.keep_settings()

    def _follow(self, changed: set[str]) -> None:
        window = self._window
        if THEME.key in changed:
            window.theme.choose(window.settings[THEME])
        if TEXT_SIZE.key in changed:
            window.theme.resize(window.settings[TEXT_SIZE])
        if LOCK_AFTER.key in changed and not window.locking.covered:
            window.locking.start_clock()
        if {TIME_ZONE.key, BACKUP_HOURS.key} & changed:  # pages say these
            window.tell_pages(Changes.ALL)
