"""What others' libraries say of a release. Run by the Python of an environment of its own, with the release's folder; not by pytest.

It prints one JSON document, and leaves with a traceback for what a library refuses.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"


def told(folder: Path) -> dict[str, Any]:
    """Rows and columns as `datasets` has them, the card as the hub's library reads it, and what mlcroissant finds wrong."""
    import datasets  # type: ignore[import-not-found] # in the readers' environment alone
    import mlcroissant  # type: ignore[import-not-found] # in the readers' environment alone
    from huggingface_hub import DatasetCard

    datasets.disable_progress_bars()
    cache = str(folder.parent / "cache")
    repository = datasets.load_dataset(str(folder), cache_dir=cache)
    lines = {path.stem: str(path) for path in sorted((folder / "data").glob("*.jsonl"))}
    as_lines = datasets.load_dataset("json", data_files=lines, cache_dir=cache)
    card = DatasetCard.load(folder / "README.md")
    croissant = mlcroissant.Dataset(str(folder / "croissant.json"))
    return {
        "rows": {part: rows.num_rows for part, rows in repository.items()},
        "lines": {part: rows.num_rows for part, rows in as_lines.items()},
        "images": [[one.format, *one.size] for rows in repository.values() for row in rows for one in row.get("images") or ()],
        "columns": sorted(next(iter(repository.values())).column_names),
        "pretty_name": card.data.pretty_name,
        "splits": [one["split"] for one in card.data.configs[0]["data_files"]],
        "croissant_errors": sorted(croissant.metadata.ctx.issues.errors),
        "records": [one.name for one in croissant.metadata.record_sets],
    }


def validated(folder: Path) -> int:
    """How many chats the validator of Mistral's fine-tuning takes; it raises for any that it does not."""
    from mistral_common.protocol.instruct.request import ChatCompletionRequest  # type: ignore[import-not-found] # in the readers' environment alone
    from mistral_common.protocol.instruct.validator import MistralRequestValidatorV5, ValidationMode  # type: ignore[import-not-found] # in the readers' environment alone

    validator, count = MistralRequestValidatorV5(ValidationMode.finetuning), 0
    for path in (folder / "data").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            validator.validate_request(ChatCompletionRequest(**json.loads(line)))
            count += 1
    return count


if __name__ == "__main__":
    place = Path(sys.argv[1])
    found = told(place)
    if sys.argv[2] == "mistral-chat":
        found["validated"] = validated(place)
    sys.stdout.write(json.dumps(found))
