"""What a reviewer put right: how it is checked, kept with the label, handed over, and released as rows to train on."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain import corrections
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, exporting, label_imports, labelling, queues, release_checks, releasing, verifying
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.pairs import said

PARAMETERS = {"type": "object", "properties": {"amount": {"type": "integer", "maximum": 250}}, "required": ["amount"]}
TOOLS = json.dumps([{"name": "refund", "parameters": PARAMETERS}, {"name": "escalate", "parameters": {"type": "object"}}])


def run(number: int) -> Item:
    """A run that pays too much at step 4, and goes on."""
    return Item(
        kind="trajectory", agent="shop", tools=TOOLS,
        messages=(
            said("user", f"Order {number}: my money back."), said("assistant", "Let me look."), said("user", "Please do."),
            Message(role="assistant", tool_calls=(ToolCall(name="refund", id="p", arguments='{"amount":486}'),)),
            Message(role="tool", tool_call_id="p", content=said("tool", "paid").content), said("assistant", "Paid."),
        ),
    )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two runs in a campaign C."""
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [run(n) for n in range(2)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    return workspace


def put_right(workspace: Workspace, item: str, rewrites: dict[str, Rewrite], **more: Any) -> str:
    opinion = Opinion(verdict="non_compliant", rewrites=rewrites, **more)
    return labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion).value.label


