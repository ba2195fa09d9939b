"""Reviewers that label and sync through one hub at the same time, a process each: python -m tests.faults.hub_clients

Standard input is one JSON object: `clients` (list of [folder, address]), `seconds`, `seed`. Each client says `ACK HASH` after a label
was acknowledged, `SYNCED` after a sync, and `ERR CODE` where the hub was away; `BUG` for anything else.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from reviewer.domain.errors import ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import hub_sync, labelling
from reviewer.storage.workspace import Workspace


def say(*words: object) -> None:
    """One line, in one write."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work(folder: str, address: str, seconds: float, chance: random.Random) -> None:
    """Label and sync until the time is over."""
    workspace = Workspace.open(Path(folder))
    with workspace.read() as reading:
        ids = [name.hex() for (name,) in reading.rows("SELECT id FROM item ORDER BY n")]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(chance.randrange(1, 4)):
            opinion = Opinion(verdict=chance.choice(("compliant", "non_compliant")), rationale=f"Because {chance.random()}.")
            say("ACK", labelling.label_item(workspace, SILENT, campaign="C", item=chance.choice(ids), opinion=opinion).value.label)
        try:
            hub_sync.sync_hub(workspace, SILENT, address=address)
            say("SYNCED")
        except ReviewerError as error:
            say("ERR", error.code)
    workspace.close()


def main() -> None:
    """A child for each client."""
    order = json.loads(sys.stdin.readline())
    for number, (folder, address) in enumerate(order["clients"]):
        if os.fork() == 0:
            try:
                work(folder, address, order["seconds"], random.Random(f"{order['seed']} {number}"))
            except BaseException as error:  # noqa: BLE001 - the child ends here, and says with what
                say("BUG", repr(error))
                os._exit(70)
            os._exit(0)
    for _ in order["clients"]:
        os.wait()


if __name__ == "__main__":
    main()
