"""The sample: a workspace of its own with the shipped runs and a campaign waiting."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT, Ticket
from reviewer.formats.format import Options
from reviewer.operations.campaigns import create_campaign, list_campaigns
from reviewer.operations.importing import import_files
from reviewer.operations.joining import project_of
from reviewer.operations.policies import activate_policy, add_text, list_policies
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

    Raises Refused where other files or another workspace lie in the folder, NotSaved for what the disk refuses.
    """
    fresh = not (folder / DATABASE).is_file()
    workspace = Workspace.create(folder, member=member, project=PROJECT) if fresh else Workspace.open(folder)
    try:
        _refuse_another(workspace, ticket)
        _fill(workspace, ticket)
        with workspace.read() as reading:
            items = int(reading.fact("items") or 0)
        demo = Demo(workspace, items, len(list_campaigns(workspace, ticket).value), fresh)
    except BaseException:
        workspace.close()
        raise
    return Outcome(demo, Changes.ALL if fresh else Changes.NONE)


def _refuse_another(workspace: Workspace, ticket: Ticket) -> None:
    """Raise Refused for a workspace that is not the sample: what is recorded in it cannot be taken out again."""
    project = project_of(workspace, ticket).value
    if project is None or project.name != PROJECT:
        raise Refused(
            f"{shown(str(workspace.folder), 200)} holds a workspace that is not the sample.",
            "Choose an empty folder, or leave the folder out; nothing was changed.",
        )


def _fill(workspace: Workspace, ticket: Ticket) -> None:
    rules, size, guidelines = _campaign(tomllib.loads(resource("sample", "campaign.toml").read_text(encoding="utf-8")))
    if rules.name in {standing.campaign for standing in list_campaigns(workspace, ticket).value}:
        return
    import_files(workspace, ticket, paths=[str(resource("sample", "runs.jsonl"))], options=Options())
    keys = _publish_policies(workspace, ticket)
    create_campaign(workspace, ticket, rules=replace(rules, policies=keys), size=size, guidelines=guidelines)


def _publish_policies(workspace: Workspace, ticket: Ticket) -> tuple[str, ...]:
    """The shipped policies, `KEY.vN.md` each, the newest version of each in force; those that are here already stay. Returns their keys."""
    newest: dict[str, int] = {}
    for path in sorted(resource("sample", "policies").glob("*.md")):
        key, content = path.name.split(".")[0], path.read_bytes()
        known = {version.source for one in list_policies(workspace, ticket).value if one.key == key for version in one.versions}
        if sha256_hex(content) not in known:
            add_text(workspace, ticket, key=key, content=content, name=path.name)
        newest[key] = newest.get(key, 0) + 1
    for key, number in newest.items():
        activate_policy(workspace, ticket, key=key, number=number)
    return tuple(newest)


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
