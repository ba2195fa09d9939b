"""Makes the sample: `python -m tests.sample.make_sample [FOLDER]` writes runs.jsonl and answers.jsonl there, else where they belong.

The same script gives the same bytes on every machine: chance comes from names, pictures from our own encoder.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.sample import asides, stories, tools
from tests.sample.chance import Chance
from tests.sample.moves import Decks
from tests.sample.telling import ALL, MONTHS, WEEKDAYS, Answer, Run, Story

SEED = "larkfield-wrenmoor-kestrelmark"
_HERE = Path(__file__).resolve().parent
RUNS = _HERE.parents[1] / "resources" / "sample" / "runs.jsonl"
ANSWERS = _HERE / "answers.jsonl"
_MODELS = ("helper-large-2026-08", "helper-large-2026-08", "helper-small-2026-05", "helper-small-2026-05", "attendant-3.1")
_HOUSES = {"support": "Larkfield", "claims": "Wrenmoor Mutual", "trading": "Kestrelmark Brokerage"}
_SYSTEM = (
    "You answer for {house}. It is {day}.",
    "Agent of {house}, {domain} desk. Today: {iso}.",
    "{house} {domain} assistant. Date {iso}. Keep to the written policy.",
    "You work for {house} and follow its policy. Current date: {day}.",
)


class Made(NamedTuple):
    """One run as it is written, and its answer."""

    record: dict[str, Any]
    answer: dict[str, str]


class _Told(NamedTuple):
    run: Run
    made: Made


def _when(told: Story, chance: Chance) -> datetime:
    day = told.after + timedelta(days=chance.below((told.before - told.after).days + 1))
    first, last = (6, 22) if told.domain == "support" else (8, 16)
    if told.domain != "support":
        while day.weekday() > 4:
            day += timedelta(days=1 if day + timedelta(days=2) <= told.before else -1)
    return datetime(day.year, day.month, day.day, chance.between(first, last), chance.below(60), chance.below(60), tzinfo=UTC)


def _metadata(run: Run, chance: Chance) -> dict[str, Any]:
    data: dict[str, Any] = {
        "channel": chance.one(
            {"support": ("chat", "chat", "app", "mail"), "claims": ("chat", "portal", "mail"), "trading": ("chat", "app", "portal")}[
                run.story.domain
            ]
        ),
        "site": chance.one(("north", "south", "online")),
        "seconds": sum(chance.between(9, 70) for _ in run.messages),
    }
    if chance.share(0.6):
        data["language"] = "en"
    if chance.share(0.35):
        data["build"] = chance.pattern("####.#")
    return data


def _told(told: Story, deal: Callable[[Any], str]) -> _Told:
    chance = Chance(f"{SEED}/{told.name}")
    when = _when(told, chance)
    run = Run(told, chance, when, deal, asides.dealer(told.domain, deal))
    house = {
        "house": _HOUSES[told.domain],
        "domain": told.domain,
        "iso": when.date(),
        "day": f"{WEEKDAYS[when.weekday()]}, {when.day} {MONTHS[when.month - 1]} {when.year}",
    }
    if chance.share(0.35):
        run.messages.append({"role": "system", "content": chance.one(_SYSTEM).format(**house)})
    told.tell(run)
    if run.answer is None:
        raise ValueError(f"The story {told.name} gives no answer.")
    digest = hashlib.sha256(f"{SEED}:{told.name}".encode()).hexdigest()
    record: dict[str, Any] = {
        "id": f"run-{digest[:10]}",
        "agent": told.domain,
        "model": chance.one(_MODELS),
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if run.tools and chance.share(0.45):
        record["tools"] = []
    record["messages"] = run.messages
    record["metadata"] = _metadata(run, chance)
    return _Told(run, Made(record, _keyed(record["id"], run.answer)))


def _keyed(run_id: str, answer: Answer) -> dict[str, str]:
    return {"id": run_id, "verdict": answer.verdict, "kind": answer.kind, "clause": answer.clause, "step": answer.step, "why": answer.why}


def made_runs() -> list[Made]:
    """All runs in the order of their time."""
    if not stories.FILES:
        raise ValueError("No story file is listed in tests/sample/stories.")
    decks = Decks(Chance(f"{SEED}/decks"))
    told = [_told(each, decks.deal) for each in ALL]
    known = tools.catalogue((each.run.story.domain, each.run.tools) for each in told)
    for run, made in told:
        if "tools" in made.record:
            chance = Chance(f"{SEED}/tools/{run.story.name}")
            made.record["tools"] = tools.declared(run.tools, known[run.story.domain], chance)
    return sorted((each.made for each in told), key=lambda made: (made.record["time"], made.record["id"]))


def write_sample(runs: Path, answers: Path) -> int:
    """Writes both files; returns the number of runs."""
    made = made_runs()
    for path, rows in ((runs, [m.record for m in made]), (answers, [dict(m.answer) for m in made])):
        path.write_bytes(b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows))
    return len(made)


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, help="where to write both files")
    folder: Path | None = asked.parse_args().folder
    count = write_sample(folder / "runs.jsonl" if folder else RUNS, folder / "answers.jsonl" if folder else ANSWERS)
    print(f"{count} runs")


if __name__ == "__main__":
    main()
