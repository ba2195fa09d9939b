"""What a judge is asked about, what it costs, and everything that its answers hang on."""

import msgspec
import pytest

from reviewer.catalogue import settings
from reviewer.catalogue.settings import Settings
from reviewer.domain.judges import NOTHING, Reply, Usage, Words, cost_words, use_words
from reviewer.domain.progress import SILENT
from reviewer.operations import policies
from reviewer.operations.judge_material import Kept, Material, Task, Terms, Wanted, terms_of
from reviewer.storage.workspace import Workspace

TERMS = Terms("eu", "m", 1, 60, 40, 200)
REPLY = Reply("r", "m-1", (Words("é", "stop"),), Usage(3, 4))


@pytest.fixture
def asked(workspace: Workspace) -> Workspace:
    policies.add_text(workspace, SILENT, key="shop", content=b"# Shop\n\n## 1 Refunds\n\nAsk first.\n", name="shop.md")
    return workspace


def tasks(workspace: Workspace, terms: Terms = TERMS) -> list[Task]:
    with workspace.read() as reading:
        material = Material(workspace, reading, Wanted(query="agent:shop"), terms)
        return [task for task in material.tasks(reading, material.items) if isinstance(task, Task)]


@pytest.mark.parametrize("other", [{"server": "us"}, {"model": "n"}, {"samples": 3}])
def test_an_answer_hangs_on_server_model_and_number(asked: Workspace, other: dict[str, object]) -> None:
    before = {task.key for task in tasks(asked)}
    assert len(before) == 6
    assert before == {task.key for task in tasks(asked)}
    assert before.isdisjoint(task.key for task in tasks(asked, TERMS._replace(**other)))  # type: ignore[arg-type] # the tests' own words


def test_neither_time_nor_price_is_part_of_it(asked: Workspace) -> None:
    assert [one.key for one in tasks(asked)] == [one.key for one in tasks(asked, TERMS._replace(timeout_s=1, price_in=0, price_out=0))]


def test_a_judge_is_named_by_model_instructions_and_number(asked: Workspace) -> None:
    with asked.read() as reading:
        material = Material(asked, reading, Wanted(query=""), TERMS._replace(samples=3))
        assert material.judge_name(REPLY) == "m-1@judge-1x3"
        assert material.judge_name(REPLY._replace(model="")) == "m@judge-1x3"
        assert material.judge_name(REPLY._replace(model="two words\n\u202e")) == "two-words--@judge-1x3"


def test_what_is_asked_is_fenced_anew_each_time(asked: Workspace) -> None:
    with asked.read() as reading:
        material = Material(asked, reading, Wanted(query="agent:shop", limit=1), TERMS)
        [task] = [one for one in material.tasks(reading, material.items) if isinstance(one, Task)]
    one, other = material.question(task), material.question(task)
    assert one.nonce != other.nonce
    assert material.question(task, one.nonce) == one
    assert task.offered == {"shop:1"}


def test_an_answer_is_kept_and_read_again() -> None:
    kept = Kept("n", REPLY)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Kept) == kept


def test_the_cost_follows_from_tokens_and_prices() -> None:
    million = Usage(1_000_000, 1_000_000)
    assert TERMS.cost(million) == 2.4
    assert TERMS.cost(NOTHING, for_less=million) == 1.2
    assert TERMS._replace(price_in=0, price_out=0).cost(million) is None


def test_the_settings_are_the_terms() -> None:
    values = Settings()
    values.put(settings.JUDGE_SERVER, "eu")
    values.put(settings.JUDGE_SAMPLES, 3)
    assert terms_of(values) == Terms("eu", "mistral-medium-latest", 3, 60, 40, 200, 10)


def test_what_is_paid_is_said_as_far_as_it_is_known() -> None:
    terms = Terms("eu", "m", 1, 60, 40, 200, 10)
    assert terms.cost_of_vectors(2_500_000) == 0.25
    assert terms._replace(price_vectors=0).cost_of_vectors(2_500_000) is None
    assert cost_words(terms.cost_of_vectors(2_500_000)) == ", about $0.2500"
    assert cost_words(0.004, places=2) == ", less than $0.01"
    assert cost_words(None) == ""
    assert use_words(12_345, 0.004, places=2) == "12,345 tokens, less than $0.01"
    assert use_words(7, None) == "7 tokens"
