"""Agent runs made for measuring: about 7 kB each, words drawn by rank as in real text, as much said twice; the same for one seed."""

import json
import random
from itertools import accumulate
from pathlib import Path

_SYLLABLES = [consonant + vowel for consonant in "bdklmnrs" for vowel in "aeiou"]
_SENTENCES = 6_000
_SAID_AGAIN = 0.6  # then they pack to 0.21 of their size; AgentDojo's runs do to 0.20, tau-bench's to 0.22
_TOOLS = (
    "get_reservation_details",
    "search_flights",
    "cancel_reservation",
    "update_passenger",
    "send_certificate",
    "calculate",
    "get_user",
)
_AGENTS = ("airline", "retail", "claims", "trading")
_MODELS = ("helper-large-2026-05", "helper-large-2026-08", "helper-small-2026-08")


def write_chats(path: Path, items: int, *, seed: int = 7, kilobytes: int = 7) -> int:
    """Write a JSONL file of chats of about so many kB each. Returns its size in bytes."""
    turns = max(1, kilobytes * 4 // 7)
    chance = random.Random(seed)
    sentences = _sentences(chance)
    with path.open("w", encoding="ascii") as stream:
        for number in range(items):
            stream.write(json.dumps(_chat(chance, sentences, number, turns), separators=(",", ":")) + "\n")
    return path.stat().st_size


def write_pairs(path: Path, pairs: int, *, seed: int = 9, kilobytes: int = 8) -> None:
    """Write a JSONL file of preference pairs: one question, and two runs of about so many kB each that go on from it."""
    turns = max(1, kilobytes * 4 // 7)
    chance = random.Random(seed)
    sentences = _sentences(chance)
    with path.open("w", encoding="ascii") as stream:
        for number in range(pairs):
            (first, *chosen), (_, *rejected) = (_messages(chance, sentences, number, turns) for _ in range(2))
            stream.write(json.dumps({"prompt": [first], "chosen": chosen, "rejected": rejected}, separators=(",", ":")) + "\n")


def _sentences(chance: random.Random) -> list[str]:
    vocabulary = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)})
    chance.shuffle(vocabulary)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    return [" ".join(chance.choices(vocabulary, cum_weights=weights, k=chance.randint(6, 18))) for _ in range(_SENTENCES)]


def _messages(chance: random.Random, sentences: list[str], number: int, turns: int) -> list[dict[str, object]]:
    said: list[str] = []
    messages: list[dict[str, object]] = [{"role": "user", "content": _text(chance, sentences, 6, said)}]
    for turn in range(turns):
        call = {
            "id": f"call_{number}_{turn}",
            "type": "function",
            "function": {
                "name": chance.choice(_TOOLS),
                "arguments": json.dumps({"reservation_id": f"R{chance.randrange(10**6):06}", "note": _sentence(chance, sentences, said)}),
            },
        }
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        record = {
            "status": chance.choice(("available", "cancelled")),
            "amount": chance.randrange(2_000),
            "detail": _sentence(chance, sentences, said),
        }
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": json.dumps(record)})
        messages.append({"role": "assistant", "content": _text(chance, sentences, 9, said)})
        messages.append({"role": "user", "content": _text(chance, sentences, 6, said)})
    return messages


def _chat(chance: random.Random, sentences: list[str], number: int, turns: int) -> dict[str, object]:
    messages = _messages(chance, sentences, number, turns)
    minute = number % (60 * 24 * 28)
    return {
        "id": f"run-{number}",
        "agent": chance.choice(_AGENTS),
        "model": chance.choice(_MODELS),
        "time": f"2026-{5 + number % 6:02}-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z",
        "messages": messages,
    }


def _text(chance: random.Random, sentences: list[str], most: int, said: list[str]) -> str:
    return ". ".join(_sentence(chance, sentences, said) for _ in range(chance.randint(1, most))).capitalize() + "."


def _sentence(chance: random.Random, sentences: list[str], said: list[str]) -> str:
    """A new sentence or, as often as people and agents do, one that was said before."""
    if said and chance.random() < _SAID_AGAIN:
        return chance.choice(said)
    said.append(chance.choice(sentences))
    return said[-1]
