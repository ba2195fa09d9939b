"""Every setting: its key, its type, its default and what may be put in. `settings[BATCH]` is an `int` to the type checker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from reviewer.domain.errors import Refused, shown

T = TypeVar("T")


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. title and text are for people; `allowed` says which values of the type may stand; `wants` says so in words.

    choices: the values that there are, where they are few, each with its words; within: the least and the most of a number. Both are for
    whoever offers them: `allowed` holds in any case.
    """

    key: str
    default: T
    title: str
    text: str
    allowed: Callable[[T], bool] | None = None
    wants: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    within: tuple[int, int] | None = None
    ours: bool = False  # kept by the program itself: not in the table of things to change

    def accepts(self, value: object) -> bool:
        """True if the value has the setting's type and is allowed."""
        if type(value) is not type(self.default):  # exact: True is no batch size
            return False
        return self.allowed is None or self.allowed(value)


@dataclass(frozen=True)
class Retired:
    """A setting of an earlier version: what took its place, if anything did. Its value is read under the new key."""

    key: str
    successor: Setting[object] | None


def _one_of(key: str, default: str, title: str, text: str, choices: Mapping[str, str]) -> Setting[str]:
    return Setting(key, default, title, text, lambda value: value in choices, f"one of {', '.join(choices)}", choices=choices)


def _number(key: str, default: int, title: str, text: str, least: int, most: int) -> Setting[int]:
    wants = f"a whole number from {least} to {most}"
    return Setting(key, default, title, text, lambda value: least <= value <= most, wants, within=(least, most))


THEME = _one_of(
    "theme",
    "system",
    "Theme",
    "Light, dark, or as the system has it.",
    {"system": "As the system", "light": "Light", "dark": "Dark"},
)
TEXT_SIZE = _number(
    "text.size",
    100,
    "Text size",
    "Size of all text; per cent of the usual size, 100 to 200.",
    100,
    200,
)
TIME_ZONE = _one_of(
    "time.zone",
    "local",
    "Time zone",
    "Times are shown in local time or in UTC; they are kept in UTC.",
    {"local": "Local time", "utc": "UTC"},
)
BATCH = _number(
    "queue.batch",
    50,
    "Batch size",
    "Items fetched ahead; count, 1 to 500.",
    1,
    500,
)
LOCK_AFTER = _number(
    "lock.minutes",
    10,
    "Lock after",
    "An encrypted workspace locks when nobody has touched anything for so long; minutes, 0 to 1440, 0 is never.",
    0,
    1440,
)
KEEP_IN_SYNC = Setting(
    "sync.keep",
    False,
    "Keep in sync",
    "Sync by itself with the place used last, while the window is open. Off: nothing is sent before you ask.",
)
SYNC_PLACES = Setting[dict[str, object]](
    "sync.places",
    {},
    "Places to sync with",
    "The place used last, by the folder of its workspace; never one with a password in it.",
    ours=True,
)
BACKUP_HOURS = _number(
    "backup.hours",
    24,
    "Back up every",
    "A backup is made by itself while the window is open, when the newest is older than that; hours, 0 to 8760, 0 is never.",
    0,
    8760,
)
BACKUP_COUNT = _number(
    "backup.count",
    3,
    "Backups to keep",
    "Of the backups in the workspace's own folder, so many of the newest stay; count, 1 to 100.",
    1,
    100,
)
BACKUP_BUDGET_MB = _number(
    "backup.budget_mb",
    2_000,
    "Room for backups",
    "The oldest backups go when all of them together are larger than that; the newest always stays; MB, 1 to 1000000.",
    1,
    1_000_000,
)
JUDGE_SERVER = Setting(
    "judge.server",
    "global",
    "Judge's server",
    "Where Mistral is asked: global, eu, us, or an address that begins with https://. Proxies are those of the environment.",
    lambda server: server in ("global", "eu", "us") or server.startswith(("https://", "http://127.0.0.1:", "http://localhost:")),
    "one of global, eu, us, or an https:// address",
)
JUDGE_MODEL = Setting(
    "judge.model",
    "mistral-medium-latest",
    "Judge's model",
    "The model that is asked, by its name at Mistral. One with a date stays the same; figures rest on such a one.",
    lambda name: 0 < len(name) <= 60 and name.isprintable() and " " not in name,
    "the name of a model, without spaces",
)
JUDGE_SAMPLES = _number(
    "judge.samples",
    1,
    "Judge's answers",
    "How often an item is asked about; several answers show how sure the model is, and cost as many; count, 1 to 9.",
    1,
    9,
)
JUDGE_TIMEOUT = _number(
    "judge.timeout_s",
    60,
    "Judge's time",
    "How long one answer is waited for; seconds, 1 to 600.",
    1,
    600,
)
JUDGE_PRICE_IN = _number(
    "judge.price_in",
    40,
    "Price of what is sent",
    "For the estimate of what the judge costs: US cents for a million tokens, as your contract says; 0 to 100000.",
    0,
    100_000,
)
JUDGE_PRICE_OUT = _number(
    "judge.price_out",
    200,
    "Price of what is answered",
    "The same for what comes back. Where both are 0 no cost is estimated.",
    0,
    100_000,
)
JUDGE_PRICE_VECTORS = _number(
    "judge.price_vectors",
    10,
    "Price of vectors",
    "For the estimate of what Mistral's vectors cost: US cents for a million tokens; where it is 0 no cost is estimated; 0 to 100000.",
    0,
    100_000,
)
REMEMBER = Setting("window.remember", True, "Remember the window", "Open with the size, place and page of last time.")
LAST_WORKSPACE = Setting("workspace.last", "", "Last workspace", "The folder that was opened last.", ours=True)
RECENT_WORKSPACES = Setting[list[object]](
    "workspace.recent",
    [],
    "Opened before",
    "Folders opened before, the latest first, each with what was last known of it.",
    lambda rows: all(isinstance(row, dict) and isinstance(row.get("folder"), str) for row in rows),
    ours=True,
)
WINDOW_GEOMETRY = Setting("window.geometry", "", "Window size and place", "As Qt saves it, in base64.", ours=True)
WINDOW_PAGE = Setting("window.page", "", "Page", "The page that was open last.", ours=True)
SPLITTERS = Setting[dict[str, object]](
    "window.splitters",
    {},
    "Widths",
    "Sizes of the parts of split pages, by name; pixels.",
    ours=True,
)
TOLERABLE_RATES = Setting[dict[str, object]](
    "insights.tolerable",
    {},
    "Tolerable rates",
    "Of a campaign, by its id, the rate that was named as tolerable on the Insights page; shares.",
    ours=True,
)

