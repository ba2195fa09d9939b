"""A week of an airline's agents: items of three models, of which chance drew some; two people labelled these, and two judges said something
of every item."""

import json
from pathlib import Path

import msgspec

from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.domain.sampling import permanent_random_number
from reviewer.operations import campaigns, members, policies, suggesting
from reviewer.storage.workspace import Workspace
from tests import opinions, worlds
from tests.opinions import NAME, PEOPLE, VERSION_1, VERSION_2, Labelled

MODELS = ("gpt-4o-2024-05", "gpt-4o-2024-08", "sonnet-3.5-new")
SCORING, RULING = "gpt@2", "rules@1"
_POPULATION, _DRAWN, _OPEN = 240, 126, 6  # the last of those drawn, in the order of chance, are without an answer
_SEED = "s"
_EVERY = (3, 6, 8)  # of the items of each model, one in so many is broken
_CLAUSES = ("4.2", "4.2", "4.2", "5.1", "2.4")


def week(folder: Path) -> Labelled:
    """The items in the order of chance; the first are those drawn."""
    workspace = worlds.make(folder)
    runs = [worlds.run_of(n) for n in range(_POPULATION)]
    ids = worlds.put_in(workspace, [msgspec.structs.replace(one, model=MODELS[n % 3]) for n, one in enumerate(runs)])
    members.add_members(workspace, SILENT, names=list(PEOPLE))
    policies.add_text(workspace, SILENT, key="airline", content=VERSION_1, name="airline.md")
    rules = Campaign(name=NAME, query="", seed=_SEED, overlap=2, assign="all", policies=("airline",), design="srs")
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=PEOPLE, size=_DRAWN)
    broken = {item: n // 3 % _EVERY[n % 3] == 0 for n, item in enumerate(ids)}
    ordered = tuple(sorted(ids, key=lambda item: permanent_random_number(_SEED, item)))
    made = Labelled(workspace, ordered)
    _label(made, broken)
    policies.add_text(workspace, SILENT, key="airline", content=VERSION_2, name="airline.md", effective="2026-05-12")
    policies.activate_policy(workspace, SILENT, key="airline", number=2)
    suggest(made, SCORING, {item: _score(place, broken[item]) for place, item in enumerate(ordered)})
    verdicts = ("compliant", "non_compliant")
    suggest(made, RULING, {item: verdicts[broken[item] and place % 2 == 0] for place, item in enumerate(ordered[:_DRAWN])})
    return made


def suggest(made: Labelled, judge: str, said: dict[ItemId, float] | dict[ItemId, str]) -> None:
    """What a judge says of items: verdicts, or scores."""
    file = made.workspace.folder.parent / "suggestions.jsonl"
    rows = [{"item": item, "verdict" if isinstance(one, str) else "score": one} for item, one in said.items()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert suggesting.import_suggestions(made.workspace, SILENT, path=file, judge=judge).value.rejected == 0


def _label(made: Labelled, broken: dict[ItemId, bool]) -> None:
    """A and B say the same, but of the last ones; C labels a few."""
    a, b, c = (made.workspace.as_member(name) for name in PEOPLE)
    cited = 0
    for place, item in enumerate(made.items[:_DRAWN]):
        clause = _CLAUSES[cited % len(_CLAUSES)] if broken[item] else ""
        cited += broken[item]
        _give(a, item, clause, seconds=41)
        _give(b, item, "5.1" if place >= _DRAWN - _OPEN and not clause else "" if place >= _DRAWN - _OPEN else clause, seconds=33)
        if place % 9 == 0:
            _give(c, item, clause, seconds=57)
    for who in (a, b, c):
        who.close()


def _give(who: Workspace, item: ItemId, clause: str, *, seconds: int) -> None:
    opinions.give(who, item, "non_compliant" if clause else "compliant", clause, seconds=seconds)


def _score(place: int, broken: bool) -> float:
    """High for what is broken, with some errors, and a little too sure of itself."""
    spread = (place * 7 % 20) / 20
    wrong = place % 11 == 0
    return round(0.55 + 0.44 * spread if broken is not wrong else 0.02 + 0.4 * spread, 2)
