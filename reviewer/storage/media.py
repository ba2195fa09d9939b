"""The media of items: files below `media/`, named by their hash, durable before anything names them; sealed in an encrypted workspace."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged, NotFound
from reviewer.storage.folders import sync_folder, write_durably

if TYPE_CHECKING:
    from reviewer.storage.sealing import Seal

_SEALED = "sealed"


class Media(NamedTuple):
    """Where the media of a workspace lie. seal: of an encrypted one, under which names tell nothing either."""

    folder: Path
    seal: "Seal | None" = None

    def file(self, sha256: str) -> Path:
        """Where a medium lies. Raises ValueError for a name that is no hash, so that no text from a file becomes a path."""
        if len(sha256) != 64 or any(c not in "0123456789abcdef" for c in sha256):
            raise ValueError("not a SHA-256")
        if self.seal is None:
            return self.folder / "media" / sha256[:2] / sha256
        name = self.seal.hidden("media", sha256)
        return self.folder / "media" / _SEALED / name[:2] / name

    def keep(self, media: Sequence[tuple[str, bytes]]) -> None:
        """Store media durably, before anything names them. Raises Damaged where the bytes are not what the hash says."""
        for sha256, content in media:
            path = self.file(sha256)
            if sha256_hex(content) != sha256:
                raise Damaged(f"A medium is not what its hash {sha256[:8]} says.", "Import its file again.")
            if path.is_file() and self._is_whole(sha256):
                continue  # one that changed on the disk is put right
            fresh = not path.parent.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, content if self.seal is None else self.seal.close("media", content, name=sha256))
            if fresh:
                for above in (path.parent.parent, self.folder / "media", self.folder):
                    sync_folder(above)

    def read(self, sha256: str) -> bytes:
        """The bytes of a medium. Raises NotFound where this replica lacks it, Damaged where they changed."""
        try:
            content = self.file(sha256).read_bytes()
        except OSError as error:
            raise NotFound(
                f"The medium {sha256[:8]} is not on this machine.", "Import its file again, or ask for a bundle that carries it."
            ) from error
        damaged = Damaged(f"The medium {sha256[:8]} is not what its hash says.", "Import its file again.")
        if self.seal is not None:
            try:
                content = self.seal.open("media", content, name=sha256)
            except Damaged as error:
                raise damaged from error
        if sha256_hex(content) != sha256:
            raise damaged
        return content

    def plain_files(self) -> list[Path]:
        """The files of media that are not sealed."""
        return sorted(path for path in (self.folder / "media").glob("[0-9a-f][0-9a-f]/*") if path.is_file())

    def sealed_folder(self) -> Path:
        """Where sealed media lie."""
        return self.folder / "media" / _SEALED

    def _is_whole(self, sha256: str) -> bool:
        try:
            self.read(sha256)
        except (NotFound, Damaged):
            return False
        return True
