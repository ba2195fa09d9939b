"""The reference cases of METHODS.md: what published tables and other programs give."""

import json
from pathlib import Path
from typing import Any

import pytest


class Reference:
    """Cases and the data sets that they name, by their ids."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.cases: dict[str, dict[str, Any]] = {case["id"]: case for case in document["cases"]}
        self.datasets: dict[str, dict[str, Any]] = document["datasets"]


@pytest.fixture(scope="session")
def reference(real_data: Path) -> Reference:
    """methods-reference.json, beside the folder of real data. Skips, and says so, where it is not."""
    file = real_data.parent / "methods-reference.json"
    if not file.is_file():
        pytest.skip(f"no reference cases: {file} is not a file")
    return Reference(json.loads(file.read_text(encoding="utf-8")))
