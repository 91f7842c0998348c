"""What a child runs: a task from stdin, messages to stdout. Started as a script, by `allocation.child` only.

The parent's life line is the child's stdin: when it closes, whoever asked has gone, and so does the child. Should even
that fail, because the solver holds on to the interpreter, a timer that needs no interpreter ends it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import signal
import sys
import threading
from typing import IO, Any


def main() -> None:
    """Run the task that stands on stdin and tell what it tells, then that it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    out = _private_stdout()
    gc.disable()  # a fifth of the time that the imports below take
    sys.path[:] = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the parent)
    task, seconds_max = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the parent)
    gc.enable()
    faulthandler.dump_traceback_later(seconds_max, exit=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    threading.Thread(target=_end_with_the_parent, daemon=True).start()

    def tell(message: Any) -> None:
        try:
            pickle.dump(message, out, protocol=pickle.HIGHEST_PROTOCOL)
            out.flush()
        except OSError:
            os._exit(1)

    tell(_outcome(task, tell))
    os._exit(0)  # at once: nothing here needs to be put away


def _outcome(task: Any, tell: Any) -> Any:
    from allocation.messages import Broke

    try:
        return task(tell)
    except MemoryError:
        return Broke("it ran out of memory")
    except Exception as fault:  # noqa: BLE001 (whatever it is, the parent must hear of it)
        import traceback

        last = traceback.extract_tb(fault.__traceback__)[-1]
        return Broke(f"{type(fault).__name__}: {fault} ({os.path.basename(last.filename)}, line {last.lineno})")  # noqa: PTH119


def _private_stdout() -> IO[bytes]:
    """Return stdout for messages alone; whatever a library prints from now on goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def _end_with_the_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
