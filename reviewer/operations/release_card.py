"""The card of a released data set: README.md with the front matter that the Hugging Face hub reads, and what the columns mean."""

import json
from collections.abc import Sequence

from reviewer.domain.releases import PARTS, Aggregation, Manifest, reasons
from reviewer.formats.release_shapes import Needs, Shape

_WHAT = """\
# {title}

{total} rows, each made of {made_of}.
Made with Reviewer {app}; format `{format}`, {shape}: {description}.

| part | rows |
| --- | --- |
{parts}

Rows of one prompt, and of near-duplicates, are all in one part.

## Columns
{columns}
{traced}
{message}

## Where the labels come from
{campaigns}

{answer}
Items without a row: {dropped}.

## What was not settled
- {conflicts:,} conflicts between labels or resolutions of these campaigns were open.
- How many of the {labels:,} labels behind these rows another device had signed for is said by the release's entry in the journal.

{warnings}## Files and hashes
`manifest.json` lists every file with its SHA-256, the campaigns, and a hash over all labels; `manifest.sig` is its Ed25519 signature,
over the bytes `review/manifest/v1` and a line end, followed by the manifest's own. `reviewer release check DIR` checks them, and walks from
each row to its labels, to the clauses that these cite, to the item and to the record that was imported.
"""
_MADE_OF: dict[Needs, str] = {
    "runs": "one agent run or model output that people judged compliant with written policy, or not",
    "outputs": "one agent run or model output that people judged compliant with written policy, or put right themselves",
    "pairs": "two outputs on one prompt of which people said which is better, by preference or by written policy",
    "steps": "one agent run or model output whose steps people marked",
    "whole": "one item that people answered a question about",
}
_PROMPT = """\
- `prompt`: the messages before the first assistant message that answers something. An assistant's greeting that opens a run stands
  here."""
_COMPLETION = """\
- `completion`: the rest, up to the last assistant message. Turns of tools and users in it are kept: mask them in the loss if you train on
  assistant turns only. Where `reviewer_correction` names a label, it is the text that this label's reviewer put in its place, or
  ends with the message that they put right."""
_PAIR = """\
- `chosen`, `rejected`: the better and the worse output: two candidates of a comparison, a compliant and a non-compliant run on the same
  prompt, or a reviewer's correction and what it corrects: an output, or one message after all that came before it."""
_LABEL = "- `label`: true where the answer of the item is compliant, false where it is non-compliant."
_STEPS = """\
- `labels`: true for a step marked good, false for one marked bad. A run ends here before its first step that is neutral or unmarked: such
  a step has no value in this format, and what follows it was judged in its light. What tools and users said is left out."""
_IMAGES = """\
- `images`: where rows have some: those of the first question, whose place is before its words. In lines they are paths below this
  folder; in the Parquet file they are there as bytes."""
_TOOLS = "- `tools`: the tools that the agent had, as JSON text, where the source says."
_INLINE = """\
  A question with an image is a list of parts, the image among them as a data address; in the Parquet file that list is JSON text."""
