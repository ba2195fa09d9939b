"""What a person can ask for, one function each: a workspace and a ticket in, an Outcome out. Window and command line call these.

May import storage, formats, outside, catalogue and domain; never ui or cli. Modules load when first used, since a window's
first paint must not wait for SQLAlchemy, numpy or pandas: `from reviewer import operations`, then `operations.labelling.label_item`.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewer.operations import campaigns as campaigns
    from reviewer.operations import demo as demo
    from reviewer.operations import exporting as exporting
    from reviewer.operations import health as health
    from reviewer.operations import importing as importing
    from reviewer.operations import label_imports as label_imports
    from reviewer.operations import labelling as labelling
    from reviewer.operations import members as members
    from reviewer.operations import queues as queues
    from reviewer.operations import release_checks as release_checks
    from reviewer.operations import releasing as releasing
    from reviewer.operations import searching as searching
    from reviewer.operations import verifying as verifying
    from reviewer.operations import workspaces as workspaces

_MODULES = frozenset(
    "campaigns demo exporting health importing label_imports labelling members queues release_checks releasing"  # a list to read
    " searching verifying workspaces".split()  # noqa: SIM905
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
