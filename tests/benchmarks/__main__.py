"""All benchmarks, each as a ratio against a named peer in the same run: `python -m tests.benchmarks`."""

from __future__ import annotations

from tests.benchmarks import bench_allocation, bench_commands

if __name__ == "__main__":
    bench_commands.main()
    bench_allocation.main()
