"""A project in which much waits: three people, two answers of one of them, a late label, a revoked device and a request."""

from pathlib import Path

from reviewer.domain.progress import SILENT
from reviewer.operations import joining, members, revoking, sync_overview, syncing, verifying
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.operations.test_bundling import joined


def exchange(place: Path, *workspaces: Workspace) -> None:
    """Each syncs with a folder, in this order."""
    place.mkdir(exist_ok=True)
    for one in workspaces:
        done = syncing.sync(one, SILENT, target=str(place)).value
        sync_overview.note_exchange(one, SILENT, target=str(place), synced=done)


def second_device(ada: Workspace, folder: Path, name: str) -> Workspace:
    """Another machine of a member who is known."""
    request = folder.parent / f"{folder.name}.json"
    joining.join_project(folder, member=name, request=request)
    members.admit_request(ada, SILENT, request=joining.read_request(request)[0], name=name)
    return Workspace.open(folder, surroundings=worlds.surroundings(seed=77))


def busy(folder: Path) -> tuple[Workspace, Path, Path]:
    """Ada's workspace, the folder where all meet, and the request of Dan."""
    ada = worlds.ready(folder / "ada", overlap=3)
    ben, cleo = joined(ada, folder / "ben", "Ben"), joined(ada, folder / "cleo", "Cleo", role="adjudicator")
    tablet = second_device(ada, folder / "tablet", "Ada")
    hub = folder / "team hub"
    exchange(hub, ada, ben, cleo, tablet, ada)
    items = sorted(worlds.waiting(ada))
    worlds.label(ada, items[0], "compliant")
    worlds.label(tablet, items[0], "non_compliant")
    for item in items[1:4]:
        worlds.label(ben, item, "compliant")
        worlds.label(cleo, item, "compliant")
    exchange(hub, ben, cleo, tablet, ada)
    [device] = [one.device for one in members.list_members(ada, SILENT).value if one.member == "Cleo"]
    revoking.revoke_device(ada, SILENT, device=device, reason="lost")
    for item in items[4:9]:
        worlds.label(ada, item)
    sync_overview.note_check(ada, SILENT, found=verifying.verify(ada, SILENT).value)
    request = folder / "dan.json"
    joining.join_project(folder / "dan", member="Dan", request=request)
    for one in (ben, cleo, tablet):
        one.close()
    return ada, hub, request
