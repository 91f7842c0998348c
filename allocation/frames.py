"""Rounds from Polars frames, and decisions back to frames: the engine in a notebook, without a book.

Columns have the names of the facility's files (`facility guide files`). Money is exact: text, whole numbers and
decimals are read, a float column is refused. Everything wrong in the frames is told at once, with its column, row and
remedy.

>>> import polars as pl
>>> from datetime import date
>>> from allocation import awards_frame, problem_from_frames, solve
>>> contributions = pl.DataFrame(
...     {"contribution_id": ["C-1", "C-2"], "donor": ["State of Norland", "Westbank"],
...      "available": ["300000.00", "150000.00"], "earmark": ["", "country=LDC"]}
... )
>>> requests = pl.DataFrame(
...     {"request_id": ["R-1", "R-2"], "window": ["integration", "diaspora"], "country": ["KEN", "UGA"],
...      "amount_requested": [250_000, 200_000], "amount_minimum": [None, 50_000], "merit": ["82", "74.5"]}
... )
>>> problem = problem_from_frames(contributions, requests, 'currency = "USD"', on=date(2026, 2, 1))
>>> decision = solve(problem)
>>> decision.status, decision.awarded
('optimal', 45000000)
>>> awards_frame(decision).rows()
[('R-1', Decimal('250000.00')), ('R-2', Decimal('200000.00'))]

What is wrong is told at once:

>>> slips = requests.with_columns(merit=pl.Series([82.0, 74.5]), country=pl.Series(["KEN", "Ugandaland"]))
>>> problem_from_frames(contributions, slips, 'currency = "USD"', on=date(2026, 2, 1))
Traceback (most recent call last):
allocation.frames.FrameInvalid: 2 errors in the frames
  requests, column merit: floats (Float64) are not exact; cast it to decimal, or write it as text
  requests, row 2 (R-2), column country: Ugandaland is not a known country; did you mean UGA (Uganda)?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.policy import Policy
from allocation.policy_file import PolicyInvalid, parse_policy, refuse_unknown_measures, refuse_unknown_requests
from allocation.problem import Problem, ProblemInvalid
from ledgers.errors import FacilityError
from ledgers.places import Places

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class FrameProblem:
    """One thing wrong with a frame.

    Attributes:
        frame: `contributions`, `requests`, `request_years`, `overrides`, or an argument's name.
        column: The column; None when the frame as a whole is meant.
        row: Number of the row from 1; None when the column as a whole is meant.
        key: The row's id; empty where there is none.
        value: The cell as given; None where there is none.
        reason: What is wrong.
        remedy: What to write instead.
    """

    frame: str
    column: str | None
    row: int | None
    key: str
    value: object
    reason: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        row = "" if self.row is None else f", row {self.row}{f' ({self.key})' if self.key else ''}"
        column = "" if self.column is None else f", column {self.column}"
        return f"{self.frame}{row}{column}: {self.reason}; {self.remedy}"


class FrameInvalid(FacilityError):
    """Frames that state no round.

    Attributes:
        problems: Every error, in order of frame and row.
    """

    code = "frame-invalid"

    def __init__(self, problems: Sequence[FrameProblem]) -> None:
        count = f"{len(problems)} error{'s' if len(problems) != 1 else ''} in the frames"
        super().__init__(
            "\n".join([count, *(f"  {problem}" for problem in problems)]),
            remedy="correct what is listed; `facility guide python` shows every column",
        )
        self.problems = tuple(problems)


def problem_from_frames(
    contributions: pl.DataFrame,
    requests: pl.DataFrame,
    policy: Policy | str | Path,
    *,
    on: date,
    round_id: str = "notebook",
    request_years: pl.DataFrame | None = None,
    overrides: pl.DataFrame | None = None,
    funded_before: Sequence[str] = (),
) -> Problem:
    """Return the round that frames state.

    Args:
        contributions: One row a contribution. Needed: `contribution_id` and `available` (major units that the round may
            spend). May be given: `donor`, `earmark` (terms), `use_by`, `spend_from`, `spend_to` (dates), `country_cap`
            (the most that may go to one country, major units; or `country_share_max` of `amount`) and `country_used`
            (`KEN:1000.00|UGA:20.00`, what earlier rounds allocated there). A pledge (`stage`) is refused.
        requests: One row a request. Needed: `request_id`, `amount_requested` (major units) and `merit` (points). May be
            given: `amount_minimum` (null: all or nothing), `window`, `country`, `objectives` (`19|20`, or a list),
            `applicant`, `applicant_kind`, `gender`, `human_rights`, `child`, `oda`, `level`, `starts_on`, `ends_on`,
            `cofinance_confirmed` and measures (`x_…`).
        policy: A policy, a path to a policy file, or the TOML text itself. Its currency is that of every amount.
        on: The round's date: country groups and use-by dates are read on it.
        round_id: The round's id, in the decision.
        request_years: `request_id`, `year`, `amount`: what of an ask is spent in each year.
        overrides: `request_id`, `least`, `most`, `by`, `reason`: a manager's decisions on single requests.
        funded_before: Requests that earlier rounds funded, for exclusive groups and prerequisites.

    Raises:
        FrameInvalid: anything is wrong, everything at once; first of all what is no frame, date or policy.
        PolicyInvalid: the policy file is wrong; then the frames are not looked at, for want of a currency.
        ProblemInvalid: the rows are right one by one and no round together; or the policy names an unknown request.

    >>> import polars as pl
    >>> none = pl.DataFrame({"request_id": ["R-1"], "amount_requested": ["1,000"], "merit": [5], "windw": ["x"]})
    >>> money = pl.DataFrame({"contribution_id": ["C-1"], "available": [100.0]})
    >>> problem_from_frames(money, none, 'currency = "USD"', on=date(2026, 2, 1))
    Traceback (most recent call last):
    allocation.frames.FrameInvalid: 3 errors in the frames
      contributions, column available: floats (Float64) are not exact; cast it to decimal, or write it as text
      requests, column windw: no such column is read; did you mean window?
      requests, row 1 (R-1), column amount_requested: 1,000 is not a plain decimal number; write 1250000.00
    """
    from allocation.frame_rows import contributions_of, overrides_of, requests_of, years_of

    frames = {"contributions": contributions, "requests": requests, "request_years": request_years}
    slips = [*_no_frames({**frames, "overrides": overrides}), *_no_date(on), *_no_ids(round_id, funded_before)]
    if slips:
        raise FrameInvalid(slips)
    places = Places.on(on)
    rules, is_file = _policy(policy, places)
    problems: list[FrameProblem] = []
    money = contributions_of(contributions, rules.currency, places, problems)
    years = years_of(request_years, rules.currency, problems)
    asks = requests_of(requests, rules.currency, years, problems)
    decided = overrides_of(overrides, rules.currency, problems)
    if problems:
        raise FrameInvalid(problems)
    if is_file:
        refuse_unknown_requests(rules, [*(request.request_id for request in asks), *funded_before])
        refuse_unknown_measures(rules, asks)
    return Problem(round_id, rules.currency, on, places, money, asks, rules, tuple(funded_before), decided)


def _no_frames(given: Mapping[str, object]) -> list[FrameProblem]:
    """Return what is given as a frame and is none; the later ones may be left out."""
    import polars as pl

    remedies = {"LazyFrame": "call its `collect()`", "dict": "write `pl.DataFrame(...)` around it"}
    found = []
    for name, frame in given.items():
        if not isinstance(frame, pl.DataFrame) and (frame is not None or name in ("contributions", "requests")):
            kind = type(frame).__name__
            remedy = remedies.get(kind, "make it a Polars DataFrame")
            found.append(FrameProblem(name, None, None, "", None, f"{kind} is not a Polars DataFrame", remedy))
    return found


def _no_date(on: object) -> list[FrameProblem]:
    """Return what is wrong with the round's date, if it is none; a time of day is none either."""
    if isinstance(on, date) and not isinstance(on, datetime):
        return []
    return [FrameProblem("on", None, None, "", on, f"{on!r} is not a date", "write date(2026, 2, 1)")]


