"""Which fields of the metadata a campaign's rates can be told apart by."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import campaign_fields, campaigns, members
from reviewer.storage import items as item_rows
from tests import worlds


def test_fields_that_hold_one_value_are_named_and_are_hidden_from_whoever_labels_blind(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    metadata = '{"suite":"banking","turn":3,"good":true,"inner":{"kind":"a","deeper":{"x":1}},"list":[1],"nothing":null}'
    with workspace.begin() as work:
        file = item_rows.add_file(work, name="runs.jsonl", format_name="tests", format_version=1)
        item_rows.add(work, file, [item_rows.prepare(Record(worlds.run_of(n), b"{}", n + 1, metadata=metadata)) for n in range(3)])
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"), member_names=["Ben"])
    assert campaign_fields.fields_of_campaign(workspace, SILENT, campaign="C").value == ("good", "inner.kind", "suite", "turn")
    ben = workspace.as_member("Ben")
    assert campaign_fields.fields_of_campaign(ben, SILENT, campaign="C").value == ()
    ben.close()
    workspace.close()
