"""The card of a released data set: README.md with the front matter that `datasets` reads, and what the columns mean."""

from collections.abc import Sequence

from reviewer.domain.releases import PARTS, Manifest

_WHAT = """\
# {title}

{total} rows, each one agent run or model output that people judged compliant with written policy, or not.
Made with Reviewer {app}; format `{format}` for TRL's KTOTrainer.

| part | rows |
| --- | --- |
{parts}

## Columns
- `prompt`: the messages before the first assistant message that answers something. An assistant's greeting that opens a run stands here.
- `completion`: the rest, up to the last assistant message. Turns of tools and users in it are kept: mask them in the loss if you train on
  assistant turns only.
- `label`: true where the answer of the item is compliant, false where it is non-compliant.
- `tools`: the tools that the agent had, as JSON text, where the source says.
- `reviewer_item`, `reviewer_campaigns`, `reviewer_labels`: ids of the item, of the campaigns, and of the labels in force behind the row.
- `reviewer_blind`: whether every one of these labels was given blind.

A message has `role`, `content` and, where they apply, `name`, `tool_calls` (`arguments` is JSON text), `tool_call_id` and
`reasoning_content`.

## Where the labels come from
{campaigns}

The answer of an item is the common verdict of all labels in force from different people, once there are as many as the campaign asks for.
Items without one are not in here: {dropped}.

{warnings}## Files and hashes
`manifest.json` lists every file with its SHA-256, the campaigns, and a hash over all labels; `manifest.sig` is its Ed25519 signature,
over the bytes `review/manifest/v1` and a line end, followed by the manifest's own. `reviewer release check DIR` checks them.
"""


def card(manifest: Manifest, warnings: tuple[str, ...]) -> str:
    """The text of README.md. The same release has the same card."""
    total = sum(manifest.rows.values())
    there = [part for part in PARTS if manifest.rows[part]]
    campaigns = "\n".join(
        f"- {_plain(one.name)}: {one.sampled:,} of {one.population:,} items, design {one.design}, {one.overlap} label(s) an item,"
        f" query `{_plain(one.query) or 'everything'}`"
        for one in manifest.campaigns
    )
    dropped = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in manifest.dropped.items() if n) or "none"
    said = "".join(f"- {warning}\n" for warning in warnings)
    text = _WHAT.format(
        title=", ".join(_plain(one.name) for one in manifest.campaigns),
        total=f"{total:,}",
        app=manifest.app,
        format=manifest.format,
        parts="\n".join(f"| {part} | {manifest.rows[part]:,} |" for part in there),
        campaigns=campaigns,
        dropped=dropped,
        warnings=f"## Mind\n{said}\n" if said else "",
    )
    return _front_matter(there, total) + text


def _front_matter(there: Sequence[str], total: int) -> str:
    splits = "\n".join(f"  - split: {part}\n    path: data/{part}.parquet" for part in there)
    sizes = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
    size = next((name for limit, name in sizes if total < limit), "1M<n<10M")
    return (
        "---\nannotations_creators:\n- expert-generated\nsize_categories:\n"
        f"- {size}\ntags:\n- trl\n- kto\n- reviewer\nconfigs:\n- config_name: default\n  data_files:\n{splits}\n---\n"
    )


def _plain(text: str) -> str:
    """Text of people in Markdown: one line, nothing that renders."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!" else c for c in " ".join(text.split()) if c.isprintable())
