"""What a judge said, as JSON lines: `{"item" or "external_id", "verdict"?, "score"?, "rationale"?}`."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import IO

import msgspec

from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Verdict
from reviewer.formats import json_lines
from reviewer.formats.json_lines import FIX, Line

MAX_RATIONALE_BYTES = 64 * 1024
_PLACES = 15
_FORM = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


class SuggestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A judge's opinion of an item. Unknown fields are left alone."""

    item: str | None = None
    external_id: str | None = None
    verdict: Verdict | None = None
    score: float | int | str | None = None
    rationale: str | None = None


_decoder = msgspec.json.Decoder(SuggestionLine)


def read(stream: IO[bytes]) -> Iterator[Line[SuggestionLine]]:
    """The lines of a stream that are not blank."""
    return json_lines.read(stream, _decoder, _check)


def _check(said: SuggestionLine) -> None:
    json_lines.require_item(said.item, said.external_id)
    if said.verdict is None and said.score is None:
        raise Refused("Neither verdict nor score is given.", FIX)
    if said.score is not None:
        decimal(said.score)
    if said.rationale is not None and len(said.rationale.encode()) > MAX_RATIONALE_BYTES:
        raise Refused("The rationale is longer than 64 kB.", FIX)


def decimal(score: float | int | str) -> str:
    """A score as a plain decimal of at most 15 digits on either side. Raises Refused for what is none."""
    try:
        number = Decimal(str(score)) if len(str(score)) <= 400 else Decimal("NaN")
        if number.is_finite() and abs(number.adjusted()) <= 400:
            number = number.quantize(Decimal(1).scaleb(-_PLACES), ROUND_HALF_EVEN) if number.as_tuple().exponent < -_PLACES else number  # type: ignore[operator] # a finite number has an exponent
    except InvalidOperation as error:
        raise _no_score(score) from error
    text = format(number, "f") if number.is_finite() else ""
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if not _FORM.fullmatch(text):
        raise _no_score(score)
    return "0" if text == "-0" else text


def _no_score(score: float | int | str) -> Refused:
    return Refused(f"“{shown(str(score)[:60], 40)}” is not a score.", "Give a number of at most 15 digits before the point.")
