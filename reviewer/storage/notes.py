"""The words that entries commit to without holding them."""

from reviewer.domain import chain
from reviewer.domain.chain import Body
from reviewer.domain.errors import Damaged, NotFound
from reviewer.storage.rows import Rows


def note_of(rows: Rows, body: Body) -> str | None:
    """The words that an entry commits to; None where there are none here."""
    if body.note is None:
        return None
    try:
        return chain.note_text(body.note, rows.blob(body.note.blob))
    except (NotFound, Damaged):
        return None  # erased, or not here; verification says which
