"""Times the explanations of a large round: all requests short of their ask together, and some one by one.

    python -m tests.benchmarks.bench_explanations [--donors 200] [--requests 1000] [--seed 1] [--deep 4]

The bars: 60 s together, each with its interval; one on demand 30 s, its interval a tenth of the loss at most, or said
to be open. Both clocks are printed, because other work may share the machine.
"""

from __future__ import annotations

import argparse
import time

from allocation.decide import solve
from allocation.explain.every import explain_deep, explain_every, short_of_ask
from allocation.prepared import prepare
from tests.benchmarks.rounds import full_round


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("donors", 200), ("requests", 1000), ("seed", 1), ("deep", 4)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    problem = full_round(asked.donors, asked.requests, asked.seed)
    decision, round_ = solve(problem), prepare(problem)
    wall, cpu = time.perf_counter(), time.process_time()
    found = list(explain_every(round_, decision))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    known = [one for one in found if one.loss.never or one.loss.at_most is not None]
    near = [one for one in known if not one.loss.is_open]
    print(f"{len(found)} explained in {wall:.1f} s, {cpu:.1f} s of processor; {len(known)} with an interval,")
    print(f"of which {len(near)} are within a tenth of the loss")
    short = short_of_ask(round_, decision)
    for position in short[:: max(1, len(short) // max(1, asked.deep))][: asked.deep]:
        wall, cpu = time.perf_counter(), time.process_time()
        one = explain_deep(round_, decision, position)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        told = "open" if one.loss.is_open else "within a tenth of the loss"
        print(f"{one.request_id}: {wall:.1f} s, {cpu:.1f} s of processor, {told}")


if __name__ == "__main__":
    main()
