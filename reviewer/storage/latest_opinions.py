"""What a judge said last of each item, as arrays: a million opinions in one pass. `suggestions` has the words, and one item at a time."""

from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Damaged
from reviewer.domain.events import Verdict
from reviewer.storage.rows import Rows
from reviewer.storage.suggestions import SAID

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_VERDICT = len(get_args(Verdict))
_AS_NUMBER = {"non_compliant": 1.0, "compliant": 0.0, "unsure": 0.5}
_CODES = " ".join(f"WHEN '{verdict}' THEN {code}" for code, verdict in enumerate(get_args(Verdict)))
_SIGNED = (
    "SELECT hash FROM entry WHERE kind = 'suggestion' AND json_extract(body, '$.value.judge') = ?"
    " ORDER BY json_extract(body, '$.hlc[0]'), json_extract(body, '$.hlc[1]'), hash"
)
_SAID = (
    f"SELECT hash, CAST(group_concat(item, '') AS BLOB), group_concat(CASE verdict {_CODES} ELSE {NO_VERDICT} END, ''),"
    f" group_concat(coalesce(score, 'nan')) FROM suggestion WHERE judge = ? AND {SAID} GROUP BY hash"
)


class Said(NamedTuple):
    """What a judge said, the later opinion of an item behind an earlier one: put into an array in this order, the last holds.

    item: ids of 32 bytes; verdict: places among those that there are, NO_VERDICT for none; score: NaN for none.
    """

    item: "NDArray[np.bytes_]"
    verdict: Ints
    score: Floats

    @property
    def as_numbers(self) -> Floats:
        """The score; of a verdict alone 1 for non-compliant, 0 for compliant, one half for unsure."""
        numbers = np.array([*(_AS_NUMBER[verdict] for verdict in get_args(Verdict)), np.nan])
        return np.where(np.isnan(self.score), numbers[self.verdict], self.score)


def said_last(rows: Rows, judge: str) -> Said:
    """The opinions of a judge; none where it is not here. Of two lists the one that was signed later holds, whichever came here first."""
    lists = {name: said for name, *said in rows.each(_SAID, (judge,))}  # packed by SQLite, a row a list
    signed = [lists[name] for (name,) in rows.each(_SIGNED, (judge,)) if name in lists]
    item = np.frombuffer(b"".join(items for items, _, _ in signed), "S32")
    verdict = np.frombuffer("".join(verdicts for _, verdicts, _ in signed).encode(), np.uint8).astype(np.int64) - ord("0")
    score = np.fromstring(",".join(scores for *_, scores in signed), sep=",")
    if not len(item) == len(verdict) == len(score):
        raise Damaged("What a judge said cannot be read.", "Run `reviewer verify`, or restore the last backup.")
    return Said(item, verdict, score)
