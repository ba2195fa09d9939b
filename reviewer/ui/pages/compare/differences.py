"""Which words two outputs do not share, as stretches that stand out. Compared off the UI thread: long texts take a while."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain

from PySide6.QtCore import QObject

from reviewer.domain.errors import ReviewerError
from reviewer.domain.wording import Stretch, differing
from reviewer.ui.page import Desk
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.cited import Highlight

Found = Mapping[str, tuple[Highlight, ...]]


class Differences(QObject):
    """Each output is compared with one of them, and that one with the first other: of two, both show what the other has not."""

    def __init__(self, desk: Desk, parent: QObject, *, show: Callable[[Found], None]) -> None:
        """show: called with the highlights of each output by its key; with none once they are turned off."""
        super().__init__(parent)
        self._desk = desk
        self._show = show
        self.on = False
        self._asked = 0

    def turn(self, outputs: Mapping[str, Transcript], against: str) -> None:
        """Turn them on or off."""
        self.on = not self.on
        self.follow(outputs, against)

    def follow(self, outputs: Mapping[str, Transcript], against: str) -> None:
        """Other outputs, or another one that they are compared with."""
        self._asked += 1
        if not self.on or against not in outputs:
            self._show({})
            return
        work = partial(_found, dict(outputs), against)
        self._desk.jobs.aside(work, owner=self, done=partial(self._take, self._asked), failed=self._failed)

    def _take(self, asked: int, found: Found) -> None:
        if asked == self._asked:
            self._show(found)

    def _failed(self, error: ReviewerError) -> None:
        self._desk.messages.show_error(error)


def _found(outputs: Mapping[str, Transcript], against: str) -> Found:
    places = {key: _texts(transcript) for key, transcript in outputs.items()}
    found: dict[str, tuple[Highlight, ...]] = {}
    for key in outputs:
        if key == against:
            continue
        mine, theirs = differing([text for *_, text in places[against]], [text for *_, text in places[key]])
        found[key] = _highlights(places[key], theirs)
        found.setdefault(against, _highlights(places[against], mine))
    return found


_Place = tuple[str, int, str]  # step, content part, text


def _texts(transcript: Transcript) -> list[_Place]:
    """The texts of an output, each with where it stands."""
    sources = chain.from_iterable(((block.address, source) for source in block.sources) for block in transcript.blocks)
    return [
        (address, source.part, source.text)
        for address, source in sources
        if source.part is not None and source.medium is None and source.shape in ("text", "quiet", "mono") and not source.from_
    ]


def _highlights(places: list[_Place], stretches: tuple[Stretch, ...]) -> tuple[Highlight, ...]:
    return tuple(
        Highlight(step=places[one.text][0], start=one.start, end=one.end, part=places[one.text][1], tone="accent_soft") for one in stretches
    )
