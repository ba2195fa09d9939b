"""The one door: `reviewer` alone opens the window, anything else is a command. The only module that knows both."""

import signal
import sys


def main() -> int:
    """Run the program with the arguments of the command line. Returns the exit code."""
    try:
        from reviewer.cli.line import run
    except KeyboardInterrupt:  # Ctrl-C before anything was begun; from here on the command line itself answers
        return 130
    ending = run(sys.argv[1:])
    if ending.window is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the answer is out; a Ctrl-C while Python clears up would make another of it
        return ending.code
    from reviewer.ui import app

    return app.run(ending.window.workspace, member=ending.window.member, bundle=ending.window.bundle)


if __name__ == "__main__":
    sys.exit(main())
