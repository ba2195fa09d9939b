"""What the colours of the map say: verdicts, models, times or clusters. The shape of a point says its verdict whatever the colour."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from reviewer.domain.errors import shown
from reviewer.operations.cluster_overview import COMPLIANT, NON_COMPLIANT, NOT_REVIEWED, OTHERS, UNSURE, WITHHELD, ItemMap
from reviewer.ui.pages.clusters.stamps import DOT, ROUND, SQUARE, TRIANGLE
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.times import day

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPES = {NOT_REVIEWED: DOT, COMPLIANT: ROUND, UNSURE: SQUARE, NON_COMPLIANT: TRIANGLE}
"""The shape of each verdict, in the order in which they are painted: what matters most lies on top."""
WORDS = {NOT_REVIEWED: "not reviewed", COMPLIANT: "compliant", UNSURE: "unsure", NON_COMPLIANT: "non-compliant"}
_TONES = {NOT_REVIEWED: "ink3", COMPLIANT: "ok", UNSURE: "warn", NON_COMPLIANT: "bad"}
_HUES = (222, 30, 168, 290, 350, 95, 195, 55, 325, 130)  # degrees, neighbours far apart
WAITING = "waits for your own blind label"
_NAME = 26  # characters
_CROWD = 135  # of 255: how strong a dot that nobody reviewed is


class Entry(NamedTuple):
    """A line of the legend: a shape in a colour, and what it stands for."""

    shape: int
    colour: QColor
    words: str


class Group(NamedTuple):
    """Points that look alike: their places, shape and colour."""

    places: NDArray[np.int64]
    shape: int
    colour: QColor


class Colouring(NamedTuple):
    """The points of a map by how they look, in the order in which they are painted, and what the colours stand for."""

    groups: tuple[Group, ...]
    legend: tuple[Entry, ...]


def by_verdict(theme: Theme, seen: ItemMap) -> Colouring:
    """Grey dots, green rounds, amber squares, red triangles."""
    code = seen.verdict.astype(np.int64)
    colours = [_verdict(theme, one) for one in range(len(WORDS))]
    return Colouring(tuple(_groups(seen, code, colours)), tuple(_shapes(theme, seen)))


def by_model(theme: Theme, seen: ItemMap) -> Colouring:
    """A colour for each model with many items; verdicts, where models are not to be seen."""
    if not seen.models:
        return by_verdict(theme, seen)
    apart = {OTHERS: theme.colour("ink3"), WITHHELD: _verdict(theme, NOT_REVIEWED)}
    colours = [apart[name] if name in apart else _hue(theme, place) for place, name in enumerate(seen.models)]
    return _coloured(theme, seen, seen.model, colours, [shown(name, _NAME) for name in seen.models])


def by_time(theme: Theme, seen: ItemMap) -> Colouring:
    """From blue for the oldest to amber for the newest, which nearly everybody can tell apart; pale where no time is known."""
    classes = max(len(seen.days) - 1, 0)
    old, new = theme.colour("accent"), theme.colour("warn")
    colours = [_between(old, new, place / max(classes - 1, 1)) for place in range(classes)]
    words = [f"from {day(one)}" for one in seen.days[:-1]]
    timeless = bool((seen.time < 0).any())
    code = np.where(seen.time < 0, classes, seen.time)
    return _coloured(theme, seen, code, [*colours, theme.colour("line")], [*words, *(["no time"] if timeless else [])])


def by_cluster(theme: Theme, seen: ItemMap) -> Colouring:
    """Neighbouring numbers have colours that are far apart; names stand beside the list."""
    colours = [_hue(theme, place) for place in range(len(_HUES))]
    found = _coloured(theme, seen, seen.cluster % len(_HUES), colours, [])
    return found._replace(legend=(*found.legend, Entry(DOT, theme.colour("ink3"), "a colour a cluster")))


MODES = {"verdict": by_verdict, "model": by_model, "time": by_time, "cluster": by_cluster}
"""What M goes through."""


def _coloured(theme: Theme, seen: ItemMap, code: NDArray[np.int64], colours: list[QColor], words: list[str]) -> Colouring:
    shapes = [one._replace(colour=theme.colour("ink2")) for one in _shapes(theme, seen)]
    told = [Entry(DOT, colour, said) for colour, said in zip(colours, words, strict=False)]
    return Colouring(tuple(_groups(seen, code, colours)), (*shapes, *told))


def _shapes(theme: Theme, seen: ItemMap) -> "Iterator[Entry]":
    """The verdicts that there are."""
    there = np.bincount(seen.verdict, minlength=len(WORDS))
    for verdict, shape in SHAPES.items():
        if there[verdict]:
            yield Entry(shape, theme.colour(_TONES[verdict]), WORDS[verdict])


def _groups(seen: ItemMap, code: NDArray[np.int64], colours: list[QColor]) -> "Iterator[Group]":
    for verdict, shape in SHAPES.items():
        mine = seen.verdict == verdict
        for place, colour in enumerate(colours):
            found = np.flatnonzero(mine & (code == place))
            if len(found):
                yield Group(found, shape, colour)


def _verdict(theme: Theme, verdict: int) -> QColor:
    colour = theme.colour(_TONES[verdict])
    if verdict == NOT_REVIEWED:
        colour.setAlpha(_CROWD)
    return colour


def _hue(theme: Theme, place: int) -> QColor:
    """A colour of the round, dark on light paper and light on dark."""
    return QColor.fromHsl(_HUES[place % len(_HUES)], 150, 165 if theme.name == "dark" else 105)


def _between(a: QColor, b: QColor, share: float) -> QColor:
    parts = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return QColor(*(round(x + share * (y - x)) for x, y in parts))
