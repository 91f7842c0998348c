"""The rows of the engine's table: which jobs each needs, and which figures come of them.

The bars are those that the engine was asked to reach. `quick` rounds are too small for any of them; they show that the
table can be made.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.afterwards import CERTIFICATE, EXPLAIN, is_there
from tests.benchmarks.figures import Bar, Figure
from tests.benchmarks.runs import has_failed

Job = dict[str, Any]
Came = dict[str, Any]
Look = Callable[[Job], Came | None]
Ran = list[tuple[Job, Came]]


@dataclass(frozen=True)
class Sizes:
    """How large the rounds of the table are.

    Attributes:
        middle: Donors and requests of the round that the peers solve too.
        large: Of the round that the naive model does not solve.
        largest: Of the largest round.
        small: Of the smallest round whose time goes into the growth.
        tight: Requests of the tight rounds.
        tight_seeds: How many tight rounds.
        limit: Processor seconds that a peer may take.
    """

    middle: tuple[int, int] = (200, 1_000)
    large: tuple[int, int] = (1_000, 5_000)
    largest: tuple[int, int] = (5_000, 20_000)
    small: tuple[int, int] = (50, 200)
    tight: tuple[int, ...] = (20, 30, 40, 50, 60)
    tight_seeds: int = 50
    limit: float = 120.0


QUICK = Sizes((12, 60), (16, 80), (20, 100), (8, 40), (8, 12), 4, 20.0)


@dataclass(frozen=True)
class Asked:
    """What of the table is wanted.

    Attributes:
        sizes: Of the rounds.
        seeds: How many for each row but the tight one, from 1.
        peer_seeds: How many the naive model is tried on where it is not expected to finish.
    """

    sizes: Sizes
    seeds: int = 10
    peer_seeds: int = 1


@dataclass(frozen=True)
class Work:
    """One row: its jobs, and the figures that come of what they came to."""

    jobs: Callable[[Asked], list[Job]]
    figures: Callable[[Asked, Look], Iterator[Figure]]


PEERS = {
    ("pairs", "cbc"): ("donor × request, PuLP + CBC", 10.0),
    ("pairs", "highs"): ("donor × request, raw HiGHS", 6.0),
    ("pairs", "scip"): ("donor × request, SCIP", 5.0),
    ("classes", "highs"): ("classes × cells by hand, raw HiGHS", 1 / 1.3),
}
"""Each peer's model and solver: its name, and how many times our time it must take at least."""

_MEMORY_RATIO = 5.0
_CERTIFIED_SEEDS = 30


def _ours(size: tuple[int, int], seed: int, gap: str) -> Job:
    return {"work": "ours", "donors": size[0], "requests": size[1], "seed": seed, "gap": gap, "limit": 600.0}


def _peer(size: tuple[int, int], seed: int, gap: str, model: str, solver: str, limit: float) -> Job:
    about = {"donors": size[0], "requests": size[1], "seed": seed, "gap": gap, "limit": limit}
    return {"work": "peer", "model": model, "solver": solver, **about}


def _ran(jobs: Iterable[Job], look: Look) -> Ran:
    """Return the jobs that have been run, with what they came to."""
    found = [(job, look(job)) for job in jobs]
    return [(job, came) for job, came in found if came is not None]


def _seconds(came: Came) -> float:
    """Return the seconds of an answer that is proven within the gap; without one, infinitely many."""
    return came["seconds"] if came["proven"] else math.inf


def _wrong(ran: Ran) -> str:
    """Return how many runs came to nothing that is proven, and how those that broke off did."""
    unproven = sum(1 for _, came in ran if not came["proven"])
    broken = sorted({came["status"] for _, came in ran if came["status"].startswith(("failed", "killed"))})
    return "; ".join([f"{unproven} not proven within the gap", *broken]) if unproven else ""


def _name(size: tuple[int, int], gap: str) -> str:
    return f"{size[0]:,} × {size[1]:,}, gap {gap}"


def _each_seed(asked: Asked, size: tuple[int, int], gap: str) -> list[Job]:
    return [_ours(size, seed, gap) for seed in range(1, asked.seeds + 1)]