_COLUMNS = {
    "trl-preference": (_PROMPT, _PAIR, _IMAGES, _TOOLS),
    "trl-kto": (_PROMPT, _COMPLETION, _LABEL, _IMAGES, _TOOLS),
    "trl-stepwise": (
        "- `prompt`: the text of the messages before the first assistant message.",
        "- `completions`: the steps, as text: an assistant's message with its calls, or each call for itself where calls were marked.",
        _STEPS,
    ),
    "trl-prompt-completion": (_PROMPT, _COMPLETION, _IMAGES, _TOOLS),
    "trl-reward": ("- `chosen`, `rejected`: whole dialogues that end in the better and the worse output.", _TOOLS),
    "openai-preference": (
        "- `input`: the messages of the prompt, and the tools.",
        "- `preferred_output`, `non_preferred_output`: one assistant message each, text only; pairs with longer outputs are left out.",
    ),
    "openai-chat": (
        "- `messages`: the chat, up to the last assistant message.",
        _INLINE,
        "- `tools`: functions; in the Parquet file as JSON text.",
    ),
    "mistral-chat": (
        "- `messages`: the chat, up to the last assistant message. Ids of calls that are not nine letters and digits are replaced by such.",
        _INLINE,
        "  A message may have both words and calls, which mistral-common takes from its fifth tokenizer on.",
        "- `tools`: functions; in the Parquet file as JSON text.",
    ),
    "raw": (
        "- `item`: the item as its id is made of it. `answer`: what the reviewers agreed on.",
        "- `labels`: each label behind it, as it is exported. In the Parquet file these are JSON text.",
    ),
}
_TRACED = """\
- `reviewer_item` (and `reviewer_worse_item`, or `reviewer_better` and `reviewer_worse` for the candidates of a comparison),
  `reviewer_campaigns`, `reviewer_labels`, `reviewer_resolutions`, `reviewer_correction`: ids of what the row is made of.
- `reviewer_blind`: whether every one of these labels was given blind.
- `reviewer_p_right`: the recalibrated chance P that the label is right; `reviewer_weight`: 2P - 1, for KTO; `reviewer_label_noise`: 1 - P,
  the ε of conservative and robust DPO. Not there where this was not measured.
- `reviewer_row`: a hash over the rest of the row.
"""
_MESSAGE = """\
A message has `role`, `content` and, where they apply, `name`, `tool_calls` (`arguments` is JSON text), `tool_call_id` and
`reasoning_content`."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TASKS = {"raw": "other", "trl-stepwise": "reinforcement-learning"}


def card(manifest: Manifest, shape: Shape, warnings: tuple[str, ...], conflicts: int) -> str:
    """The text of README.md. The same labels have the same card, on any machine."""
    total = sum(manifest.rows.values())
    there = [part for part in PARTS if manifest.rows[part]]
    title = ", ".join(_plain(one.name) for one in manifest.campaigns)
    said = "".join(f"- {warning}\n" for warning in warnings)
    text = _WHAT.format(
        title=title,
        total=f"{total:,}",
        made_of=_MADE_OF[shape.needs],
        app=manifest.app,
        format=manifest.format,
        shape=manifest.shape,
        description=shape.description,
        parts="\n".join(f"| {part} | {manifest.rows[part]:,} |" for part in there),
        columns="\n".join(_COLUMNS[shape.name]),
        traced=_TRACED
        if shape.traced
        else f"\nThe format takes no other columns. `lineage/` has a line for each row of `data/`, with:\n{_TRACED}",
        message=_MESSAGE if manifest.shape == "conversational" and shape.name != "raw" else "",
        campaigns="\n".join(
            f"- {_plain(one.name)}: {one.sampled:,} of {one.population:,} items, design {one.design}, {one.overlap} label(s) an item,"
            f" query `{_plain(one.query) or 'everything'}`"
            for one in manifest.campaigns
        ),
        answer=_answer(manifest),
        dropped=reasons(manifest.dropped) or "none",
        conflicts=conflicts,
        labels=manifest.labels.n,
        warnings=f"## Mind\n{said}\n" if said else "",
    )
    named = ", ".join(_one_line(one.name) for one in manifest.campaigns)
    return _front_matter(manifest, shape, there, named) + text


def _answer(manifest: Manifest) -> str:
    """How labels became answers, and what follows for training."""
    said = ["The answer of an item is what all labels in force from different people have in common, once there are as many as the campaign"
            " asks for; a resolution overrides it."]  # fmt: skip
    if manifest.aggregation:
        said = [_weighed(one) for one in manifest.aggregation] + ["A resolution overrides every weighing."]
    if manifest.weights:
        wanted = ", ".join(f"`{name}_weight={weight}`" for name, weight in sorted(manifest.weights.items()))
        said.append(f"KTO: with {wanted} the weighted counts of both kinds of rows are equal.")
    return "\n".join(said)


def _weighed(one: Aggregation) -> str:
    least = "" if one.least is None else f" Items less sure than {one.least} are left out."
    how = f"Blind labels of campaign {one.campaign[:8]} were weighed by `{one.method}`."
    if one.temperature is None:
        return f"{how} How sure this is was not measured: {one.reason}.{least}"
    return (
        f"{how} The chances were recalibrated on {one.gold:,} items of known answer (temperature {one.temperature}) and claim no more than"
        f" {one.cap}, the share of these that came out right.{least}"
    )


def _front_matter(manifest: Manifest, shape: Shape, there: Sequence[str], title: str) -> str:
    total = sum(manifest.rows.values())
    files = "\n".join(f"  - split: {part}\n    path: data/{part}.parquet" for part in there)
    size = next((name for limit, name in _SIZES if total < limit), "1M<n<10M")
    return (
        f"---\npretty_name: {json.dumps(title, ensure_ascii=False)}\n"
        "annotations_creators:\n- expert-generated\nsource_datasets:\n- original\ntask_categories:\n"
        f"- {_TASKS.get(shape.name, 'text-generation')}\nsize_categories:\n- {size}\ntags:\n- {shape.name}\n- reviewer\nconfigs:\n"
        f"- config_name: default\n  data_files:\n{files}\n---\n"
    )


def _plain(text: str) -> str:
    """Text of people in Markdown: one line, nothing that renders."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!" else c for c in _one_line(text))


def _one_line(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