ALL: tuple[Setting[object], ...] = cast(
    tuple[Setting[object], ...],
    (
        THEME,
        TEXT_SIZE,
        TIME_ZONE,
        BATCH,
        LOCK_AFTER,
        KEEP_IN_SYNC,
        SYNC_PLACES,
        BACKUP_HOURS,
        BACKUP_COUNT,
        BACKUP_BUDGET_MB,
        JUDGE_SERVER,
        JUDGE_MODEL,
        JUDGE_SAMPLES,
        JUDGE_TIMEOUT,
        JUDGE_PRICE_IN,
        JUDGE_PRICE_OUT,
        JUDGE_PRICE_VECTORS,
        REMEMBER,
        LAST_WORKSPACE,
        RECENT_WORKSPACES,
        WINDOW_GEOMETRY,
        WINDOW_PAGE,
        SPLITTERS,
        TOLERABLE_RATES,
    ),
)
RETIRED: tuple[Retired, ...] = ()


class Settings:
    """The values in force: what was put in, else the default. Where it is kept is no matter of this class."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        """values: as read from a file; one that its setting does not accept counts as not there."""
        self._values = dict(values or {})
        self._moved: set[str] = set()
        for old in RETIRED:
            if old.key in self._values and old.successor is not None:
                self._values.setdefault(old.successor.key, self._values[old.key])

    def __getitem__(self, setting: Setting[T]) -> T:
        value = self._values.get(setting.key, setting.default)
        return cast(T, value) if setting.accepts(value) else setting.default

    def put(self, setting: Setting[T], value: T) -> None:
        """Set a value. Raises Refused for one that the setting does not accept; then nothing changes."""
        if not setting.accepts(value):
            raise Refused(f"“{shown(str(value))}” is no value for “{setting.title}”.", f"Choose {setting.wants or 'another value'}.")
        if self[setting] != value or setting.key not in self._values:
            self._values[setting.key] = value
            self._moved.add(setting.key)

    def take_moved(self) -> dict[str, object]:
        """What was put in since this was last asked, by key, ready for a file."""
        moved = {key: self._values[key] for key in sorted(self._moved)}
        self._moved.clear()
        return moved
