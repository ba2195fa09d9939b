"""An independent check of a workspace's journal: python tests/checker.py WORKSPACE

It imports nothing of the project and was written from JOURNAL.md alone: every entry's bytes are RFC 8785, its hash and signature hold, its
device was admitted by a lead, and it follows the one before it; every blob is what its name says. Prints one line a fault; exits 1 if any.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from sqlcipher3 import dbapi2 as sqlite
except ImportError:  # the system's own reads the file as well
    import sqlite3 as sqlite

FIELDS = "actor app clock deps device dur_ms hlc kind note prev project reason seq stream tz v value wall_ms".split()  # noqa: SIM905
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def jcs(value: Any, depth: int = 1) -> str:
    """RFC 8785 text, with the limits of the journal; raises ValueError."""
    if depth > 16:
        raise ValueError("deeper than 16")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError("an integer beyond 2^53 - 1")
        return str(value)
    if isinstance(value, str):
        if re.search("[\x00\ud800-\udfff]", value):
            raise ValueError("a character that may not be")
        return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(jcs(inner, depth + 1) for inner in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(jcs(name, depth) + ":" + jcs(value[name], depth + 1) for name in names) + "}"
    raise ValueError(f"a {type(value).__name__}")


def tagged(tag: str, content: bytes) -> str:
    return hashlib.sha256(f"review/{tag}/v1\n".encode() + content).hexdigest()


def signed(key: str, signature: bytes, name: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, b"review/entry-sig/v1\n" + bytes.fromhex(name))
    except (InvalidSignature, ValueError):
        return False
    return True


class Checker:
    """Reads one workspace and collects what does not hold."""

    def __init__(self, folder: Path) -> None:
        self.faults: list[str] = []
        self.entries = 0
        self.hashes: list[bytes] = []
        self.devices: dict[str, dict[str, Any]] = {}
        self.root: str | None = None
        self.database = sqlite.connect(str(folder / "reviewer.db"))

    def run(self) -> None:
        rows = self.database.execute("SELECT stream, seq, hash, kind, body, sig FROM entry ORDER BY stream, seq, hash").fetchall()
        self.entries = len(rows)
        bodies = [(row, self.body(row)) for row in rows]
        self.admit([(row[2].hex(), row[5], body) for row, body in bodies if body is not None])
        heads: dict[str, tuple[int, str]] = {}
        for row, body in bodies:
            if body is not None:
                self.entry(row, body, heads)
        for name, content in self.database.execute("SELECT hash, content FROM blob"):
            if hashlib.sha256(content).digest() != name:
                self.faults.append(f"blob {name.hex()[:8]}: other bytes")

    def body(self, row: Any) -> dict[str, Any] | None:
        """An entry's body, if its bytes are canonical and named by its hash."""
        stream, seq, name, kind, raw, _ = row
        where = f"entry {seq} of {stream.hex()[:8]}"
        self.hashes.append(name)
        try:
            body = json.loads(raw.decode())
            same = jcs(body).encode() == raw
        except (ValueError, RecursionError) as error:
            self.faults.append(f"{where}: {error}")
            return None
        if not same:
            self.faults.append(f"{where}: not canonical")
        elif tagged("entry", raw) != name.hex():
            self.faults.append(f"{where}: its hash names other bytes")
        elif sorted(body) != FIELDS or (body["stream"], body["seq"], body["kind"], body["v"]) != (stream.hex(), seq, kind, 1):
            self.faults.append(f"{where}: other fields")
        elif body["deps"] != sorted(set(body["deps"])) or len(body["deps"]) > 64 or len(raw) > 65536:
            self.faults.append(f"{where}: deps out of order, or too long")
        else:
            return dict(body)
        return None

    def admit(self, entries: list[tuple[str, bytes, dict[str, Any]]]) -> None:
        """The devices that a chain of leads ties to the one genesis."""
        known = dict(self.database.execute("SELECT name, value FROM fact"))
        for name, signature, body in entries:
            if body["kind"] == "genesis" and name == known.get("project") and signed(body["value"]["sign_key"], signature, name):
                self.root = name
                self.learn(name, {**body["value"], "role": "lead", "stream": body["stream"]})
        if self.root is None:
            self.faults.append("there is no genesis that the project is named by")
        more = True
        while more:
            more = False
            for name, signature, body in entries:
                author = self.devices.get(body["device"])
                if body["kind"] != "enrol" or author is None or author["role"] != "lead" or name in self.admissions():
                    continue
                if author["member"] == body["actor"] and signed(author["sign_key"], signature, name):
                    self.learn(name, body["value"])
                    more = True

    def learn(self, name: str, value: dict[str, Any]) -> None:
        if hashlib.sha256(bytes.fromhex(value["sign_key"])).hexdigest() == value["device"]:
            self.devices.setdefault(value["device"], {**value, "entry": name})

    def admissions(self) -> set[str]:
        return {device["entry"] for device in self.devices.values()}

    def entry(self, row: Any, body: dict[str, Any], heads: dict[str, tuple[int, str]]) -> None:
        """Signature, author, project, link and note of one entry."""
        where, name, stream = f"entry {body['seq']} of {body['stream'][:8]}", row[2].hex(), body["stream"]
        device = self.devices.get(body["device"])
        if device is None or device["member"] != body["actor"]:
            self.faults.append(f"{where}: its device was not admitted")
        elif not signed(device["sign_key"], row[5], name):
            self.faults.append(f"{where}: its signature does not hold")
        if body["project"] != (None if body["kind"] == "genesis" else self.root):
            self.faults.append(f"{where}: another project")
        if stream in heads:
            follows = (body["seq"] - 1, body["prev"]) == heads[stream]
        elif body["kind"] == "genesis":
            follows = body["seq"] == 1 and body["prev"] is None
        else:
            follows = body["seq"] == 1 and device is not None and (body["prev"], stream) == (device["entry"], device["stream"])
        if not follows:
            self.faults.append(f"{where}: it does not follow the one before it")
        heads[stream] = (body["seq"], name)
        if body["note"] is not None:
            found = self.database.execute("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(body["note"]["blob"]),)).fetchone()
            if found is None or tagged("note", found[0]) != body["note"]["c"]:
                self.faults.append(f"{where}: its note is not the text that was signed")

    def set_digest(self) -> str:
        return hashlib.sha256(b"".join(sorted(self.hashes))).hexdigest()


def main() -> int:
    checker = Checker(Path(sys.argv[1]))
    checker.run()
    for fault in checker.faults:
        print(fault)
    print(f"{checker.entries} entries, {len(checker.faults)} faults, set digest {checker.set_digest()}")
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
