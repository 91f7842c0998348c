"""The engine against its bars: one command makes the table.

    python -m tests.benchmarks.engine_table [--only ROW]... [--seeds 10] [--quick] [--report] [--format table|json]

Each solve is a process of its own. Seconds are the processor's, of that process and its children, without the imports
and without making the random round; memory is the peak of all of them together. Runs are kept in
`.benchmarks/engine.jsonl`: an interrupted table goes on where it stopped, and a run is made again once the code that it
timed has changed.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure, as_json, as_table
from tests.benchmarks.runs import KEPT, ROOT, Kept, run_all, versions
from tests.benchmarks.works import QUICK, WORKS, Asked, Sizes


def main(argv: Sequence[str] | None = None) -> None:
    """Run what is not yet run, and print the table."""
    chosen = _parser().parse_args(argv)
    sizes = QUICK if chosen.quick else Sizes(limit=chosen.limit)
    asked = Asked(sizes, chosen.seeds or (2 if chosen.quick else 10), chosen.peer_seeds)
    kept = Kept(chosen.kept, any_stamp=chosen.any_code)
    rows = chosen.only or list(WORKS)
    if not chosen.report:
        jobs = [job for row in rows for job in WORKS[row].jobs(asked)]
        run_all(jobs, kept, say=lambda line: print(line, file=sys.stderr, flush=True))
    figures = [figure for row in rows for figure in WORKS[row].figures(asked, kept.came)]
    print(as_json(figures, machine()) if chosen.format == "json" else _page(figures, quick=chosen.quick))


def _page(figures: Sequence[Figure], *, quick: bool) -> str:
    """Return the table under the machine that it is of; the bars are not for quick rounds, and this is said."""
    lines = [f"{name}: {value}" for name, value in machine().items()]
    if quick:
        lines.append("Quick form: rounds far smaller than those that the bars are for; it only shows that all runs.")
    return "\n".join([*lines, "", as_table(figures, judged=not quick)])


def machine() -> dict[str, str]:
    """Return what the figures are of: processor, cores, versions, and the state of the code."""
    found = versions()
    solvers = ", ".join(f"{name} {found[name]}" for name in ("highspy", "pulp", "pyscipopt"))
    return {
        "Machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "Versions": f"Python {found['Python']}, {solvers}, {_cbc()}; each solver on one thread",
        "Code": _code(),
    }


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def _cbc() -> str:
    import pulp

    path = pulp.PULP_CBC_CMD.pulp_cbc_path
    try:
        said = subprocess.run([path, "-quit"], capture_output=True, text=True, timeout=20, check=False).stdout
    except OSError:
        return "no CBC"
    return "CBC " + next((line.partition(":")[2].strip() for line in said.splitlines() if "Version" in line), "unknown")


def _code() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--", "allocation", "ledgers", "tests/benchmarks")
    return (git("rev-parse", "--short", "HEAD") or "not a git checkout") + " and changes not committed" * bool(changed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(WORKS), help="one row of the table; may be repeated")
    parser.add_argument("--seeds", type=int, help="seeds of each row but the tight one (10; 2 if quick)")
    parser.add_argument(
        "--peer-seeds", type=int, default=1, help="seeds on which the naive model of the large round is tried"
    )
    parser.add_argument("--limit", type=float, default=Sizes.limit, help="processor seconds that a peer may take")
    parser.add_argument("--quick", action="store_true", help="rounds so small that all is done in two minutes or so")
    parser.add_argument("--report", action="store_true", help="run nothing, print what has been run")
    parser.add_argument("--any-code", action="store_true", help="count runs of older code too")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where runs are kept")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


if __name__ == "__main__":
    main()
