"""Real tables of labels by many workers, with the right answers: the columns of a table, and labels as numbers."""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reviewer.domain.aggregation import Floats, Ints, Said


class Table(NamedTuple):
    """Labels, and the right class of each item; -1 where it is not known."""

    said: Said
    truth: Ints

    def accuracy(self, posterior: Floats) -> float:
        """The share of items whose most likely class is the right one; the first class wins a tie."""
        known = self.truth >= 0
        return float((posterior[known].argmax(axis=1) == self.truth[known]).mean())

    def f1(self, posterior: Floats) -> float:
        """F1 of class 1."""
        found, true = posterior.argmax(axis=1) == 1, self.truth == 1
        return float(2 * (found & true).sum() / (found.sum() + true.sum()))

    def log_loss(self, posterior: Floats) -> float:
        """Mean -log of the right class's chance, cut at 1e-6."""
        known = self.truth >= 0
        return float(-np.log(np.clip(posterior[known, self.truth[known]], 1e-6, 1 - 1e-6)).mean())


def table(items: Sequence[Any], workers: Sequence[Any], labels: Sequence[Any], truth: Sequence[tuple[Any, Any]]) -> Table:
    """Number items, workers and labels in their order."""
    names, item = np.unique(np.array(items), return_inverse=True)
    _, worker = np.unique(np.array(workers), return_inverse=True)
    classes, label = np.unique(np.array(labels), return_inverse=True)
    right, place = dict(truth), {one: n for n, one in enumerate(classes.tolist())}
    known = np.array([place[right[name]] if name in right else -1 for name in names.tolist()])
    return Table(Said(item, worker, label, len(names), int(worker.max()) + 1, len(classes), len(classes)), known)


def duck(folder: Path) -> Table:
    """Bluebirds: 108 pictures, 39 workers."""
    return _of_csv(folder / "crowd" / "d_Duck Identification" / "answer.csv")


def product(folder: Path) -> Table:
    """Which two offers are the same product: 8,315 pairs, 176 workers."""
    return _of_csv(folder / "crowd" / "d_jn-product" / "answer.csv.gz")


def barzan(folder: Path) -> Table:
    """1,000 items, 83 workers."""
    place = folder / "crowd" / "BarzanMozafari"
    labels = [line.split("\t") for line in (place / "labels.txt").read_text(encoding="utf-8").splitlines()]
    truth = [line.split("\t") for line in (place / "evaluation.txt").read_text(encoding="utf-8").splitlines()]
    workers, items, said = zip(*labels, strict=True)
    return table(items, workers, said, [(item, right) for item, right in truth])


def of_folder(folder: Path) -> Table:
    """A table of the benchmark of Zheng et al. (2017): answer.csv and truth.csv."""
    return _of_csv(folder / "answer.csv")


def _of_csv(answers: Path) -> Table:
    content = gzip.decompress(answers.read_bytes()) if answers.suffix == ".gz" else answers.read_bytes()
    rows = list(csv.reader(content.decode().splitlines()))[1:]
    truth = list(csv.reader((answers.parent / "truth.csv").read_text(encoding="utf-8").splitlines()))[1:]
    items, workers, said = zip(*rows, strict=True)
    return table(items, workers, said, [(item, right) for item, right in truth])
