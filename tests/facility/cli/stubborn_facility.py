"""The `facility` command with a search, or a proof, that misbehaves: a script, called with the double's name first."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "allocation"))

import stubborn

from allocation import apart, certificate
from facility.cli.main import run

if __name__ == "__main__":
    name = sys.argv.pop(1)
    if name == "SlowProof":
        certificate.certified = lambda *_, **__: time.sleep(60)
    else:
        apart.solve_apart = partial(apart.solve_apart, searching=getattr(stubborn, name))
    if name == "SeesAndHangs":  # for a second Ctrl-C: what was seen is never made exact
        apart.ExactTask = stubborn.Sleeps
    run()
