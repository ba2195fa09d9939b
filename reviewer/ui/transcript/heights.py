"""Heights of many blocks, some guessed, some measured: where does block i start, and which block is at this height; both in log time."""

from collections.abc import Sequence


class Heights:
    """A Fenwick tree over pixel heights."""

    def __init__(self, heights: Sequence[float]) -> None:
        self._heights = list(heights)
        self._size = len(self._heights)
        self._tree = [0.0, *self._heights]
        for i in range(1, self._size + 1):
            parent = i + (i & -i)
            if parent <= self._size:
                self._tree[parent] += self._tree[i]

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> float:
        return self._heights[index]

    def put(self, index: int, height: float) -> None:
        """Change the height of one block."""
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        i = index + 1
        while i <= self._size:
            self._tree[i] += change
            i += i & -i

    def top(self, index: int) -> float:
        """Where a block starts; `top(len(self))` is the height of all."""
        total = 0.0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def at(self, y: float) -> int:
        """The block at a height; the first or last one outside. Raises IndexError where there is no block."""
        if not self._size:
            raise IndexError("no blocks")
        index = 0
        step = 1 << self._size.bit_length()
        while step:
            ahead = index + step
            if ahead <= self._size and self._tree[ahead] <= y:
                index = ahead
                y -= self._tree[ahead]
            step >>= 1
        return min(index, self._size - 1)
