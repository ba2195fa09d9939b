"""Where releases lie on this machine: no journal entry says it, since a path means nothing elsewhere."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.storage.rows import ChangingRows, Rows

_FACT = "release_places"


def known(rows: "Rows") -> dict[str, Path]:
    """The folder of each release that was written or found here, by the SHA-256 of its manifest. Nobody looks whether it is there yet."""
    kept = rows.fact(_FACT)
    return {} if kept is None else {digest: Path(place) for digest, place in json.loads(kept).items()}


def keep(work: "ChangingRows", digest: str, folder: Path) -> None:
    """Remember where a release lies. digest: SHA-256 of its manifest."""
    places = {name: str(place) for name, place in known(work).items()}
    work.set_fact(_FACT, json.dumps({**places, digest: str(folder.absolute())}, sort_keys=True))