def _same_run_jobs(asked: Asked) -> list[Job]:
    size, limit = asked.sizes.middle, asked.sizes.limit
    jobs = []
    for job in _each_seed(asked, size, "1e-5"):
        jobs.append(job)
        jobs += [_peer(size, job["seed"], "1e-5", model, solver, limit) for model, solver in PEERS]
    return jobs


def _same_run(asked: Asked, look: Look) -> Iterator[Figure]:
    size, work = asked.sizes.middle, _name(asked.sizes.middle, "1e-5")
    own = _ran(_each_seed(asked, size, "1e-5"), look)
    yield from _own(work, own, None, None)
    for (model, solver), (name, ratio) in PEERS.items():
        jobs = [_peer(size, job["seed"], "1e-5", model, solver, asked.sizes.limit) for job, _ in own]
        yield from _against(work, name, ratio, own, _ran(jobs, look), asked.sizes.limit)


def _own(work: str, own: Ran, seconds: Bar | None, memory: Bar | None) -> Iterator[Figure]:
    """Yield our seconds, split, with the gap reached and the memory."""
    yield Figure(work, "ours, all of it, s", [_seconds(came) for _, came in own], bar=seconds, note=_wrong(own))
    for part in ("search", "explanation", "verification"):
        yield Figure(work, f"  of it {part}, s", [c["parts"][part] for _, c in own if part in c["parts"]])
    yield Figure(work, "  on the clock, s", [came["wall"] for _, came in own])
    yield Figure(work, "  gap reached", [came["gap"] for _, came in own if came.get("gap") is not None], None)
    yield Figure(work, "  peak memory, MiB", [came["memory"] for _, came in own], 0, memory)


def _against(work: str, name: str, ratio: float, own: Ran, theirs: Ran, limit: float) -> Iterator[Figure]:
    """Yield a peer's seconds, how many times ours they are, the same of its memory, and how good its answer is."""
    by_seed = {job["seed"]: came for job, came in own}
    failed = sorted({came["status"] for _, came in theirs if has_failed(came)})
    theirs = [(job, came) for job, came in theirs if not has_failed(came)]
    pairs = [(by_seed[job["seed"]], came) for job, came in theirs]
    late = "; ".join([*filter(None, [_late(theirs, limit)]), *failed])
    building = [came["parts"].get("building", 0.0) for _, came in pairs]
    stated = f"building it {statistics.median(building):.1f} s of this" if building else ""
    yield Figure(
        work, f"{name}, s", [came["seconds"] for _, came in pairs], note="; ".join(filter(None, (late, stated)))
    )
    if ratio >= 1:
        faster = [came["seconds"] / _seconds(mine) for mine, came in pairs]
        yield Figure(
            work, "  times our seconds", faster, 1, Bar(ratio, at_least=True), bounded=bool(_late(theirs, limit))
        )
        thinner = [came["memory"] / mine["memory"] for mine, came in pairs]
        yield Figure(work, "  times our memory", thinner, 1, Bar(_MEMORY_RATIO, at_least=True))
    else:
        slower = [_seconds(mine) / came["seconds"] for mine, came in pairs]
        yield Figure(work, "  ours in its seconds", slower, 2, Bar(round(1 / ratio, 6)), late)
    true = [_gap_of(mine, came) for mine, came in pairs if came["objective"] and mine.get("bound")]
    broken = "below 0: more than our bound allows any exact awards" if any(gap < 0 for gap in true) else ""
    yield Figure(work, "  its gap to our bound", true, None, note=broken)


def _late(theirs: Ran, limit: float) -> str:
    late = sum(1 for _, came in theirs if not came["proven"])
    return f"no answer within the gap in {limit:g} s: {late} of {len(theirs)}" if late else ""


def _gap_of(mine: Came, came: Came) -> float:
    return (mine["bound"] - came["objective"]) / came["objective"]


