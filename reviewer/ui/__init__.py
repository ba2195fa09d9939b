"""The window: Qt, and nothing that works without it.

May import catalogue, operations, storage and domain; what reaches for SQLAlchemy, numpy, pandas or pyarrow only inside functions that run
on a worker thread, so that the first paint never waits for them.
"""

import sys

import PySide6.QtCore  # noqa: F401 - so that what follows finds it


def _spare_reading_sources() -> None:
    """Tell PySide that our modules do not use `from __feature__ import …`.

    It finds out by reading the source of every module imported after it, ours and others: a tenth of the time to the first paint. Where a
    version of PySide does this elsewhere, nothing happens here.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False  # type: ignore[attr-defined] # checked above


_spare_reading_sources()
