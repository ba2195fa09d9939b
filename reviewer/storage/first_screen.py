"""What the window paints first: the next item of the campaign that was worked on last, read through the driver itself.

Nothing here, or in what this imports, loads SQLAlchemy, numpy or pandas: the first paint must not wait for them (a test looks).
"""

from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2

from reviewer.domain.members import Member
from reviewer.storage import campaigns, driver, labels, queues
from reviewer.storage.acting import acting
from reviewer.storage.assets import revisions
from reviewer.storage.folders import DATABASE, can_be_written, seal_file
from reviewer.storage.rows import Rows
from reviewer.storage.showings import Showing, showing_of


class FirstScreen(NamedTuple):
    """Who acts, and the item that waits for them."""

    member: Member
    showing: Showing


def first_showing(folder: Path, *, member: str | None = None, campaign: str | None = None) -> FirstScreen | None:
    """The next item of a campaign: the named one, else the one that the member labelled in last, else their newest open one.

    None where no item waits, and where the workspace has to be unlocked, brought up to date or copied first. Writes nothing.
    Raises what opening a workspace raises: NotFound, Damaged, CannotStart, NotSaved.
    """
    if not (folder / DATABASE).is_file() or seal_file(folder) is not None or not can_be_written(folder):
        return None
    connection = driver.connect(folder / DATABASE, read_only=True)
    try:
        rows = Rows(connection)
        connection.execute("BEGIN")
        if not _is_current(rows):
            return None
        who = acting(rows, member)
        stored = _campaign(rows, who, campaign)
        if stored is None:
            return None
        turns = queues.next_turns(rows, stored, who.id, limit=1)
        if not turns:
            return None
        return FirstScreen(who, showing_of(rows, stored, who.id, turns[0]))
    except (dbapi2.Error, UnicodeDecodeError) as error:
        raise driver.translated(error) from error
    finally:
        connection.close()


def _is_current(rows: Rows) -> bool:
    if rows.row("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'") is None:
        return False
    return rows.row("SELECT version_num FROM alembic_version") == (revisions()[-1],)


def _campaign(rows: Rows, who: Member, name: str | None) -> campaigns.Stored | None:
    wanted = name or labels.last_campaign(rows, who.id)
    if wanted is not None:
        return campaigns.named(rows, wanted)
    return next((one for one in campaigns.every(rows) if not one.state.closed and who.id in one.state.members), None)