def rows(workspace: Workspace, out: Path, name: str) -> list[dict[str, Any]]:
    """What is released, each row of which traces."""
    done = releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=out, format_name=name).value
    checked = release_checks.check_release(workspace, SILENT, folder=out).value
    assert (checked.broken, checked.traced) == ((), sum(done.rows.values()))
    return [json.loads(line) for line in (out / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_rewritten_call_is_kept_with_the_label_and_comes_back_when_it_is_taken_back(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    put_right(workspace, item, {"4": Rewrite('{ "amount": 250 }', " refund ")})
    kept = {"4.1": Rewrite('{"amount":250}', "refund")}
    with workspace.read() as reading:
        said_now = queues.said_before(workspace, SILENT, campaign="C", item=item).value
        assert said_now is not None
        assert labelling.opinion_of(reading, said_now.hash).rewrites == kept
        assert corrections.decode(reading.blob(said_now.label.correction or "").decode()) == kept
    assert labelling.undo_label(workspace, SILENT).value.opinion.rewrites == kept
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok


REFUSED = (
    ({"4": Rewrite('{"amount":', "refund")}, "The arguments are not JSON"),
    ({"4": Rewrite('{"amount":"x"}', "refund")}, 'refund does not take these arguments: at amount expected integer, found "x"'),
    ({"4": Rewrite('{"amount":300}', "refund")}, "at amount expected maximum 250, found 300"),
    ({"4": Rewrite("{}", "pay")}, "The item has no tool “pay”"),
    ({"4": Rewrite('{"amount":486}', "refund")}, "expected maximum 250"),  # it broke its schema as it was
    ({"2": Rewrite("Let me look.")}, "Nothing changed"),
    ({"2": Rewrite("No."), "4": Rewrite("{}", "escalate")}, "Messages 2 and 4 are rewritten"),
    ({"3": Rewrite("x")}, "no step of the agent"),
)


def test_what_cannot_be_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    for rewrites, words in REFUSED:
        with pytest.raises(Refused) as met:
            put_right(workspace, item, rewrites)
        assert words in met.value.what
    with pytest.raises(Refused, match="as a whole"):
        put_right(workspace, item, {"4": Rewrite("{}", "escalate")}, correction="Better.")
    tagged = corrections.TAG.encode()
    with pytest.raises(Refused, match="begins as rewritten steps do"):
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant"), correction=tagged)
    assert queues.said_before(workspace, SILENT, campaign="C", item=item).value is None


def test_a_run_that_was_put_right_is_a_twin_to_imitate_and_better_than_what_it_was(workspace: Workspace, tmp_path: Path) -> None:
    first, second = worlds.waiting(workspace)
    label = put_right(workspace, first, {"4": Rewrite('{"why":"too much"}', "escalate")})
    put_right(workspace, second, {"4": Rewrite("Only 250 can be paid.")})
    asked = {one: f"Order {n}: my money back." for n in range(2) for one in (first, second) if f"Order {n}" in _text(workspace, one)}
    for name in ("trl-prompt-completion", "openai-chat", "mistral-chat"):
        for row in rows(workspace, tmp_path / name, name):
            messages = row["messages"] if "messages" in row else row["prompt"] + row["completion"]
            assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant"]
            calls = [call["function"]["name"] for message in messages for call in message.get("tool_calls", ())]
            assert (calls, messages[-1]["content"]) in ((["escalate"], ""), ([], "Only 250 can be paid."))
    told = {row["reviewer_item"]: row for row in rows(workspace, tmp_path / "pairs", "trl-preference")}
    row = told[first]
    assert [message["content"] for message in row["prompt"]] == [asked[first], "Let me look.", "Please do."]
    (chosen,), (rejected,) = row["chosen"], row["rejected"]
    assert json.loads(chosen["tool_calls"][0]["function"]["arguments"]) == {"why": "too much"}
    assert json.loads(rejected["tool_calls"][0]["function"]["arguments"]) == {"amount": 486}
    assert (row["reviewer_correction"], "reviewer_worse_item" in row) == (label, False)
    assert told[second]["chosen"][0]["content"] == "Only 250 can be paid."


def _text(workspace: Workspace, item: str) -> str:
    shown = queues.show_again(workspace, SILENT, campaign="C", item=item).value.item
    return shown.messages[0].content[0].text or ""


def test_a_twin_needs_no_verdict_beside_marks(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [run(1)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", question="steps"))
    (item,) = worlds.waiting(workspace)
    opinion = Opinion(steps={"2": "good", "4": "bad"}, rewrites={"4": Rewrite('{"amount":250}', "refund")})
    labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion)
    (row,) = rows(workspace, tmp_path / "pairs", "trl-preference")
    assert row["chosen"][0]["tool_calls"][0]["function"]["arguments"] == '{"amount":250}'
    (row,) = rows(workspace, tmp_path / "kto", "trl-kto")
    assert row["label"] is False
    (row,) = rows(workspace, tmp_path / "steps", "trl-stepwise")
    assert row["labels"] == [True, False]


def test_rewrites_leave_with_labels_and_come_in_with_them(workspace: Workspace, tmp_path: Path) -> None:
    first, second = worlds.waiting(workspace)
    put_right(workspace, first, {"4": Rewrite('{"amount":1}', "refund")})
    exporting.export_labels(workspace, SILENT, path=tmp_path / "labels.jsonl")
    (line,) = (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "other.jsonl").write_text(
        "".join(
            json.dumps(json.loads(line) | {"item": second, "external_id": None, "correction": correction}) + "\n"
            for correction in (json.loads(line)["correction"], corrections.TAG + '{"1":{"text":"x"}}', corrections.TAG + "x")
        ),
        encoding="utf-8",
    )
    done = label_imports.import_labels(workspace, SILENT, path=tmp_path / "other.jsonl", campaign="C").value
    assert (done.added, done.rejected) == (1, 2)
    assert len(rows(workspace, tmp_path / "sft", "trl-prompt-completion")) == 2


def test_an_answer_that_is_better_than_the_best_output_is_released(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "w", items=3)
    said_of = {}
    for item, choice in zip(worlds.waiting(workspace), ("A", "tie", "both_bad"), strict=True):
        opinion = Opinion(correction=f"Ask the desk, {choice}.")
        done = labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, choice=Choice(prefer=choice)).value
        said_of[item] = (done.label, choice)
    found = rows(workspace, tmp_path / "out", "trl-preference")
    written = [row for row in found if "reviewer_correction" in row]
    assert len(found) == len(written) + 1  # A before B, as it was said
    by_item = {item: [row["reviewer_worse"] for row in written if row["reviewer_item"] == item] for item in said_of}
    assert {said_of[item][1]: worse for item, worse in by_item.items()} == {"A": ["A"], "tie": ["A", "B"], "both_bad": ["A", "B"]}
    for row in written:
        label, choice = said_of[row["reviewer_item"]]
        assert row["chosen"] == [{"role": "assistant", "content": f"Ask the desk, {choice}."}]
        assert len(row["rejected"]) == 2
        assert (row["reviewer_correction"], "reviewer_better" in row, "reviewer_strength" in row) == (label, False, False)
    labelling.undo_label(workspace, SILENT)
    assert len(release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value.broken) == 2
