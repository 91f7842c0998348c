"""The process of one command: it starts lean, and ends once everything is written."""

from __future__ import annotations

import gc
import os
import sys

COLLECT_AFTER = 50_000
"""New objects between two searches for garbage: a command makes few cycles and is soon over."""


def start() -> None:
    """Run the command line, and leave without taking the process apart object by object."""
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    from facility.cli.main import run

    try:
        run()
        code: object = 0
    except SystemExit as left:
        code = left.code
    if isinstance(code, str) and sys.stderr is not None:
        sys.stderr.write(f"{code}\n")
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        sys.exit(code if isinstance(code, int) else 1)  # the usual way out says what could not be written
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    start()
