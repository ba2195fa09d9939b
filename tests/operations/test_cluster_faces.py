"""What makes a cluster known: the clauses and models that stand out in it, with limits, and its typical and borderline items."""

from pathlib import Path

import numpy as np

from reviewer.domain.progress import SILENT
from reviewer.operations import cluster_faces
from reviewer.operations.verdicts import verdicts
from tests import opinions


def test_the_clause_that_breaks_in_a_region_more_often_than_beside_it_stands_out(tmp_path: Path) -> None:
    made = opinions.labelled(tmp_path / "workspace")
    inside = np.sort(np.frombuffer(bytes.fromhex("".join(made.items[: opinions.CLEAR])), "S32"))
    with made.workspace.read() as reading:
        found = verdicts(reading, SILENT, campaign=opinions.NAME, viewer=made.workspace.me)
        standing = cluster_faces.Standing(reading, found)
        said = {one.value: one for one in standing.out(inside)}
        assert set(said) == {"airline:4.2"}
        assert (said["airline:4.2"].part, said["airline:4.2"].whole) == (16, 16)
        assert 0 < said["airline:4.2"].low < said["airline:4.2"].difference
        assert cluster_faces.Standing(reading, found._replace(hidden=1)).out(inside) == ()
    made.workspace.close()


def test_typical_items_are_in_the_middle_and_borderline_ones_towards_another_group() -> None:
    line = np.array([[0], [1], [2], [3], [4], [10], [11], [12], [13], [14]], np.float32)
    (first, edge), (second, other) = cluster_faces.examples(line, [np.arange(5), np.arange(5, 10)])
    assert first[0] == 2
    assert edge[0] == 4
    assert second[0] == 7
    assert other[0] == 5
    ((_, alone),) = cluster_faces.examples(line, [np.arange(10)])
    assert len(alone) == 0
