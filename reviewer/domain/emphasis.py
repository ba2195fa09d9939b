"""Markdown's marks of emphasis, as policies bear them."""

import re


def unmarked(text: str) -> str:
    """Without Markdown's marks of emphasis, on one line."""
    return " ".join(re.sub(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[^\W_])_{1,3}(?!\w)", "", text).split())
