"""Many SHA-256 digests in little memory: 32 bytes each, where a set of Python's takes five times as much."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

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
        self._in_order = True
        self.update(names)

    def update(self, names: Iterable[str]) -> None:
        """Take more of them."""
        self._raw += b"".join(map(bytes.fromhex, names))
        self._in_order = False

    def distinct(self) -> bytes:
        """The bytes of each, once, in order, one behind the other."""
        return bytes(self._sorted())

    def count(self, among: Iterable[bytes]) -> int:
        """How many of some digests, each named once, are here."""
        import numpy as np

        here, asked = self._sorted(), np.array(list(among), _KIND)
        if not len(here):
            return 0
        places = np.minimum(np.searchsorted(here, asked), len(here) - 1)
        return int((here[places] == asked).sum())

    def _sorted(self) -> "_Sorted":
        import numpy as np  # not above: much loads this module that never asks

        # Zeros at the end of a digest are no end of it here: all are as long, and numpy compares them as if filled up with zeros.
        if not self._in_order:
            self._raw, self._in_order = bytearray(np.unique(np.frombuffer(self._raw, _KIND))), True
        return np.frombuffer(self._raw, _KIND)
