"""Which stretches of the runs in sight stand out: cited evidence, what was found, what is selected; later ones cover earlier ones."""

from collections.abc import Sequence

from reviewer.ui.transcript import marks
from reviewer.ui.transcript.cited import Highlight, stretch
from reviewer.ui.transcript.finding import Finder, Hit
from reviewer.ui.transcript.layouts import LaidRun
from reviewer.ui.transcript.looks import Look
from reviewer.ui.transcript.offsets import to_utf16, utf16_length
from reviewer.ui.transcript.painting import Tint
from reviewer.ui.transcript.scene import Scene, Visible
from reviewer.ui.transcript.selection import Selection


def tints_of(scene: Scene, shown: Sequence[Visible], look: Look, selection: Selection, finder: Finder) -> dict[tuple[int, int], list[Tint]]:
    """The tints of all runs in sight."""
    found: dict[tuple[int, int], list[Tint]] = {}
    if selection.ends is None and not finder.hits and not scene.highlights:
        return found
    for card in shown:
        for index, _top, laid in card.laid.visible(max(0.0, -card.y), scene.height - card.y):
            tints = [tint for h in card.laid.cited if (tint := _cited(h, laid, look)) is not None]
            for hit, current in finder.in_run(card.index, index):
                tints.append(_hit(hit, laid, look, current=current))
            chosen = selection.in_run(card.index, index, utf16_length(laid.text))
            if chosen is not None:
                tints.append(Tint(*chosen, look.formats.selected))
            if tints:
                found[card.index, index] = tints
    return found


def _cited(highlight: Highlight, laid: LaidRun, look: Look) -> Tint | None:
    found = stretch(highlight, laid.run)
    if found is None:
        return None
    first = laid.to_units(found.start) - (found.whole and laid.run.opens)
    end = laid.to_end(found.end) + (found.whole and laid.run.closes)
    return Tint(first, end - first, look.formats.tones[highlight.tone].paper)


def _hit(hit: Hit, laid: LaidRun, look: Look, *, current: bool) -> Tint:
    style = look.formats.found_now if current else look.formats.found
    if hit.in_key:
        key = marks.reveal(laid.run.key)
        first = to_utf16(key.text, key.to_shown(hit.start))
        return Tint(first, to_utf16(key.text, key.to_shown(hit.end)) - first, style, in_key=True)
    first = laid.to_units(hit.start)
    return Tint(first, laid.to_end(hit.end) - first, style)
