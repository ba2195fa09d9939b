"""Dialogs of the whole window: a passphrase that is set, a workspace that was used elsewhere."""

import pytest

from reviewer.ui.machine_dialog import MachineDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.passphrase_dialogs import EncryptDialog
from tests.golden import images
from tests.ui.conftest import MakeWindow


@pytest.mark.parametrize(("look", "size"), [("light", 100), ("dark", 100), ("light", 200)])
def test_encrypting_a_workspace(make_window: MakeWindow, approve: bool, look: str, size: int) -> None:
    window = make_window(pages=PAGES)
    window.theme.choose(look)
    window.theme.resize(size)
    dialog = EncryptDialog(window)
    dialog.open()
    for field in (dialog.new.first, dialog.new.again):
        field.setText("harbour violin seven")
    dialog.new.known.setChecked(True)
    images.check(dialog, f"encrypt-{look if size == 100 else size}", approve=approve, size=dialog.size())


@pytest.mark.parametrize("copied", [False, True])
def test_a_workspace_that_was_used_elsewhere(make_window: MakeWindow, approve: bool, copied: bool) -> None:
    window = make_window(pages=PAGES)
    dialog = MachineDialog(window, window.theme, decided=lambda _how: None, copied=lambda _request: None)
    dialog.request.setText("/home/ada/request-to-join.json")
    dialog.open()
    if copied:
        dialog.copy.click()
    images.check(dialog, "machine-copy" if copied else "machine", approve=approve, size=dialog.size())
