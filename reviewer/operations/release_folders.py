"""The folder of a release as it is read back: its manifest, who signed it, and the rows of its files with what they are traced by."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer.domain import canonical, releases
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.releases import Manifest, ReleasedFile
from reviewer.formats.release_lines import Trace
from reviewer.operations.release_files import DATA, LINEAGE
from reviewer.storage import keys
from reviewer.storage.workspace import Reading

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
NO_MANIFEST = "It is not the manifest that was written."


class Told(NamedTuple):
    """A folder and what its manifest says; None where it is none."""

    folder: Path
    manifest: Manifest | None
    raw: bytes
    signature: bytes


class Seen(Trace, frozen=True, kw_only=True, gc=False):
    """What a row is made of and what it says, without its texts."""

    reviewer_row: str
    label: bool | None = None
    labels: msgspec.Raw = msgspec.Raw()
    answer: msgspec.Raw = msgspec.Raw()


class Place(NamedTuple):
    """Where a row stands: its file below the folder, its line from 1, and the byte at which that begins."""

    file: str
    line: int
    offset: int

    @property
    def part(self) -> str:
        """The part that the row is in."""
        return Path(self.file).stem


_seen = msgspec.json.Decoder(Seen)


def read(folder: Path) -> Told:
    """The manifest of a folder and its signature. Raises NotFound for one that is no release."""
    try:
        raw, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError as error:
        raise NotFound(f"{shown(str(folder), 200)} is not a release.", "Name a folder that `reviewer release` made.") from error
    try:
        return Told(folder, msgspec.convert(canonical.decode(raw), Manifest), raw, signature)
    except (Damaged, msgspec.ValidationError):
        return Told(folder, None, raw, signature)


def signature_problem(reading: Reading, told: Told) -> tuple[str, str] | None:
    """What is wrong with who signed a manifest: where, and in words; None where a device of this project did."""
    try:
        signed = canonical.decode(told.signature)
        device, key, signature = signed["device"], signed["key"], bytes.fromhex(signed["signature"])
    except (Damaged, KeyError, TypeError, ValueError):
        return SIGNATURE, "It is no signature."
    known = reading.row("SELECT sign_key FROM device WHERE id = ?", (device,))
    if known is None or known[0] != key:
        return SIGNATURE, "The device that signed it is not one of this project."
    if not keys.verifies(keys.public_key(key), signature, releases.signed_bytes(told.raw)):
        return MANIFEST, "It is not what was signed."
    if told.manifest is None or told.manifest.project != reading.fact("project"):
        return MANIFEST, "It belongs to another project."
    return None


def rows(folder: Path, manifest: Manifest) -> Iterator[tuple[Place, Seen]]:
    """Every row, part by part. Raises Damaged for a file that is not what the manifest says, at its end at the latest."""
    for file in traced_files(manifest):
        digest, offset = hashlib.sha256(), 0
        try:
            with (folder / file.path).open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    digest.update(line)
                    yield Place(file.path, number, offset), seen(line)
                    offset += len(line)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _not_what_it_was(folder, file.path) from error
        if digest.hexdigest() != file.sha256:
            raise _not_what_it_was(folder, file.path)


def traced_files(manifest: Manifest) -> list[ReleasedFile]:
    """The files of lines that say what each row is made of: those of the data, or of its lineage where that lies apart."""
    lines = [file for file in manifest.files if file.path.endswith(".jsonl") and ".." not in Path(file.path).parts]
    apart = [file for file in lines if file.path.startswith(f"{LINEAGE}/")]
    return apart or [file for file in lines if file.path.startswith(f"{DATA}/")]


def seen(line: bytes) -> Seen:
    """What a line of such a file says. Raises msgspec.DecodeError."""
    return _seen.decode(line)


def _not_what_it_was(folder: Path, name: str) -> Damaged:
    return Damaged(f"{name} of {shown(str(folder), 200)} is not what its manifest says.", "`reviewer release check DIR` says more of it.")
