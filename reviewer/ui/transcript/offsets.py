"""Code points and UTF-16 units: the journal counts the one, Qt the other."""


def utf16_length(text: str) -> int:
    """Units that Qt counts for a text; two for each character above U+FFFF."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_utf16(text: str, code_points: int) -> int:
    """The UTF-16 offset of a code point offset in the same text. Offsets past the end count as the end."""
    return utf16_length(text[:code_points]) if not text.isascii() else min(code_points, len(text))


def to_code_points(text: str, units: int) -> int:
    """The code point offset of a UTF-16 offset in the same text. One that falls inside a pair counts as behind the pair."""
    if text.isascii():
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass"))