def _large_jobs(asked: Asked) -> list[Job]:
    size, limit = asked.sizes.large, asked.sizes.limit
    jobs = _each_seed(asked, size, "1e-4")
    return jobs + [_peer(size, seed, "1e-4", "pairs", "highs", limit) for seed in range(1, asked.peer_seeds + 1)]


def _large(asked: Asked, look: Look) -> Iterator[Figure]:
    size, work = asked.sizes.large, _name(asked.sizes.large, "1e-4")
    own = _ran(_each_seed(asked, size, "1e-4"), look)
    yield from _own(work, own, Bar(20, 60), Bar(worst=512))
    jobs = [_peer(size, seed, "1e-4", "pairs", "highs", asked.sizes.limit) for seed in range(1, asked.peer_seeds + 1)]
    theirs = _ran(jobs, look)
    said = _late(theirs, asked.sizes.limit) or ("it answered" if theirs else "")
    yield Figure(work, "donor × request, raw HiGHS, s", [came["seconds"] for _, came in theirs], note=said)
    yield Figure(work, "  its memory, MiB", [came["memory"] for _, came in theirs], 0)


def _largest_jobs(asked: Asked) -> list[Job]:
    return [job for size in _growing(asked) for job in _each_seed(asked, size, "1e-4")]


def _growing(asked: Asked) -> Sequence[tuple[int, int]]:
    sizes = asked.sizes
    return sizes.small, sizes.middle, sizes.large, sizes.largest


