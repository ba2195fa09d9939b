"""What Inspect makes of a regression set: it reads it, runs an agent that needs no model over it, and logs that.

Run by a Python that has inspect-ai; not by pytest. Arguments: the set, and a folder for the log. Prints one JSON document.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["INSPECT_DISPLAY"] = "none"


def told(samples: Path, logs: Path) -> dict[str, Any]:
    """What the reader has of the samples, and the log of a run over them."""
    from inspect_ai import Task, eval  # type: ignore[import-not-found] # noqa: A004 - its own name; in an environment of its own alone
    from inspect_ai.dataset import json_dataset  # type: ignore[import-not-found] # in an environment of its own alone
    from inspect_ai.model import ModelOutput  # type: ignore[import-not-found] # in an environment of its own alone
    from inspect_ai.scorer import includes  # type: ignore[import-not-found] # in an environment of its own alone
    from inspect_ai.solver import solver  # type: ignore[import-not-found] # in an environment of its own alone

    @solver  # type: ignore[untyped-decorator] # Inspect is not there for mypy
    def canned() -> Any:
        async def solve(state: Any, _generate: Any) -> Any:
            state.output = ModelOutput.from_content("canned", "It is compliant.")
            state.messages.append(state.output.message)
            return state

        return solve

    read = json_dataset(str(samples))
    task = Task(name="canned", dataset=read, solver=canned(), scorer=includes())
    (log,) = eval(task, model="none", log_dir=str(logs), log_format="json")
    return {
        "samples": {one.id: [one.target, [message.role for message in one.input]] for one in read},
        "calls": [
            [call.function, call.arguments] for one in read for said in one.input for call in getattr(said, "tool_calls", None) or ()
        ],
        "status": log.status,
        "ran": len(log.samples or ()),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(told(Path(sys.argv[1]), Path(sys.argv[2]))))
