"""Many SHA-256 digests in little memory: 32 bytes each, where a set of Python's takes five times as much."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Sorted: TypeAlias = NDArray[np.bytes_]

_SIZE = 32
_KIND = f"S{_SIZE}"


class Digests:
    """Digests, given as hex; how often one was given does not matter."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._raw = bytearray()
        self.update(names)

    def update(self, names: Iterable[str]) -> None:
        """Take more of them."""
        for name in names:
            self._raw += bytes.fromhex(name)

    def distinct(self) -> bytes:
        """Each once, in order, one behind the other."""
        return self._sorted().tobytes()

    def count(self, among: Iterable[bytes]) -> int:
        """How many of some digests, each named once, are here."""
        import numpy as np

        return int(np.isin(np.array(list(among), _KIND), self._sorted(), assume_unique=True).sum())

    def _sorted(self) -> "_Sorted":
        import numpy as np  # not above: much loads this module that never asks

        # Zeros at the end of a digest are no end of it here: all are as long, and numpy compares them as if filled up with zeros.
        found: Any = np.unique(np.frombuffer(bytes(self._raw), _KIND))
        return found  # type: ignore[no-any-return] # numpy's own types do not say
