"""A campaign that shows what a judge says to one of the two reviewers of each item."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members, suggesting
from reviewer.storage.workspace import Workspace
from tests import worlds

JUDGE, OTHER = "gpt@1", "other@1"
PEOPLE = ("Ben", "Cleo")
WORDS = 'It broke "4.2" [no receipt] – é.'


class Begun(NamedTuple):
    """Ada's workspace, who labels nothing, that of each reviewer, and the items. The judge flags every other one."""

    lead: Workspace
    reviewers: tuple[Workspace, ...]
    items: tuple[ItemId, ...]

    def close(self) -> None:
        """All of them."""
        for one in (*self.reviewers, self.lead):
            one.close()


def begun(folder: Path, *, items: int = 12, people: Sequence[str] = PEOPLE, **rules: object) -> Begun:
    """The campaign C over all items; not a label yet. rules: other fields of it than the usual."""
    lead = worlds.make(folder)
    ids = tuple(worlds.put_in(lead, [worlds.run_of(n) for n in range(items)]))
    members.add_members(lead, SILENT, names=list(people))
    suggest(lead, {item: "compliant" if n % 2 else "non_compliant" for n, item in enumerate(ids)})
    suggest(lead, dict.fromkeys(ids, "compliant"), judge=OTHER)
    fields = {"name": "C", "query": "", "seed": "s", "overlap": 2, "shown": "1", "judge": JUDGE} | rules
    campaigns.create_campaign(lead, SILENT, rules=Campaign(**fields), member_names=people)  # type: ignore[arg-type] # its fields
    return Begun(lead, tuple(map(lead.as_member, people)), ids)


def suggest(workspace: Workspace, said: Mapping[ItemId, str], *, judge: str = JUDGE) -> None:
    """What a judge says, with its words."""
    file = workspace.folder.parent / "suggestions.jsonl"
    rows = ({"item": item, "verdict": verdict, "rationale": WORDS} for item, verdict in said.items())
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert suggesting.import_suggestions(workspace, SILENT, path=file, judge=judge).value.rejected == 0
