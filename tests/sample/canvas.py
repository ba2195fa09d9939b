"""A small raster: filled shapes, thick lines and a 5 x 7 letter set, in at most 16 colours."""

from itertools import pairwise

from tests.sample.png import encoded

PALETTE = [
    (250, 249, 246), (33, 37, 41), (120, 126, 133), (214, 217, 220), (38, 84, 140), (92, 141, 196), (178, 58, 46), (232, 168, 56),
    (74, 124, 89), (160, 196, 157), (139, 101, 70), (205, 176, 140), (240, 228, 208), (96, 72, 120), (255, 255, 255), (60, 66, 74),
]  # fmt: skip
PAPER, INK, GREY, PALE, BLUE, SKY, RED, AMBER, GREEN, MINT, BROWN, TAN, CREAM, PLUM, WHITE, SLATE = range(16)

# Five columns a letter, lowest bit at the top.
_COLUMNS = {
    "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941", "F": "7F09090901", "G": "3E4149497A",
    "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01", "K": "7F08142241", "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F",
    "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946", "S": "4649494931", "T": "01017F0101", "U": "3F4040403F",
    "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463", "Y": "0708700807", "Z": "6151494543", "0": "3E5149453E", "1": "00427F4000",
    "2": "4261514946", "3": "2141454B31", "4": "1814127F10", "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936",
    "9": "064949291E", ".": "0060600000", ",": "0050300000", ":": "0036360000", "-": "0808080808", "/": "2010080402", "%": "2313086462",
    "(": "001C224100", ")": "0041221C00", "+": "08083E0808", "*": "14083E0814", "'": "0005030000", "&": "3649552250", "#": "147F147F14",
    "<": "0814224100", ">": "0041221408", "=": "1414141414", "?": "0201510906", "!": "00005F0000",
}  # fmt: skip


class Canvas:
    """Pixels from the top left; every shape is cut at the edge."""

    def __init__(self, width: int, height: int, ground: int = PAPER) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray([ground]) * width for _ in range(height)]

    def dot(self, x: int, y: int, colour: int) -> None:
        """One pixel."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._rows[y][x] = colour

    def box(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        """A filled rectangle."""
        for row in range(max(y, 0), min(y + height, self.height)):
            for column in range(max(x, 0), min(x + width, self.width)):
                self._rows[row][column] = colour

    def frame(self, x: int, y: int, width: int, height: int, colour: int, thick: int = 2) -> None:
        """The outline of a rectangle, inside its edges."""
        self.box(x, y, width, thick, colour)
        self.box(x, y + height - thick, width, thick, colour)
        self.box(x, y, thick, height, colour)
        self.box(x + width - thick, y, thick, height, colour)

    def disc(self, x: int, y: int, radius: int, colour: int) -> None:
        """A filled circle about (x, y)."""
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                if dx * dx + dy * dy <= radius * radius:
                    self.dot(x + dx, y + dy, colour)

    def line(self, points: list[tuple[int, int]], colour: int, thick: int = 2) -> None:
        """A line through the points."""
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(abs(x1 - x0), abs(y1 - y0), 1)
            for step in range(steps + 1):
                x = x0 + (2 * (x1 - x0) * step + steps) // (2 * steps)
                y = y0 + (2 * (y1 - y0) * step + steps) // (2 * steps)
                self.box(x - thick // 2, y - thick // 2, thick, thick, colour)

    def text(self, x: int, y: int, words: str, colour: int = INK, size: int = 2) -> None:
        """Capitals, digits and some signs, `size` pixels a dot, (x, y) the top left of the first letter."""
        for letter in words.upper():
            columns = bytes.fromhex(_COLUMNS[letter]) if letter != " " else b""
            for column, bits in enumerate(columns):
                for row in range(7):
                    if bits >> row & 1:
                        self.box(x + column * size, y + row * size, size, size, colour)
            x += 6 * size

    def png(self) -> bytes:
        """The picture as PNG bytes."""
        return encoded(self._rows, PALETTE)
