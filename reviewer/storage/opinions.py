"""What judges said of many items, and which labels were given with that in view, as arrays: for measuring a judge."""

from typing import TYPE_CHECKING, NamedTuple, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from reviewer.domain.events import Shown, Verdict
from reviewer.storage import latest_opinions
from reviewer.storage.damaged import refuse_changed
from reviewer.storage.populations import Ids, in_order

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FLAGGED, PASSED, UNSAID = 1.0, 0.0, np.nan


class Opinions(NamedTuple):
    """What one judge said. item: shape (items,), in the order of their ids; verdict: 1 non-compliant, 0 compliant, NaN where it named none
    (unsure counts as none); score: NaN where it gave none. differing: items of which it said one thing and another, left out.
    """

    item: Ids
    verdict: Floats
    score: Floats
    differing: int


class ShownLabel(NamedTuple):
    """A label given with a judge's opinion in view."""

    item: bytes
    member: str
    verdict: str


class _Value(msgspec.Struct):
    shown: Shown


class _Body(msgspec.Struct):
    value: _Value


_body = msgspec.json.Decoder(_Body)
_VERDICTS = {"non_compliant": FLAGGED, "compliant": PASSED}
_AS_SAID = np.array([*(_VERDICTS.get(verdict, UNSAID) for verdict in get_args(Verdict)), UNSAID])  # by the codes of latest_opinions


def of_judge(reading: "Reading", judge: str) -> Opinions:
    """Everything a judge said, of whatever item. A judge who changed its mind has no opinion: give each version a name of its own."""
    said = latest_opinions.said_last(reading, judge)
    if not len(said.item):
        return Opinions(said.item, np.empty(0), np.empty(0), 0)
    order = in_order(said.item)
    item, verdict, score = said.item[order], said.verdict[order], said.score[order]
    again = item[1:] == item[:-1]
    other = again & ((verdict[1:] != verdict[:-1]) | ~((score[1:] == score[:-1]) | (np.isnan(score[1:]) & np.isnan(score[:-1]))))
    starts = np.flatnonzero(np.append(True, ~again))
    differing = np.logical_or.reduceat(np.append(False, other), starts)
    kept = starts[~differing]
    return Opinions(item[kept], _AS_SAID[verdict[kept]], score[kept], int(differing.sum()))


def shown_labels(reading: "Reading", stored: "Stored", judge: str) -> list[ShownLabel]:
    """The labels in force of a campaign, with a verdict, that say that this judge's opinion of the item was on the screen.

    Raises Damaged E107 for a label whose bytes were changed since the last verification.
    """
    theirs = {name.hex() for (name,) in reading.rows("SELECT DISTINCT hash FROM suggestion WHERE judge = ?", (judge,))}
    rows = reading.each(
        "SELECT l.hash, l.item, l.member, l.verdict, e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign = ?"
        " AND l.in_force = 1 AND l.showing = 1 AND l.blind = 0 AND l.verdict IN ('compliant', 'non_compliant') ORDER BY l.item, l.hash",
        (stored.row,),
    )
    found = []
    for name, item, member, verdict, body in rows:
        refuse_changed(name, body)
        if theirs & set(_body.decode(body).value.shown.suggestions):
            found.append(ShownLabel(item, member, verdict))
    return found
