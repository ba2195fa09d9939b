"""The outputs of a comparison: what they share, the keys they are called by, and the order in which one reviewer sees them."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import msgspec

from reviewer.domain.chain import MemberId
from reviewer.domain.items import Candidate, ItemId, Message

KEYS = "ABCDEFGH"
MOST = len(KEYS)
"""As many as a person can put in order at once."""

T = TypeVar("T")
_encoder = msgspec.json.Encoder(order="sorted")


class Output(NamedTuple):
    """One of the outputs before it has a key."""

    messages: tuple[Message, ...]
    model: str | None = None


class Keyed(NamedTuple):
    """candidates: in the order of their keys. keys: those of the outputs, in the order in which these were given."""

    candidates: tuple[Candidate, ...]
    keys: tuple[str, ...]


def keyed(outputs: Sequence[Output]) -> Keyed:
    """Give 2 to 8 outputs their keys, by a hash of what they say: sources often put the better one first, and a key must not tell."""
    order = sorted(range(len(outputs)), key=lambda place: (_digest(outputs[place]), place))
    key_of = {place: KEYS[rank] for rank, place in enumerate(order)}
    candidates = tuple(Candidate(key=key_of[place], messages=outputs[place].messages, model=outputs[place].model) for place in order)
    return Keyed(candidates, tuple(key_of[place] for place in range(len(outputs))))


def _digest(output: Output) -> bytes:
    return hashlib.sha256(b"review/candidate/v1\n" + _encoder.encode(list(output))).digest()


def common_run(dialogues: Sequence[Sequence[T]]) -> int:
    """How many turns all dialogues begin with; each keeps one turn at least that is its own."""
    shortest = min(map(len, dialogues))
    same = 0
    while same < shortest and all(one[same] == dialogues[0][same] for one in dialogues):
        same += 1
    return max(min(same, shortest - 1), 0)


def shown_order(seed: str, item: ItemId, member: MemberId, keys: Sequence[str]) -> tuple[str, ...]:
    """The order in which a member sees the candidates: by HMAC-SHA256(seed, item id ‖ member ‖ key), the same each time."""
    return tuple(sorted(keys, key=lambda key: hmac.digest(seed.encode(), f"{item}{member}{key}".encode(), "sha256")))
