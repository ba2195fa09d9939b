"""Batches of what judges said, with their answers word for word; those that were discarded count nowhere and can be erased."""

from reviewer.domain.events import BlobRef, Event, Suggestion
from reviewer.domain.items import ItemId
from reviewer.storage import opinions, suggestions
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace
from tests import worlds

WHOLE = Suggested("a" * 64, "compliant", "0.05", 'why "x" \\ y', '{"answers":["“é”"]}')  # type: ignore[arg-type] # a NewType
SHORT = Suggested("b" * 64, None, "1")  # type: ignore[arg-type] # a NewType


def test_a_row_without_an_answer_has_the_bytes_that_it_always_had() -> None:
    assert suggestions.pack([SHORT]) == f'[["{"b" * 64}",null,"1",null]]'.encode()


def test_words_are_found_with_and_without_an_answer_behind_them() -> None:
    batch = suggestions.pack([WHOLE, SHORT])
    assert suggestions.words_of(batch, ItemId("a" * 64)) == 'why "x" \\ y'
    assert suggestions.words_of(batch, ItemId("b" * 64)) is None


def test_a_discarded_answer_is_nobodys_opinion_and_does_not_hide_an_earlier_one(workspace: Workspace) -> None:
    item, other = worlds.waiting(workspace)[:2]
    said = Suggested(item, "non_compliant", "1", "It did not ask.", "{}")
    discarded = [Suggested(name, None, None, "Suggestion discarded (…).", '{"answers":["?"]}') for name in (item, other)]
    with workspace.begin() as work:
        for rows in ([said], discarded):
            work.record(Event("suggestion", Suggestion(judge="j", rows=BlobRef(len(rows), work.keep_blob(suggestions.pack(rows))))))
    with workspace.read() as reading:
        assert suggestions.last_scores(reading, "j") == {bytes.fromhex(item): 1.0}
        found = suggestions.of_judge(reading, "j", item)
        assert found is not None
        assert (found.verdict, found.rationale) == ("non_compliant", "It did not ask.")
        assert suggestions.of_judge(reading, "j", other) is None
        assert suggestions.judges(reading) == ["j"]
        assert len(opinions.of_judge(reading, "j").item) == 1


def test_an_answer_goes_with_the_words_when_an_item_is_erased(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    with workspace.begin() as work:
        name = work.keep_blob(suggestions.pack([Suggested(item, None, None, None, '{"answers":["secret"]}')]))
        work.record(Event("suggestion", Suggestion(judge="j", rows=BlobRef(1, name))))
        assert suggestions.cut(work, name, item)
        assert not suggestions.cut(work, name, item)
        assert suggestions.suggestion_rows(work, name) == [Suggested(item)]
