"""The one door: `reviewer` alone opens the window, anything else is a command. The only module that knows both."""

import sys


def main() -> int:
    """Run the program with the arguments of the command line. Returns the exit code."""
    from reviewer.cli.line import parse, run

    request = parse(sys.argv[1:])
    if request.opens_window:
        from reviewer.ui.app import open_window

        return open_window(request.workspace, member=request.member)
    return run(request)


if __name__ == "__main__":
    sys.exit(main())