def _largest(asked: Asked, look: Look) -> Iterator[Figure]:
    work = _name(asked.sizes.largest, "1e-4")
    own = _ran(_each_seed(asked, asked.sizes.largest, "1e-4"), look)
    yield from _own(work, own, Bar(90), Bar(worst=2048))
    points = []
    for size in _growing(asked):
        ran = _ran(_each_seed(asked, size, "1e-4"), look)
        if ran and not math.isinf(statistics.median(_seconds(came) for _, came in ran)):
            points.append((size[1], statistics.median(_seconds(came) for _, came in ran)))
    said = ", ".join(f"{requests:,}: {seconds:.2f} s" for requests, seconds in points)
    values = [exponent(points)] if len(points) > 1 else []
    asks = Bar(median=1.2, seeds=1)
    missing = "" if len(points) == len(_growing(asked)) else "; sizes are missing"
    yield Figure(work, "growth exponent in requests", values, 2, asks, f"medians {said}{missing}" if said else "")


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line through (log size, log seconds), by least squares.

    >>> round(exponent([(10, 1.0), (100, 10.0), (1000, 100.0)]), 6)
    1.0
    """
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def _tight_jobs(asked: Asked) -> list[Job]:
    tight = asked.sizes.tight
    return [
        {"work": "tight", "requests": tight[seed % len(tight)], "seed": seed, "limit": 60.0}
        for seed in range(asked.sizes.tight_seeds)
    ]


def _tight(asked: Asked, look: Look) -> Iterator[Figure]:
    sizes = asked.sizes.tight
    work = f"tight rounds of {min(sizes)} to {max(sizes)}"
    ran = _ran(_tight_jobs(asked), look)
    impossible = sum(1 for _, came in ran if came["status"] == "infeasible")
    note = f"{impossible} proven impossible" if impossible else ""
    seconds = [_seconds(came) for _, came in ran]
    yield Figure(
        work, "proven optimal, s", seconds, 2, Bar(1, 5, seeds=50), "; ".join(filter(None, (_wrong(ran), note)))
    )
    for job, came in sorted(ran, key=lambda one: -_seconds(one[1]))[:5]:
        note = "" if came["proven"] else f"gap {came.get('gap')} after {came['seconds']:.1f} s"
        yield Figure(work, f"  seed {job['seed']}, {job['requests']} requests, s", [_seconds(came)], note=note)


def _explain_jobs(asked: Asked) -> list[Job]:
    jobs = _each_seed(asked, asked.sizes.middle, "1e-5")
    return jobs + [{**job, "work": "explain"} for job in jobs if is_there(EXPLAIN)]


def _explanations(asked: Asked, look: Look) -> Iterator[Figure]:
    work = f"explanations, {_name(asked.sizes.middle, '1e-5')}"
    jobs = _each_seed(asked, asked.sizes.middle, "1e-5")
    own = _ran(jobs, look)
    told = [came["parts"]["explanation"] for _, came in own if "explanation" in came["parts"]]
    count = f"{statistics.median(came['unfunded'] for _, came in own):.0f} at the median" if own else ""
    yield Figure(work, "reasons of all unfunded, s", told, 2, note=count)
    ran = _ran([{**job, "work": "explain"} for job in jobs], look)
    missing = "" if is_there(EXPLAIN) else "this engine tells no losses"
    came_through = [came for _, came in ran if "explained" in came]
    without = sum(came["explained"] - came["with_interval"] for came in came_through)
    said = f"{without} of {sum(came['explained'] for came in came_through)} without an interval" if without else ""
    said = "; ".join(filter(None, (_wrong(ran), said)))
    seconds = [_seconds(came) for _, came in ran]
    yield Figure(
        work, "losses and new money of all, s", seconds, 2, Bar(worst=60), "; ".join(filter(None, (said, missing)))
    )
    deep = [one for came in came_through for one in came["deep"]]
    left_open = sum(came["deep_open"] for came in came_through)
    said = f"{left_open} of {len(deep)} wider than a tenth of the loss, and stated" if left_open else ""
    yield Figure(work, "one on demand, s", deep, 2, Bar(worst=30), said)


def _certify_jobs(asked: Asked) -> list[Job]:
    if not is_there(CERTIFICATE):
        return []
    middle = [{**job, "work": "certify"} for job in _each_seed(asked, asked.sizes.middle, "1e-5")]
    return _certify_tight(asked) + middle


def _certify_tight(asked: Asked) -> list[Job]:
    return [{**job, "work": "certify"} for job in _tight_jobs(asked)[:_CERTIFIED_SEEDS]]


def _certified(asked: Asked, look: Look) -> Iterator[Figure]:
    tight, size = asked.sizes.tight, asked.sizes.middle
    small = _ran(_certify_tight(asked), look)
    work = f"certificates, tight rounds of {min(tight)} to {max(tight)}"
    yield from _certified_figures(work, small, Bar(1e-5, seeds=_CERTIFIED_SEEDS), Bar(60, seeds=_CERTIFIED_SEEDS))
    jobs = [{**job, "work": "certify"} for job in _each_seed(asked, size, "1e-5")]
    yield from _certified_figures(f"certificates, {_name(size, '1e-5')}", _ran(jobs, look), Bar(worst=2e-3), None)


def _certified_figures(work: str, ran: Ran, gap: Bar, making: Bar | None) -> Iterator[Figure]:
    failed = sorted({came["status"] for _, came in ran if has_failed(came)})
    missing = [] if is_there(CERTIFICATE) else ["this engine makes no certificate"]
    ran = [(job, came) for job, came in ran if not has_failed(came) and came["status"] != "infeasible"]
    gaps = [math.inf if came.get("certified_gap") is None else came["certified_gap"] for _, came in ran]
    yield Figure(work, "gap certified by rationals", gaps, None, gap, "; ".join([*failed, *missing]))
    yield Figure(work, "  making it, s", [came["seconds"] for _, came in ran], 2, making)
    refused = sum(1 for _, came in ran if came.get("checker") != 0)
    checking = [came["checking"] if came.get("checker") == 0 else math.inf for _, came in ran]
    note = f"{refused} refused by the checker" if refused else ""
    yield Figure(work, "  checking it, s", checking, 2, Bar(worst=10, seeds=gap.seeds), note)


WORKS: dict[str, Work] = {
    "same-run": Work(_same_run_jobs, _same_run),
    "large": Work(_large_jobs, _large),
    "largest": Work(_largest_jobs, _largest),
    "tight": Work(_tight_jobs, _tight),
    "explanations": Work(_explain_jobs, _explanations),
    "certified": Work(_certify_jobs, _certified),
}
"""The rows of the table, in its order, by the name that `--only` takes."""
