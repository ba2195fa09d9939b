"""Taking private details out of a text before it is sent anywhere: e-mail addresses, account, card and phone numbers.

Each is replaced by words such as `[e-mail 1]`, the same value by the same words throughout an item, so that a reader can still tell who is
who. What looks like a number and fails its check digits is left: an order number is no card. This finds forms, not people: names, addresses
and what somebody spells out stay, and whoever sends is shown what will go.

Sources: ISO/IEC 7812-1 annex B (Luhn's check digit of cards); ISO 13616 (IBAN, ISO 7064 mod 97-10); E.164 (at most 15 digits).
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

VERSION = 1
"""Part of the key under which answers are kept: another version sends other words."""

KINDS = ("e-mail", "account", "card", "phone")

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?<![.-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])")
_ACCOUNT = re.compile(
    r"(?P<before>\b(?:account|acct|routing|sort[ _-]?code|konto|kontonummer|compte|cuenta|conto)"
    r"(?:[ _-]?(?:number|no|nr|num|id))?[.\"']{0,2}\s{0,3}(?:is|:|=|#)?\s{0,3}[\"'#]{0,2})(?P<value>\d(?:[ -]?\d){4,16})(?!\w)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}"  # +49 30 1234567
    r"|\(\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}"  # (555) 123-4567
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}"  # 555-123-4567
    r"|0\d{2,4}[ /-]\d{5,9})(?![\w-])"  # 030 12345678
)


class Redacted(NamedTuple):
    """A text without private details, and how many different ones of each kind it held; kinds without any are left out."""

    text: str
    counts: dict[str, int]


def redact(text: str) -> Redacted:
    """The text with every detail of a known kind replaced."""
    known: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()

    def stands_for(kind: str, value: str) -> str:
        key = kind, _plain(kind, value)
        if key not in known:
            counts[kind] += 1
            known[key] = f"[{kind} {counts[kind]}]"
        return known[key]

    def replacing(kind: str, holds: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
        return lambda found: stands_for(kind, found[0]) if holds(found[0]) else found[0]

    text = _EMAIL.sub(replacing("e-mail", lambda _: True), text)
    text = _IBAN.sub(replacing("account", _is_iban), text)
    text = _CARD.sub(replacing("card", _is_card), text)
    text = _ACCOUNT.sub(lambda found: found["before"] + stands_for("account", found["value"]), text)
    text = _PHONE.sub(replacing("phone", lambda _: True), text)
    return Redacted(text, {kind: counts[kind] for kind in KINDS if counts[kind]})


def _plain(kind: str, value: str) -> str:
    """What makes two spellings one value: `4111-1111…` is `4111 1111…`."""
    return value.casefold() if kind == "e-mail" else "".join(c for c in value if c.isalnum())


def _is_card(value: str) -> bool:
    digits = [int(c) for c in value if c.isdigit()]
    if len(set(digits)) == 1:
        return False
    doubled = (2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _is_iban(value: str) -> bool:
    plain = value.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
