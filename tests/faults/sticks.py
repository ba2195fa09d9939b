"""Real bundles between the replicas of the simulation: written for a device, carried about, doubled, spoilt, and taken in whole or not."""

import random
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT
from reviewer.operations import bundling
from tests.faults.sites import Site

_BROKEN = frozenset({"E201", "E202", "E203", "E204"})


class Stick(NamedTuple):
    """A bundle on its way. target: the replica that it was written for."""

    source: str
    target: str
    file: Path


class Wrong(AssertionError):
    """A bundle did what none may do."""


def write(source: Site, target: Site, folder: Path, chance: random.Random) -> Stick | None:
    """A bundle of what the target is not known to have, or a kit; None where the source may not write, or knows no such device."""
    if not source.can_act or source.workspace._member is None:
        return None
    with source.workspace.read() as reading:
        known = {one.device: one.name for one in bundling.recipients(reading)}
    if target.device not in known:
        return None
    campaigns = [name.hex() for (name,) in source.rows("SELECT hash FROM campaign ORDER BY hash")]
    campaign = chance.choice(campaigns) if campaigns and chance.random() < 0.25 else None
    # To one person for the most part; else to everybody, which lets others open it too.
    names = [known[target.device]] if chance.random() < 0.8 else []
    folder.mkdir(exist_ok=True)
    file = folder / f"{chance.randrange(2**64):016x}.rvb"
    bundling.create_bundle(source.workspace, SILENT, target=file, campaign=campaign, members=names)
    return Stick(source.name, target.name, file)


def take(target: Site, stick: Stick) -> bool:
    """Take a whole bundle in. Returns whether its sender was known; where not, nothing of it may be here."""
    before = _seen(target)
    try:
        applied = bundling.apply_bundle(target.workspace, SILENT, source=stick.file).value
    except ReviewerError as error:
        # Whoever took another device up since then cannot open what was sealed for the first.
        if error.code != "E202" or _seen(target) != before:
            raise
        return False
    if applied.taken is None and _seen(target) != before:
        raise Wrong(f"{target.name}: of a bundle whose sender nobody knows something was kept")
    target.note_own()
    return applied.taken is not None


def take_again(target: Site, stick: Stick) -> None:
    """A second time it adds nothing."""
    applied = bundling.apply_bundle(target.workspace, SILENT, source=stick.file).value
    if applied.taken is not None and (applied.taken.entries or applied.taken.items):
        raise Wrong(f"I4 {target.name}: a bundle taken in again brought {applied.taken.entries} entries")
    target.note_own()


def take_spoilt(target: Site, stick: Stick, chance: random.Random) -> None:
    """One byte is changed, or the end is missing: it is refused, and nothing moved."""
    content = bytearray(stick.file.read_bytes())
    if chance.random() < 0.7:
        content[chance.randrange(len(content))] ^= chance.choice((0x01, 0x80, 0xFF))
    else:
        del content[chance.randrange(len(content)) :]
    spoilt = stick.file.with_suffix(".spoilt.rvb")
    spoilt.write_bytes(bytes(content))
    before = _seen(target)
    try:
        bundling.apply_bundle(target.workspace, SILENT, source=spoilt)
    except ReviewerError as error:
        if error.code not in _BROKEN:
            raise Wrong(f"a changed bundle was refused with {error.code}") from error
    else:
        raise Wrong(f"I5 {target.name}: a changed bundle was taken in")
    if _seen(target) != before:
        raise Wrong(f"I10 {target.name}: a refused bundle left something behind")


def _seen(site: Site) -> tuple[object, ...]:
    receipts = site.rows("SELECT device, stream, seq, head FROM receipt ORDER BY 1, 2, 3, 4")
    return (site.entries(), site.pending(), sorted(site.contents()), site.digest(), receipts)