def _no_ids(round_id: object, funded_before: object) -> list[FrameProblem]:
    """Return what is wrong with the round's id, and with the ids of requests funded before: a text is no list."""
    found = []
    if not isinstance(round_id, str) or not round_id.strip():
        found.append(FrameProblem("round_id", None, None, "", round_id, f"{round_id!r} is no id", 'write "R1"'))
    is_list = isinstance(funded_before, Sequence) and not isinstance(funded_before, str | bytes)
    if not is_list or not all(isinstance(one, str) for one in funded_before):  # type: ignore[attr-defined]
        reason = f"{funded_before!r} is no list of ids"
        found.append(FrameProblem("funded_before", None, None, "", funded_before, reason, 'write ["R-9"]'))
    return found


def _policy(policy: Policy | str | Path, places: Places) -> tuple[Policy, bool]:
    """Return the policy, and whether it was read from a text."""
    if isinstance(policy, Policy):
        return policy, False
    if not isinstance(policy, str | Path):
        reason = f"{type(policy).__name__} is no policy"
        raise FrameInvalid(
            [FrameProblem("policy", None, None, "", policy, reason, "give TOML text, a Path or a Policy")]
        )
    if isinstance(policy, str):
        return parse_policy(policy, places=places), True
    try:
        return parse_policy(policy.read_text(encoding="utf-8-sig"), places=places, name=str(policy)), True
    except (OSError, ValueError) as cause:
        raise PolicyInvalid(str(policy), [f"it cannot be read ({cause}); name a policy file in UTF-8"]) from cause


__all__ = ["FrameInvalid", "FrameProblem", "ProblemInvalid", "problem_from_frames"]
