"""Characters that nobody sees, or that turn the reading direction: found, counted, and made visible."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

_NAMES = {
    0x00AD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x115F: "filler",
    0x1160: "filler",
    0x17B4: "inherent vowel",
    0x17B5: "inherent vowel",
    0x180E: "MVS",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "line separator",
    0x2029: "paragraph separator",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2061: "apply",
    0x2062: "times",
    0x2063: "separator",
    0x2064: "plus",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0x3164: "filler",
    0xFEFF: "BOM",
    0xFFA0: "filler",
}
_CONTROLS = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "BEL",
    "BS",
    "HT",
    "LF",
    "VT",
    "FF",
    "CR",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "FS",
    "GS",
    "RS",
    "US",
]

_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{7,}"
)
_SUSPECT_OR_COMBINING = re.compile(_SUSPECT.pattern.replace("{7,}", ""))
_ASCII_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ASCII_CONTROLS = bytes([*range(9), *range(11, 32), 127])
_FLAGS = tuple("\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in name) + "\U000e007f" for name in ("gbeng", "gbsct", "gbwls"))
_STORM_KEPT = 6  # combining characters on one letter before the rest becomes a mark


class Mark(NamedTuple):
    """One replacement: code points start to end of the source are shown as `length` code points at `at` of the shown text."""

    start: int
    end: int
    at: int
    length: int


class Shown(NamedTuple):
    """A text as it is shown: every hidden character has become a word in angle brackets."""

    text: str
    marks: tuple[Mark, ...] = ()

    def to_shown(self, offset: int) -> int:
        """Where a code point offset of the source stands in the shown text."""
        at = bisect_right(self.marks, offset, key=lambda mark: mark.start) - 1
        if at < 0:
            return offset
        mark = self.marks[at]
        return mark.at + mark.length + offset - mark.end if offset >= mark.end else mark.at

    def end_of(self, offset: int) -> int:
        """Where what ends at a code point offset of the source ends in the shown text: before what was put in there, behind a mark that
        stands for what it cuts through."""
        at = bisect_left(self.marks, offset, key=lambda mark: mark.start) - 1
        if at < 0:
            return offset
        mark = self.marks[at]
        return mark.at + mark.length + max(0, offset - mark.end)

    def put_in(self, words: Sequence[tuple[int, str]]) -> "Shown":
        """The same with words of our own in it, each behind what ends at a code point offset of the source. They stand for no text."""
        shown = self
        ordered = sorted(words, key=itemgetter(0))
        for offset, word in reversed(ordered):  # from the end: what stands before does not move
            at = shown.end_of(offset)
            behind = bisect_left(shown.marks, offset, key=lambda mark: mark.start)
            moved = (mark._replace(at=mark.at + len(word)) for mark in shown.marks[behind:])
            marks = (*shown.marks[:behind], Mark(offset, offset, at, len(word)), *moved)
            shown = Shown(shown.text[:at] + word + shown.text[at:], marks)
        return shown

    def to_source(self, offset: int) -> int:
        """Where a code point offset of the shown text stands in the source; inside a mark: before it."""
        at = bisect_right(self.marks, offset, key=lambda mark: mark.at) - 1
        if at < 0:
            return offset
        mark = self.marks[at]
        return mark.end + offset - mark.at - mark.length if offset >= mark.at + mark.length else mark.start


def count(text: str) -> int:
    """How many invisible or direction marks a text holds. Line ends, tabs, and the joiners that emoji and some scripts need are none."""
    if text.isascii():
        raw = text.encode("ascii")
        found = len(raw) - len(raw.translate(None, _ASCII_CONTROLS))
        return found - text.count("\r\n") if found else 0
    if not _SUSPECT_OR_COMBINING.search("".join(set(text))):  # a set is six times quicker than a search through the whole text
        return 0
    return len(_found(text))


def reveal(text: str) -> Shown:
    """The text with each hidden character replaced by a word; `\\r\\n` is shown as a line end."""
    if text.isascii() and not _ASCII_SUSPECT.search(text):
        return Shown(text)
    return _replaced(text, _found(text, with_line_ends=True))


def escape(text: str) -> Shown:
    """The raw view of a text: hidden characters as `\\uXXXX`, all else untouched."""
    if text.isascii() and not _ASCII_SUSPECT.search(text):
        return Shown(text)
    return _replaced(text, [(start, end, "".join(_escaped(c) for c in text[start:end])) for start, end, _word in _found(text, bare=True)])


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _replaced(text: str, found: list[tuple[int, int, str]]) -> Shown:
    if not found:
        return Shown(text)
    pieces: list[str] = []
    marks: list[Mark] = []
    done = at = 0
    for start, end, word in found:
        pieces.append(text[done:start])
        at += start - done
        pieces.append(word)
        marks.append(Mark(start, end, at, len(word)))
        at += len(word)
        done = end
    pieces.append(text[done:])
    return Shown("".join(pieces), tuple(marks))


def _found(text: str, *, with_line_ends: bool = False, bare: bool = False) -> list[tuple[int, int, str]]:
    """Each mark: from, to, and the word that stands for it. With line ends, the first half of each CR LF too (its word is empty). Bare:
    joiners at their lawful work count as well."""
    found: list[tuple[int, int, str]] = []
    for match in _SUSPECT.finditer(text):
        start, end = match.span()
        if end - start > 1:
            found.append((start + _STORM_KEPT, end, f"⟨+{end - start - _STORM_KEPT} combining⟩"))
        elif text[start] == "\r" and text[end : end + 1] == "\n":
            if with_line_ends or bare:
                found.append((start, end, ""))
        elif bare or not _needed(text, start):
            found.append((start, end, f"⟨{_word(ord(text[start]))}⟩"))
    return found


def _word(code: int) -> str:
    if code < 0x20:
        return _CONTROLS[code]
    if code == 0x7F:
        return "DEL"
    return _NAMES.get(code, f"U+{code:04X}")


def _needed(text: str, at: int) -> bool:
    """True for a joiner or selector that does its lawful work: inside an emoji, or between letters of a script that joins."""
    code = ord(text[at])
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if code == 0x200D and _pictures(before, after):
        return True
    if code in (0x200C, 0x200D):
        return _joins(before) and _joins(after)
    if code in (0xFE0E, 0xFE0F):
        return bool(before) and (before in "#*0123456789" or unicodedata.category(before) in ("So", "Sm", "Po", "Pd"))
    if 0xE0020 <= code <= 0xE007F:
        return any(
            text.startswith(flag, back) and at < back + len(flag)
            for flag in _FLAGS
            for back in (text.rfind("\U0001f3f4", 0, at),)
            if back >= 0
        )
    return False


def _pictures(before: str, after: str) -> bool:
    if not before or not after or unicodedata.category(after) != "So":
        return False
    return unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f"  # Sk: the skin tones


def _joins(char: str) -> bool:
    code = ord(char) if char else 0
    return 0x0600 <= code <= 0x109F or 0x1780 <= code <= 0x18AF or 0xFB50 <= code <= 0xFDCF or 0xFE70 <= code <= 0xFEFC
