"""Decisions and problems as Polars frames, exact: money is decimal in major units, ids are text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from allocation.decision import Decision, decimal_text
from allocation.problem import Problem
from ledgers.money import major_units, places

if TYPE_CHECKING:
    import polars as pl

FIGURE_PLACES = 12
"""Decimal places of figures that are not money; one that does not end within them is rounded up."""


def awards_frame(decision: Decision) -> pl.DataFrame:
    """Return the awards of a decision.

    Returns:
        One row a funded request, sorted by `request_id` (text); `amount` decimal(38, the currency's places), major
        units.
    """
    rows = [(award.request_id, _money(award.amount, decision.currency)) for award in decision.awards]
    return _frame(rows, {"request_id": _text(), "amount": _amount(decision.currency)})


def payments_frame(decision: Decision) -> pl.DataFrame:
    """Return who pays each award.

    Returns:
        One row a (request, contribution, year), sorted by them: `request_id`, `contribution_id` text; `year` int32,
        null where years are not told apart; `amount` decimal(38, places), major units. They sum to the awards.
    """
    rows = [
        (award.request_id, paid.contribution_id, paid.year, _money(paid.amount, decision.currency))
        for award in decision.awards
        for paid in award.payments
    ]
    columns = {"request_id": _text(), "contribution_id": _text(), "year": _year(), "amount": _amount(decision.currency)}
    return _frame(rows, columns)


def unfunded_frame(decision: Decision) -> pl.DataFrame:
    """Return the requests that got nothing and why.

    Returns:
        One row a request, sorted by `request_id`: `would_take` decimal(38, places), the least that would have been
        useful, major units; `kinds` and `because`, lists of text of the same length: kind and sentence of each reason.
    """
    import polars as pl

    rows = [
        (
            refused.request_id,
            _money(refused.would_take, decision.currency),
            [reason.kind for reason in refused.because],
            [reason.sentence for reason in refused.because],
        )
        for refused in decision.unfunded
    ]
    texts = pl.List(pl.String)
    columns = {"request_id": _text(), "would_take": _amount(decision.currency), "kinds": texts, "because": texts}
    return _frame(rows, columns)


def limits_frame(decision: Decision) -> pl.DataFrame:
    """Return how every side of every limit came out, in the policy's order.

    Returns:
        `name`, `side`, `unit` text (`money`, `count` or a measure); `bound`, `actual` decimal(38, 12), money in major
        units; `binding` boolean.
    """
    rows = []
    for limit in decision.limits:
        scale = 10 ** places(decision.currency) if limit.unit == "money" else 1
        figures = (_figure(limit.bound / scale), _figure(limit.actual / scale))
        rows.append((limit.name, limit.side, *figures, limit.unit, limit.binding))
    names = ("name", "side", "bound", "actual", "unit", "binding")
    kinds = (_text(), _text(), _exact(), _exact(), _text(), _boolean())
    return _frame(rows, dict(zip(names, kinds, strict=True)))


def stages_frame(decision: Decision) -> pl.DataFrame:
    """Return every step of every objective, in the policy's order; empty where there is only the first.

    Returns:
        `objective`, `of` text; `value`, `bound`, `gave_up` decimal(38, 12), in the objective's own unit.
    """
    rows = [
        (stage.objective, stage.of, _figure(stage.value), _figure(stage.bound), _figure(stage.gave_up))
        for stage in decision.stages
    ]
    names = ("objective", "of", "value", "bound", "gave_up")
    return _frame(rows, dict(zip(names, (_text(), _text(), _exact(), _exact(), _exact()), strict=True)))


def problem_frames(problem: Problem) -> dict[str, Any]:
    """Return a problem as the arguments of `problem_from_frames`, which gives a problem of the same digest.

    The merit that terms ask about is that of the request; a problem made by hand may have another.
    """
    return {
        "contributions": _contributions(problem),
        "requests": _requests(problem),
        "policy": problem.policy,
        "on": problem.on,
        "round_id": problem.round_id,
        "request_years": _years(problem),
        "overrides": _overrides(problem),
        "funded_before": problem.funded_before,
    }


def _contributions(problem: Problem) -> pl.DataFrame:
    rows = [
        (
            c.contribution_id,
            c.donor,
            _money(c.available, problem.currency),
            str(c.earmark),
            c.use_by,
            c.spend_from,
            c.spend_to,
            None if c.country_cap is None else _money(c.country_cap, problem.currency),
            "|".join(f"{country}:{_money(used, problem.currency)}" for country, used in c.country_used),
        )
        for c in problem.contributions
    ]
    money = _amount(problem.currency)
    names = ("contribution_id", "donor", "available", "earmark", "use_by", "spend_from", "spend_to", "country_cap",
             "country_used")  # fmt: skip
    kinds = (_text(), _text(), money, _text(), _day(), _day(), _day(), money, _text())
    return _frame(rows, dict(zip(names, kinds, strict=True)))


def _requests(problem: Problem) -> pl.DataFrame:
    measures = sorted({name for request in problem.requests for name, _ in request.measures})
    rows = []
    for request in problem.requests:
        about, measured = request.subject, dict(request.measures)
        rows.append(
            (
                request.request_id,
                _money(request.ask, problem.currency),
                _money(request.minimum, problem.currency),
                str(request.merit),
                about.window,
                about.country,
                "|".join(map(str, about.objectives)),
                about.applicant,
                about.applicant_kind,
                about.gender,
                about.human_rights,
                about.child,
                about.oda,
                about.level,
                request.starts_on,
                request.ends_on,
                _money(request.cofinance, problem.currency),
                *(None if name not in measured else str(measured[name]) for name in measures),
            )
        )
    money, text, marker = _amount(problem.currency), _text(), _year()
    columns = {
        "request_id": text, "amount_requested": money, "amount_minimum": money, "merit": text, "window": text,
        "country": text, "objectives": text, "applicant": text, "applicant_kind": text, "gender": marker,
        "human_rights": marker, "child": marker, "oda": _boolean(), "level": text, "starts_on": _day(),
        "ends_on": _day(), "cofinance_confirmed": money, **dict.fromkeys(measures, text),
    }  # fmt: skip
    return _frame(rows, columns)


def _years(problem: Problem) -> pl.DataFrame:
    rows = [
        (request.request_id, year, _money(amount, problem.currency))
        for request in problem.requests
        for year, amount in request.years
    ]
    return _frame(rows, {"request_id": _text(), "year": _year(), "amount": _amount(problem.currency)})


def _overrides(problem: Problem) -> pl.DataFrame:
    rows = [
        (o.request_id, _money(o.least, problem.currency), _money(o.most, problem.currency), o.by, o.reason)
        for o in problem.overrides
    ]
    money, text = _amount(problem.currency), _text()
    return _frame(rows, {"request_id": text, "least": money, "most": money, "by": text, "reason": text})


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, Any]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema=dict(columns), orient="row")


def _money(minor: int, currency: str) -> Decimal:
    return major_units(minor, currency)


def _figure(value: Fraction) -> Decimal:
    return Decimal(decimal_text(value, places_max=FIGURE_PLACES))


def _amount(currency: str) -> pl.Decimal:
    import polars as pl

    return pl.Decimal(38, places(currency))


def _exact() -> pl.Decimal:
    import polars as pl

    return pl.Decimal(38, FIGURE_PLACES)


def _text() -> Any:
    import polars as pl

    return pl.String


def _year() -> Any:
    import polars as pl

    return pl.Int32


def _day() -> Any:
    import polars as pl

    return pl.Date


def _boolean() -> Any:
    import polars as pl

    return pl.Boolean
