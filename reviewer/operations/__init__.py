"""What a person can ask for, one function each: a workspace and a ticket in, an Outcome out. Window and command line call these.

May import storage, formats, outside, catalogue and domain; never ui or cli. Modules load when first used, since a window's
first paint must not wait for SQLAlchemy, numpy or pandas: `from reviewer import operations`, then `operations.labelling.label_item`.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewer.operations import (
        campaigns,
        demo,
        exporting,
        health,
        importing,
        label_imports,
        labelling,
        media,
        members,
        queues,
        release_checks,
        releasing,
        searching,
        verifying,
        workspaces,
    )

__all__ = [
    "campaigns",
    "demo",
    "exporting",
    "health",
    "importing",
    "label_imports",
    "labelling",
    "media",
    "members",
    "queues",
    "release_checks",
    "releasing",
    "searching",
    "verifying",
    "workspaces",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
