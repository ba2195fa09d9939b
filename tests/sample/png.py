"""A PNG writer whose bytes do not depend on the machine: zlib builds differ in what they make of the same pixels, this does not."""

import base64
import struct
import zlib

# Length codes of RFC 1951 3.2.5: (shortest length, extra bits, symbol).
_LENGTHS = [(3 + i, 0, 257 + i) for i in range(8)]
_LENGTHS += [(3 + (4 + j << extra), extra, 257 + 4 * (extra + 1) + j) for extra in range(1, 6) for j in range(4)]
_LONGEST = 130


class _Bits:
    def __init__(self) -> None:
        self.out = bytearray()
        self._held = 0
        self._count = 0

    def put(self, value: int, width: int) -> None:
        self._held |= value << self._count
        self._count += width
        while self._count >= 8:
            self.out.append(self._held & 255)
            self._held >>= 8
            self._count -= 8

    def put_code(self, code: int, width: int) -> None:
        self.put(int(f"{code:0{width}b}"[::-1], 2), width)

    def flush(self) -> None:
        if self._count:
            self.put(0, 8 - self._count)


def _put_symbol(bits: _Bits, symbol: int) -> None:
    """The fixed Huffman code of RFC 1951, section 3.2.6."""
    if symbol < 144:
        bits.put_code(0x30 + symbol, 8)
    elif symbol < 256:
        bits.put_code(0x190 + symbol - 144, 9)
    elif symbol < 280:
        bits.put_code(symbol - 256, 7)
    else:
        bits.put_code(0xC0 + symbol - 280, 8)


def _put_repeat(bits: _Bits, length: int, distance: int) -> None:
    base, extra, symbol = max(entry for entry in _LENGTHS if entry[0] <= length)
    _put_symbol(bits, symbol)
    bits.put(length - base, extra)
    if distance <= 4:
        bits.put_code(distance - 1, 5)
        return
    width = (distance - 1).bit_length() - 2
    bits.put_code(2 * width + 2 + ((distance - 1) >> width & 1), 5)
    bits.put((distance - 1) & ((1 << width) - 1), width)


def _deflated(raw: bytes, row: int) -> bytes:
    """A zlib stream that repeats only the byte before and the row above: enough for line drawings."""
    bits = _Bits()
    bits.put(1, 1)
    bits.put(1, 2)
    at = 0
    while at < len(raw):
        best, distance = 0, 0
        for back in (1, row):
            length = 0
            if back <= at:
                while length < _LONGEST and at + length < len(raw) and raw[at + length] == raw[at + length - back]:
                    length += 1
            if length > best:
                best, distance = length, back
        if best >= 3:
            _put_repeat(bits, best, distance)
            at += best
        else:
            _put_symbol(bits, raw[at])
            at += 1
    _put_symbol(bits, 256)
    bits.flush()
    return b"\x78\x01" + bytes(bits.out) + struct.pack(">I", zlib.adler32(raw))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def encoded(rows: list[bytearray], palette: list[tuple[int, int, int]]) -> bytes:
    """PNG bytes of an image of palette indexes, one byte a pixel, at most 16 colours."""
    width = len(rows[0])
    packed = bytearray()
    for row in rows:
        padded = row + bytearray(width % 2)
        packed.append(0)
        packed.extend(padded[i] << 4 | padded[i + 1] for i in range(0, len(padded), 2))
    header = struct.pack(">IIBBBBB", width, len(rows), 4, 3, 0, 0, 0)
    body = _deflated(bytes(packed), (width + 1) // 2 + 1)
    colours = b"".join(bytes(colour) for colour in palette)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"PLTE", colours) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def data_url(png: bytes) -> str:
    """The picture as a data: address, the form in which chat records carry it."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
