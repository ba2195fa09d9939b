"""Which output is better, so far: the state behind the keys and the bar; no widget."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from reviewer.domain.events import Preference
from reviewer.domain.preferences import Strength

LEFT_CLEARLY, LEFT_SLIGHTLY, TIE, RIGHT_SLIGHTLY, RIGHT_CLEARLY, BOTH_BAD = "1", "2", "3", "4", "5", "0"
"""The choices between two outputs, by the keys that make them."""
CHOICES = (LEFT_CLEARLY, LEFT_SLIGHTLY, TIE, RIGHT_SLIGHTLY, RIGHT_CLEARLY, BOTH_BAD)


class Choosing(QObject):
    """Of two outputs one is better, clearly or slightly; more are put in order one after another. `changed`: a person changed it."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.keys: tuple[str, ...] = ()
        """The candidates, as they are shown from left to right."""
        self.groups: list[list[str]] = []
        """Those that have a place, best first; equals share one."""
        self.strength: Strength = "clear"
        self.both_bad = False
        self._joining = False
        self._filled = ""  # the one that got the last place by itself

    def put(self, keys: Sequence[str], preference: Preference | None) -> None:
        """Another comparison, with what was said of it; what does not fit it is left out."""
        self.keys = tuple(keys)
        self.groups, self.strength, self.both_bad, self._joining, self._filled = [], "clear", False, False, ""
        if preference is not None:
            kept = ([key for key in group if key in self.keys] for group in preference.ranking)
            self.groups = [group for group in kept if group]
            self.strength, self.both_bad = preference.strength, preference.both_bad

    @property
    def placed(self) -> tuple[str, ...]:
        """Candidates that have a place."""
        return tuple(key for group in self.groups for key in group)

    @property
    def left(self) -> tuple[str, ...]:
        """Candidates that have none yet, as they are shown."""
        return tuple(key for key in self.keys if key not in self.placed)

    @property
    def complete(self) -> bool:
        """Whether every candidate has its place."""
        return bool(self.keys) and not self.left

    @property
    def joining(self) -> bool:
        """Whether the next one chosen shares the place of the one before."""
        return self._joining

    @property
    def decided(self) -> bool:
        """Whether one of them is better than another."""
        return len(self.groups) > 1

    def place_of(self, key: str) -> int | None:
        """The place of a candidate, from 1; equals share one."""
        return next((place for place, group in enumerate(self.groups, 1) if key in group), None)

    def preference(self) -> Preference | None:
        """What is said so far; None while nothing is. While it is not `complete` it is a draft."""
        if not self.groups:
            return None
        ranking = tuple(tuple(sorted(group)) for group in self.groups)
        strength: Strength = self.strength if self.decided else "slight"
        return Preference(ranking=ranking, strength=strength, both_bad=self.both_bad, order_shown=self.keys)

    # -- what a person does ------------------------------------------------------------------------------------------------------

    def press(self, number: int) -> bool:
        """A digit. False where it means nothing here."""
        if len(self.keys) == 2:
            return self.choose(str(number))
        if not 0 <= number <= len(self.keys):
            return False
        if not number:
            self.all_alike(bad=True)
            return True
        self.place(self.keys[number - 1])
        return True

    def choose(self, value: str) -> bool:
        """One of the choices between two outputs; the chosen one again takes it back. False for what is none."""
        if value == self.choice:
            self.clear()
            return True
        first, last = self.keys[0], self.keys[-1]
        if value in (LEFT_CLEARLY, LEFT_SLIGHTLY):
            self._set([[first], [last]], "clear" if value == LEFT_CLEARLY else "slight")
        elif value in (RIGHT_CLEARLY, RIGHT_SLIGHTLY):
            self._set([[last], [first]], "clear" if value == RIGHT_CLEARLY else "slight")
        elif value in (TIE, BOTH_BAD):
            self.all_alike(bad=value == BOTH_BAD)
        else:
            return False
        return True

    @property
    def choice(self) -> str:
        """Which of the choices between two outputs was made; empty for none."""
        if not self.complete or len(self.keys) != 2:
            return ""
        if not self.decided:
            return BOTH_BAD if self.both_bad else TIE
        left = self.groups[0] == [self.keys[0]]
        if self.strength == "clear":
            return LEFT_CLEARLY if left else RIGHT_CLEARLY
        return LEFT_SLIGHTLY if left else RIGHT_SLIGHTLY

    def place(self, key: str) -> None:
        """Give a candidate the next place; one that has a place loses it. The last one left gets the last place by itself."""
        if key == self._filled:
            self._filled = ""  # whoever presses every digit says of the last one what is known of it
            return
        self._filled = ""
        if not self.left:
            self.groups = []  # a new order begins
        if key in self.placed:
            self.groups = [rest for group in self.groups if (rest := [one for one in group if one != key])]
        elif self._joining and self.groups:
            self.groups[-1].append(key)
        else:
            self.groups.append([key])
        self._joining, self.both_bad = False, False
        if len(self.left) == 1 and self.groups:
            (self._filled,) = self.left
            self.groups.append([self._filled])
        self.changed.emit()

    def join(self) -> None:
        """The next one chosen shares the place of the one before; once all have a place, the last two share one."""
        if self.complete and len(self.groups) > 1:
            self.groups[-2:] = [self.groups[-2] + self.groups[-1]]
        elif self.groups:
            self._joining = not self._joining
        self.changed.emit()

    def all_alike(self, *, bad: bool) -> None:
        """No output is better than another one; bad: since none will do."""
        self._set([sorted(self.keys)], "slight", both_bad=bad)

    def turn_strength(self) -> None:
        """Clearly becomes slightly, and back."""
        self.strength = "slight" if self.strength == "clear" else "clear"
        self.changed.emit()

    def clear(self) -> None:
        """Nothing is said."""
        self._set([], "clear")

    def _set(self, groups: list[list[str]], strength: Strength, *, both_bad: bool = False) -> None:
        self.groups, self.strength, self.both_bad, self._joining, self._filled = groups, strength, both_bad, False, ""
        self.changed.emit()
