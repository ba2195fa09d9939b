"""Lists that entries name and that may come after them: of what was drawn, asked for again, suggested, part of an incident."""

from collections.abc import Collection
from contextlib import suppress

from reviewer.domain.changes import Changes
from reviewer.domain.errors import TooNew
from reviewer.domain.events import Suggestion
from reviewer.domain.facts import typed
from reviewer.storage import projections
from reviewer.storage.journal import stored_entry
from reviewer.storage.rows import ChangingRows

_NAMED = "SELECT hash, picks FROM draw UNION ALL SELECT hash, items FROM requeue UNION ALL SELECT hash, items FROM incident_act"
_UNSHOWN = "SELECT hash FROM entry e WHERE kind = 'suggestion' AND NOT EXISTS (SELECT 1 FROM suggestion s WHERE s.hash = e.hash)"


def show(work: ChangingRows, names: Collection[str]) -> Changes:
    """Show what is in lists that are here now, of entries that were here before. names: the SHA-256 of each list."""
    came = {bytes.fromhex(name) for name in names}
    changes = Changes.NONE
    for entry in [stored_entry(work, name) for name, listed in work.rows(_NAMED) if listed in came]:
        changes |= projections.apply(work, entry, typed(entry.body))
    for (name,) in work.rows(_UNSHOWN):
        with suppress(TooNew):  # a later version wrote it, and reads it
            entry = stored_entry(work, name)
            value = typed(entry.body)
            if isinstance(value, Suggestion) and value.rows.blob in names:
                changes |= projections.apply(work, entry, value)
    return changes
