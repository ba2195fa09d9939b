"""The command line and its workspace, as the tests of commands have them."""

from tests.cli.conftest import campaign, cli, folder

__all__ = ["campaign", "cli", "folder"]
