"""All benchmarks, each against a named peer or bar in the same run: `python -m tests.benchmarks`.

The engine's table comes in its quick form here; `python -m tests.benchmarks.engine_table` makes it whole, in hours.
"""

from __future__ import annotations

from tests.benchmarks import bench_commands, bench_export, bench_trial_balance, engine_table

if __name__ == "__main__":
    bench_commands.main()
    bench_trial_balance.main(["--postings", "10000000"])
    bench_export.main([])
    engine_table.main(["--quick"])
