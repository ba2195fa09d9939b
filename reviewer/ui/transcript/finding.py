"""Find in a transcript: case does not matter, folded steps are searched too, and a long transcript is searched by and by."""

import re
import time
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.ui.transcript.blocks import Block, Run

_SLICE_S = 0.006
MOST_HITS = 10_000


class Hit(NamedTuple):
    """A place where the words stand: card, run of the unfolded card, code points of its text or of its key."""

    block: int
    run: int
    start: int
    end: int
    in_key: bool


class Finder(QObject):
    """The places of one search. `changed` tells that more were found, or that all were."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []
        self.current = -1
        self.words = ""
        self._by_run: dict[tuple[int, int], list[int]] = {}
        self._walk: Iterator[Hit | None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on)

    @property
    def searching(self) -> bool:
        """True until all of the transcript has been looked through."""
        return self._walk is not None

    def start(self, words: str, blocks: tuple[Block, ...]) -> None:
        """Search anew; with no words, find nothing."""
        self.words = words
        self.hits = []
        self._by_run = {}
        self.current = -1
        self._walk = search(words, blocks) if words else None
        if self._walk is None:
            self._timer.stop()
            self.changed.emit()
            return
        self._on()
        if self._walk is not None:
            self._timer.start()

    def go(self, way: int, near: int = 0) -> Hit | None:
        """The next (1) or previous (-1) place, around the end to the start; the first time, the first one from card `near` on."""
        if not self.hits:
            return None
        if self.current < 0:
            at = next((i for i, hit in enumerate(self.hits) if hit.block >= near), 0)
            self.current = at if way > 0 else (at - 1) % len(self.hits)
        else:
            self.current = (self.current + way) % len(self.hits)
        return self.hits[self.current]

    def in_run(self, block: int, run: int) -> list[tuple[Hit, bool]]:
        """The places in one run, and whether each is the current one."""
        return [(self.hits[i], i == self.current) for i in self._by_run.get((block, run), ())]

    def _on(self) -> None:
        until = time.perf_counter() + _SLICE_S
        assert self._walk is not None
        for hit in self._walk:
            if hit is not None:
                self._by_run.setdefault((hit.block, hit.run), []).append(len(self.hits))
                self.hits.append(hit)
                if len(self.hits) >= MOST_HITS:
                    break
            if time.perf_counter() > until:
                self.changed.emit()
                return
        self._walk = None
        self._timer.stop()
        self.changed.emit()


def search(words: str, blocks: tuple[Block, ...]) -> Iterator[Hit | None]:
    """Every place of the words, in order; None now and then, where the caller may pause."""
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    for b, block in enumerate(blocks):
        yield None
        if not _may_hold(pattern, block):
            continue
        for r, run in enumerate(block.whole()):
            if r % 50 == 49:
                yield None
            yield from _in_run(pattern, b, r, run)


def _in_run(pattern: re.Pattern[str], block: int, index: int, run: Run) -> Iterator[Hit]:
    if run.key:
        for found in pattern.finditer(run.key):
            yield Hit(block, index, found.start(), found.end(), True)
    for found in pattern.finditer(run.text):
        if found.end() > found.start():
            yield Hit(block, index, found.start(), found.end(), False)


def _may_hold(pattern: re.Pattern[str], block: Block) -> bool:
    """False only if the words cannot stand in the card; rows of JSON differ from their source, so these are always looked at."""
    return any(source.shape == "json" or pattern.search(source.text) for source in block.sources)
