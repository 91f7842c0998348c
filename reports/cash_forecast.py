"""The forecast of cash: instalments to come, tranches planned and fees by month, against the cash that is held."""

from __future__ import annotations

from datetime import date, datetime

from ledgers.store import Book
from reports.forecast import Forecast, forecast_of
from reports.outstanding import ZERO
from reports.report import Bar, Bars, Fact, Report
from reports.scope import scope_of
from reports.table import Column, Row, Table
from reports.wording import day, exact, spoken


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the forecast of cash by month.

    Args:
        book: The open book.
        as_of: Last entry date that counts, and the day from which the forecast looks ahead; the book's last day when
            None.
        known_at: Last recorded time that counts; everything written when None.
    """
    f = forecast_of(scope_of(book, as_of, known_at))
    scope = f.scope
    return Report(
        name="cash-forecast",
        title="Forecast of cash",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(f),
        facts=_facts(f),
        charts=_charts(f),
        tables=(_months(f), *([_undated(f)] if f.undated else [])),
        definitions=_definitions(),
        sources=(
            f"The book of {scope.facility} up to {day(scope.as_of)}: cash, instalments and tranches that are agreed.",
            "Nothing in it is in the journal yet; what is overdue is taken to come, and to go, in the first month.",
        ),
    )


def _months(f: Forecast) -> Table:
    rows: tuple[Row, ...] = tuple(
        (
            f"{month.begins:%Y-%m}",
            *map(f.scope.money, (month.due, month.overdue, month.tranches, month.waiting)),
            *map(f.scope.money, (month.fees + month.owed, month.cash, month.pledged)),
        )
        for month in f.months
    )
    columns = (
        Column("month", "Month"),
        Column("due", "To come", "amount"),
        Column("overdue", "Of that overdue", "amount"),
        Column("tranches", "To go out", "amount"),
        Column("waiting", "Of that waiting", "amount"),
        Column("fees", "Fees, to donors", "amount"),
        Column("cash", "Cash at the end", "amount"),
        Column("pledged", "Pledged, beside", "amount"),
    )
    note = (
        f"Cash on {day(f.scope.as_of)} {exact(f.cash, f.scope.currency)}, + to come - to go out - fees and what "
        "donors are "
        "owed = cash at the end. Pledges are never added. Waiting: the tranche's condition is not met yet."
    )
    return Table("months", f"Cash by month, {f.scope.currency}", columns, rows, note=note)


def _undated(f: Forecast) -> Table:
    rows: tuple[Row, ...] = tuple((what, "out" if is_out else "in", amount) for what, amount, is_out in f.undated)
    columns = (Column("what", "What"), Column("way", "Way"), Column("amount", f.scope.currency, "amount"))
    note = "Not in any month above: nobody has said when."
    return Table("undated", f"Expected without a day, {f.scope.currency}", columns, rows, note=note)


def _answer(f: Forecast) -> str:
    currency = f.scope.currency
    coming = sum((month.due for month in f.months), ZERO)
    going = sum((month.tranches for month in f.months), ZERO)
    last = f.months[-1]
    first = (
        f"From {spoken(f.cash, currency)} held on {day(f.scope.as_of)}, with {spoken(coming, currency)} of "
        "instalments to "
        f"come and {spoken(going, currency)} of tranches planned,"
    )
    if f.runs_out is not None:
        return (
            f"{first} cash would run out in {f.runs_out.begins:%B %Y}: {spoken(-f.runs_out.cash, currency)} would lack."
        )
    return f"{first} cash would not run out: {spoken(last.cash, currency)} is left at the end of {last.begins:%B %Y}."


def _facts(f: Forecast) -> tuple[Fact, ...]:
    currency = f.scope.currency
    totals = {
        name: sum((getattr(month, name) for month in f.months), ZERO)
        for name in ("due", "overdue", "tranches", "waiting", "pledged")
    }
    lowest = min(f.months, key=lambda month: month.cash)
    return (
        Fact("Cash held", exact(f.cash, currency), day(f.scope.as_of)),
        Fact("Instalments to come", exact(totals["due"], currency), f"{exact(totals['overdue'], currency)} overdue"),
        Fact("Tranches planned", exact(totals["tranches"], currency), f"{exact(totals['waiting'], currency)} waiting"),
        Fact("Lowest", exact(lowest.cash, currency), f"at the end of {lowest.begins:%B %Y}"),
        Fact("Pledged", exact(totals["pledged"], currency), "beside the rest, never added"),
    )


def _charts(f: Forecast) -> tuple[Bars, ...]:
    series = ("cash at the end", "short")
    bars = tuple(
        Bar(f"{month.begins:%Y-%m}", (("cash at the end", max(month.cash, ZERO)), ("short", max(-month.cash, ZERO))))
        for month in f.months[:24]
    )
    return (Bars("Cash at the end of each month", _answer(f), f.scope.currency, series, bars),)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        ("To come", "Instalments of signed contributions that neither cash, a note nor a write-off covers."),
        ("To go out", "Tranches planned in signed agreements and not disbursed, at most what is committed."),
        ("Fees", "Charged and not yet taken, and what the instalments will bear by their agreements, when they come."),
        ("Pledged", "Announced; it binds nobody."),
        ("All money together", "Earmarks are not looked at here: money for one purpose does not cover another."),
    )
