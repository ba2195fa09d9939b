"""Which items of a release go to one part."""

from pathlib import Path

from reviewer.domain.items import Item, Message, Part
from reviewer.operations import release_groups
from tests import worlds


def _greeted(question: str, answer: str) -> Item:
    said = (("system", "Refund within 30 days."), ("assistant", "Hi! How can I help?"), ("user", question), ("assistant", answer))
    return Item(kind="trajectory", messages=tuple(Message(role=role, content=(Part(type="text", text=text),)) for role, text in said))  # type: ignore[arg-type] # roles


def test_runs_of_one_prompt_go_together_and_those_that_only_share_a_greeting_do_not(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    first, again, other = worlds.put_in(
        workspace,
        [
            _greeted("Where is my order 17, which I paid for in May?", "It was sent to you yesterday by the usual carrier."),
            _greeted("Where is my  ORDER 17, which I paid for in May?", "No order has that number, as far as I can see here."),
            _greeted("Cancel the insurance of my flight to Oslo, please.", "That cannot be done after the booking."),
        ],
    )
    with workspace.read() as reading:
        for near in (True, False):
            found = release_groups.grouped(reading, [other, first, again], lambda _done, _total: None, near=near)
            assert found.name[first] == found.name[again] != found.name[other]
            assert found.items == tuple(sorted((first, again, other)))


def test_an_item_that_this_replica_lacks_is_left_out_and_progress_ends_where_it_should(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    (here,) = worlds.put_in(workspace, [_greeted("A question?", "An answer.")])
    told: list[tuple[int, int]] = []
    with workspace.read() as reading:
        found = release_groups.grouped(reading, [here, type(here)("00" * 32)], lambda done, total: told.append((done, total)))
    assert found.items == (here,)
    assert told == [(1, 4), (2, 4), (3, 4)]
