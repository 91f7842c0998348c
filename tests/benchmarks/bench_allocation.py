"""Times the engine against the naive donor × request model in raw HiGHS, in the same run.

    python -m tests.benchmarks.bench_allocation [--donors 200] [--requests 1000] [--seeds 5] [--gap 1e-5] [--limit 240]

Ours is all of `solve()`: pooling, building, solving, exact finish, payments, explanation and verification. The naive
model's time is building its arrays and solving. Both have the same rows, gap, seed and number of threads (one).
Times are processor seconds, so that other work on the machine does not count; the limit is on the clock.
"""

from __future__ import annotations

import argparse
import statistics
import time
from fractions import Fraction

from allocation.prepared import prepare
from allocation.solve import solve
from tests.benchmarks.naive import solved
from tests.benchmarks.rounds import full_round


def main() -> None:
    """Print one line for each seed, the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--donors", type=int, default=200)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--gap", type=Fraction, default=Fraction("1e-5"))
    parser.add_argument("--limit", type=float, default=240.0, help="seconds for each solve")
    asked = parser.parse_args()
    print(f"{asked.donors} donors x {asked.requests} requests, full policy, gap {float(asked.gap):g}")
    print(f"{'seed':>4} {'ours s':>8} {'gap':>9} {'naive s':>8} {'gap':>9} {'ratio':>6}  naive status", flush=True)
    ours, naive = [], []
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        problem = full_round(asked.donors, asked.requests, seed, gap=asked.gap)
        started = time.process_time()
        decision = solve(problem, time_limit=asked.limit)
        ours.append(time.process_time() - started)
        peer = solved(prepare(problem), time_limit=asked.limit)
        naive.append(peer.seconds)
        gap = (peer.bound - peer.objective) / peer.objective
        figures = f"{ours[-1]:8.2f} {decision.gap or 0:9.1e} {naive[-1]:8.2f} {gap:9.1e} {naive[-1] / ours[-1]:6.1f}"
        print(f"{seed:4} {figures}  {decision.status} | {peer.status}", flush=True)
    middle = statistics.median(ours), statistics.median(naive)
    ratio = statistics.median(n / o for n, o in zip(naive, ours, strict=True))
    print(f"median: ours {middle[0]:.2f} s, naive {middle[1]:.2f} s, median ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
