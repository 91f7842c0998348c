"""The `facility` command with a search that misbehaves: a script, called with the double's name first."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "allocation"))

import stubborn

from allocation import apart
from facility.cli.main import run

if __name__ == "__main__":
    double = getattr(stubborn, sys.argv.pop(1))
    apart.solve_apart = partial(apart.solve_apart, searching=double)
    if double is stubborn.SeesAndHangs:  # for a second Ctrl-C: what was seen is never made exact
        apart.ExactTask = stubborn.Sleeps
    run()
