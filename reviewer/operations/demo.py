"""The sample: a workspace of its own with the shipped runs and a campaign waiting."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT, Ticket
from reviewer.formats.format import Options
from reviewer.operations.campaigns import create_campaign, list_campaigns
from reviewer.operations.importing import import_files
from reviewer.storage.assets import resource
from reviewer.storage.folders import default_workspace
from reviewer.storage.workspace import DATABASE, Workspace

PROJECT = "Sample"


class Demo(NamedTuple):
    """The sample's workspace, open, and what it holds. fresh: it was made just now."""

    workspace: Workspace
    items: int
    campaigns: int
    fresh: bool

    def close(self) -> None:
        """Let go of the workspace."""
        self.workspace.close()


def usual_folder() -> Path:
    """Where the sample goes when no folder is named."""
    return default_workspace().with_name("sample")


def make_demo(folder: Path, *, member: str, ticket: Ticket = SILENT) -> Outcome[Demo]:
    """Make the sample in a folder, or open the one that is there. One that was killed half-way is completed.

    Raises Refused where other files lie in the folder, NotSaved for what the disk refuses.
    """
    fresh = not (folder / DATABASE).is_file()
    workspace = Workspace.create(folder, member=member, project=PROJECT) if fresh else Workspace.open(folder)
    try:
        _fill(workspace, ticket)
        with workspace.read() as reading:
            items = int(reading.fact("items") or 0)
        demo = Demo(workspace, items, len(list_campaigns(workspace, ticket).value), fresh)
    except BaseException:
        workspace.close()
        raise
    return Outcome(demo, Changes.ALL if fresh else Changes.NONE)


def _fill(workspace: Workspace, ticket: Ticket) -> None:
    rules, size, guidelines = _campaign(tomllib.loads(resource("sample", "campaign.toml").read_text(encoding="utf-8")))
    if rules.name in {standing.campaign for standing in list_campaigns(workspace, ticket).value}:
        return
    import_files(workspace, ticket, paths=[str(resource("sample", "runs.jsonl"))], options=Options())
    create_campaign(workspace, ticket, rules=rules, size=size, guidelines=guidelines)


def _campaign(table: dict[str, Any]) -> tuple[Campaign, int | None, str]:
    """The rules, sample size and guidelines of resources/sample/campaign.toml."""
    told = table.get("campaign", table)
    rules = Campaign(
        name=told["name"],
        query=told.get("query", ""),
        design=told.get("design", "srs" if "size" in told else "all"),
        seed=str(told.get("seed", "")),
        overlap=told.get("overlap", 1),
        tags=tuple(told.get("tags", ())),
    )
    return rules, told.get("size"), told.get("guidelines", "")
