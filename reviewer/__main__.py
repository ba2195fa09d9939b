"""The one door: `reviewer` alone opens the window, anything else is a command. The only module that knows both."""

import gc
import os
import signal
import sys


def compute_in_one_thread() -> None:
    """Ask OpenBLAS, before numpy loads it, to start no threads of its own; whoever set a number keeps it.

    They spin while they wait for each other and for work: on two busy cores the directions of a tree of 10,000 items took up to 1.8 s and
    1 s of CPU time, in one thread 16 ms and 6 ms.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def let_garbage_lie() -> None:
    """Look for no dead cycles while the window is loaded: what is made then stays. `ui.garbage` takes the search over from here.

    It looked 76 times before the first paint, which took a twentieth of the CPU time up to there.
    """
    gc.disable()


def main() -> int:
    """Run the program with the arguments of the command line. Returns the exit code."""
    compute_in_one_thread()
    try:
        from reviewer.cli.line import run
    except KeyboardInterrupt:  # Ctrl-C before anything was begun; from here on the command line itself answers
        return 130
    ending = run(sys.argv[1:])
    if ending.window is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the answer is out; a Ctrl-C while Python clears up would make another of it
        return ending.code
    let_garbage_lie()
    from reviewer.ui import app

    return app.run(ending.window.workspace, member=ending.window.member, bundle=ending.window.bundle)


if __name__ == "__main__":
    sys.exit(main())
