"""Three ids of every format, kept: a reader that gives an old record another id is a new version of its format, on purpose.

`python -m tests.formats.test_golden_ids` writes them anew; the difference belongs in the change log.
"""

import json
import sys
import tempfile
from pathlib import Path

import pytest

from reviewer.domain.records import Record
from reviewer.formats import intake, registry
from reviewer.formats.intake import Found
from tests.contracts import test_formats
from tests.contracts.format_contract import FormatContract, ids

GOLDEN = Path(__file__).with_name("golden_ids.json")
REAL = {
    "tau-bench": "tau-bench/historical_trajectories/gpt-4o-airline.json.gz",
    "agentdojo": "agentdojo/agentdojo-gpt-4o-mini-2024-07-18.jsonl.gz",
    "tau2": "tau2-community/oscaralvaro/ecommerce_calle/ecommerce_calle_resultados_final~.json",
    "inspect": "inspect-ai/scorer/logs/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval",
    "assebench": "agentauditor/rjudge.json.gz",
    "who-and-when": "who-and-when/Hand-Crafted",
    "agent-as-a-judge": "agent-as-a-judge/judgment/OpenHands/human_as_a_judge",
    "trl-preference": "hh-rlhf/harmless-base/test.jsonl.gz",
    "gsm8k-solutions": "gsm8k-model-solutions/example_model_solutions.jsonl.gz",
    "openai-chat": "mistral/ft_training_file.jsonl",
    "csv": "xstest/model_completions/xstest_v2_completions_gpt4.csv.gz",
}
MADE = {
    name: one
    for name, one in vars(test_formats).items()
    if isinstance(one, type) and issubclass(one, FormatContract) and one is not FormatContract
}


def _first_three(path: Path) -> dict[str, object]:
    """Of a file, or of a folder where the format has one record a file."""
    every = [one for one in intake.scan([str(path)]) if isinstance(one, Found)]
    records = [one for found in every[:3] for one in intake.read(found) if isinstance(one, Record)]
    (version,) = {found.format_version for found in every}
    return {"version": version, "ids": ids(records[:3])}


def _made(name: str, folder: Path) -> dict[str, object]:
    path = folder / MADE[name].file_name
    path.write_bytes(MADE[name].content)
    return _first_three(path)


@pytest.mark.parametrize("name", sorted(REAL))
def test_ids_of_the_real_files_are_those_that_were_kept(name: str, real_data: Path) -> None:
    assert _first_three(real_data / REAL[name]) == json.loads(GOLDEN.read_text())["real"][name]


@pytest.mark.parametrize("name", sorted(MADE))
def test_ids_of_the_files_made_for_the_contract_are_those_that_were_kept(name: str, tmp_path: Path) -> None:
    assert _made(name, tmp_path) == json.loads(GOLDEN.read_text())["made"][name]


def test_every_format_is_kept() -> None:
    assert {one.name for one in MADE.values()} == {known.name for known in registry.formats()}


if __name__ == "__main__":
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "real": {name: _first_three(data / path) for name, path in sorted(REAL.items())},
            "made": {name: _made(name, Path(folder)) for name in sorted(MADE)},
        }
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n")
