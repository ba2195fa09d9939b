"""What the fault tests share: the shim, the labelling process, and a look at a database that a crash left behind."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2

from reviewer.storage import driver

SHIM_SOURCE = Path(__file__).with_name("shim.c")


def build_shim(folder: Path) -> Path:
    """The shim, compiled. Raises CalledProcessError with the compiler's words."""
    target = folder / "shim.so"
    flags = ["-O2", "-shared", "-fPIC", "-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE"]
    subprocess.run(["gcc", *flags, "-o", str(target), str(SHIM_SOURCE), "-ldl"], check=True, capture_output=True, text=True)
    return target


class Writer:
    """The labelling process (tests.faults.writer), loaded and waiting for orders."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def order(self, **what: Any) -> None:
        """Have a child do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def line(self) -> list[str]:
        """The next line that it says, in words. A bug in the child fails the test that asked."""
        assert self._process.stdout is not None
        words = self._process.stdout.readline().split()
        assert words, "the labelling process ended"
        assert words[0] != "BUG", " ".join(words)
        return words

    def until(self, word: str) -> list[list[str]]:
        """Everything that it says up to a line that begins so, that line last."""
        said = [self.line()]
        while said[-1][0] != word:
            said.append(self.line())
        return said


@contextmanager
def writer(shim: Path | None = None, **surroundings: str) -> Iterator[Writer]:
    """A labelling process for the `with` block. shim: below it, with these variables (see shim.c)."""
    variables = {**os.environ, **surroundings}
    if shim is not None:
        variables["LD_PRELOAD"] = str(shim)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=variables,
        cwd=Path(__file__).parents[2],
    )
    made = Writer(process)
    try:
        assert made.line() == ["LOADED"]
        yield made
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()


FailingBelow = Callable[[str], AbstractContextManager[Writer]]


@contextmanager
def failing_writers(shim: Path) -> Iterator[FailingBelow]:
    """`with below(FAULT_PATH) as writer`: a labelling process for each path, started when it is first asked for and kept for the next
    who asks, unless an error left it in the middle of an order."""
    kept: dict[str, Writer] = {}
    with ExitStack() as started:

        @contextmanager
        def below(watched: str) -> Iterator[Writer]:
            made = kept.pop(watched, None) or started.enter_context(writer(shim, FAULT_PATH=watched))
            yield made
            kept[watched] = made

        yield below


class Left(NamedTuple):
    """What a database says after a crash. broken: it cannot be opened or read, or an entry is not what its hash names."""

    hashes: frozenset[str]
    broken: str | None


def look(database: Path, *, key: str | None = None) -> Left:
    """Open a database, which lets SQLite recover it, and read every entry: bytes, hash, numbers without a gap. key: of an encrypted one."""
    try:
        connection = driver.connect(database, key=key)
    except Exception as error:  # noqa: BLE001 - whatever makes it unreadable is what is asked for
        return Left(frozenset(), repr(error))
    hashes: set[str] = set()
    heads: dict[bytes, tuple[int, str]] = {}
    try:
        for stream, seq, name, raw in connection.execute("SELECT stream, seq, hash, body FROM entry ORDER BY stream, seq"):
            if hashlib.sha256(b"review/entry/v1\n" + raw).hexdigest() != name.hex():
                return Left(frozenset(hashes), f"entry {seq} is not what its hash names")
            before = heads.get(stream, (0, None))
            if seq != before[0] + 1 or (before[1] is not None and json.loads(raw)["prev"] != before[1]):
                return Left(frozenset(hashes), f"entry {seq} does not follow")
            heads[stream] = (seq, name.hex())
            hashes.add(name.hex())
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()
        return Left(frozenset(hashes), None if damage == ("ok",) else str(damage))
    except dbapi2.Error as error:
        return Left(frozenset(hashes), repr(error))
    finally:
        connection.close()


def copy_of(folder: Path, target: Path) -> Path:
    """A copy of a workspace that nobody has open."""
    shutil.copytree(folder, target)
    return target
