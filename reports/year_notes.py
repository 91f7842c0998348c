"""The notes to the statements of a year: exchange, fees, restrictions, donors, commitments, events, restatements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.lines import ZERO, Line
from reports.table import Column, Row, Table
from reports.wording import day, earmark_words, plain_words
from reports.year_figures import Record, Year, as_known, year_of
from reports.year_statements import CASH, performance_lines, position_lines


def cash_held(y: Year) -> Table:
    """Return cash by account at a bank and currency."""
    money = y.scope.money
    held = [each for each in y.accounts if each.name.startswith(CASH) and (each.amount or each.third)]
    rows = tuple((each.name.removeprefix(CASH), each.currency, money(each.amount), money(each.third)) for each in held)
    columns = (
        Column("bank", "Account"),
        Column("currency", "Currency"),
        Column("amount", "Held", "amount"),
        Column("base_amount", f"In {y.scope.currency}", "amount"),
    )
    whole = money(sum((each.third for each in held), ZERO))
    return Table(
        "cash", f"Note: cash at banks, {day(y.scope.as_of)}", columns, rows, total=("Total", None, None, whole)
    )


def exchange(y: Year) -> Table:
    """Return exchange gains and losses of the year by what caused them."""
    money = y.scope.money
    records = y.records("year_exchange")
    rows = tuple((row["cause"], row["currency"], money(row["gains"]), money(row["losses"])) for row in records)
    columns = (
        Column("cause", "Cause"),
        Column("currency", "Currency"),
        Column("gains", "Gains", "amount"),
        Column("losses", "Losses", "amount"),
    )
    gains, losses = (money(sum((row[name] for row in records), ZERO)) for name in ("gains", "losses"))
    note = (
        "Cash in other currencies is brought to its value at the end of a period, at the facility's own gain or loss; "
        "receivables and unapplied receipts for that day alone."
    )
    title = f"Note: exchange differences of the year, {y.scope.currency}"
    return Table("exchange", title, columns, rows, note=note, total=("Total", None, gains, losses))


def rates(y: Year) -> Table:
    """Return the last rate of each currency up to the end of the year."""
    rows = tuple(
        (row["currency"], row["rate_date"], row["units_per_base"], row["source"])
        for row in y.scope.records("closing_rates")
    )
    columns = (
        Column("currency", "Currency"),
        Column("rate_date", "Date of rate", "date"),
        Column("units_per_base", f"Units per {y.scope.currency}", "amount"),
        Column("source", "Source"),
    )
    return Table("rates", f"Note: rates at the end, {day(y.scope.as_of)}", columns, rows)


def fees(y: Year) -> Table:
    """Return fees by kind: charged, taken, still to be taken."""
    money, names = y.scope.money, ("charged", "taken", "payable")
    records = y.records("year_fees")
    rows = tuple((row["fee"], *(money(row[name]) for name in names)) for row in records)
    columns = (
        Column("fee", "Fee"),
        Column("charged", "Charged in the year", "amount"),
        Column("taken", "Taken in the year", "amount"),
        Column("payable", "Payable at the end", "amount"),
    )
    total: Row = ("Total", *(money(sum((row[name] for row in records), ZERO)) for name in names))
    note = "The administrative agent's fee is charged on each deposit, and taken back with one that bounces."
    return Table("fees", f"Note: fees, {y.scope.currency}", columns, rows, note=note, total=total)


def restrictions(y: Year, contributions: list[Record]) -> Table:
    """Return revenue and net assets by class of earmark."""
    names = ("net_opening", "revenue", "returned", "other", "net_closing")
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in contributions:
        group = "the facility's own" if row["contribution_id"] == "FACILITY" else row["earmark_class"]
        for name in ("net_opening", "revenue", "returned", "net_closing"):
            sums[group][name] += row[name]
        sums[group]["other"] += row["net_closing"] - row["net_opening"] - row["revenue"] + row["returned"]
    whole = [
        each for each in y.accounts if each.name.startswith(("income:", "expense:")) or each.name == "equity:opening"
    ]
    for name, end in (("net_opening", "second"), ("net_closing", "third")):
        rest = -sum((getattr(each, end) for each in whole), ZERO) - sum((parts[name] for parts in sums.values()), ZERO)
        if rest:
            sums["brought in, of nobody"][name] = rest
    if "brought in, of nobody" in sums:
        brought = sums["brought in, of nobody"]
        brought["other"] = brought["net_closing"] - brought["net_opening"]
    groups = ("unearmarked", "softly", "earmarked", "tightly", "the facility's own", "brought in, of nobody")
    order = [name for name in groups if name in sums]
    money = y.scope.money
    rows: tuple[Row, ...] = tuple((plain_words(name), *(money(sums[name][each]) for each in names)) for name in order)
    columns = (
        Column("earmark_class", "Class"),
        Column("net_opening", "At the beginning", "amount"),
        Column("revenue", "Revenue", "amount"),
        Column("returned", "Returned", "amount"),
        Column("other", "Used and other", "amount"),
        Column("net_closing", "At the end", "amount"),
    )
    total: Row = ("Total", *(money(sum((sums[name][each] for name in order), ZERO)) for each in names))
    note = (
        "Net assets by the donors' restrictions: beginning + revenue - returned + used and other = end. Classes as "
        "the terms stand now."
    )
    title = f"Note: earmarks and restrictions, {y.scope.currency}"
    return Table("restrictions", title, columns, rows, note=note, total=total)


def donors(y: Year, contributions: list[Record]) -> Table:
    """Return contributions by donor."""
    names = ("revenue", "returned", "received", "receivable", "deferred")
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in contributions:
        for name in names:
            sums[row["donor"]][name] += row[name]
    money = y.scope.money
    shown = sorted(name for name, parts in sums.items() if any(parts.values()))
    rows: tuple[Row, ...] = tuple((name, *(money(sums[name][each]) for each in names)) for name in shown)
    columns = (
        Column("donor", "Donor"),
        Column("revenue", "Revenue", "amount"),
        Column("returned", "Returned", "amount"),
        Column("received", "Received, net", "amount"),
        Column("receivable", "Receivable", "amount"),
        Column("deferred", "Deferred", "amount"),
    )
    total: Row = ("Total", *(money(sum((sums[name][each] for name in shown), ZERO)) for each in names))
    note = "Revenue, returned and received are of the year; receivable (notes included) and deferred are at its end."
    return Table("donors", f"Note: contributions by donor, {y.scope.currency}", columns, rows, note=note, total=total)


def deferred(y: Year, contributions: list[Record]) -> Table:
    """Return the agreements whose revenue is deferred."""
    money = y.scope.money
    found = [row for row in contributions if row["deferred"]]
    rows = tuple(
        (
            *(row["contribution_id"], row["donor"], row["currency"], money(row["deferred_amount"])),
            *(money(row["deferred"]), earmark_words(row["earmark"])),
        )
        for row in found
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("currency", "Currency"),
        Column("amount", "Conditions not met", "amount"),
        Column("base_amount", f"In {y.scope.currency}", "amount"),
        Column("earmark", "Earmark"),
    )
    whole = money(sum((row["deferred"] for row in found), ZERO))
    note = (
        "These agreements have conditions: they are revenue as the conditions are met. All others are revenue at "
        "signing."
    )
    title = f"Note: deferred contributions, {day(y.scope.as_of)}"
    return Table("deferred", title, columns, rows, note=note, total=("Total", None, None, None, whole, None))


def commitments(y: Year) -> Table:
    """Return commitments outstanding at the end of the year."""
    money, names = y.scope.money, ("committed", "advance", "owed")
    records = y.scope.records("year_commitments")
    rows = tuple(
        (
            row["commitment_id"],
            row["implementer"],
            row["request_id"],
            row["ends_on"],
            *(money(row[name]) for name in names),
        )
        for row in records
    )
    columns = (
        Column("commitment_id", "Agreement"),
        Column("implementer", "Implementer"),
        Column("request_id", "Request"),
        Column("ends_on", "Ends on", "date"),
        Column("committed", "Committed", "amount"),
        Column("advance", "Advance", "amount"),
        Column("owed", "Owed to us", "amount"),
    )
    total: Row = ("Total", None, None, None, *(money(sum((row[name] for row in records), ZERO)) for name in names))
    note = (
        "Committed: in signed grant agreements and not disbursed, so not in the position; advance and owed are in it."
    )
    title = f"Note: commitments outstanding, {y.scope.currency}, {day(y.scope.as_of)}"
    return Table("commitments", title, columns, rows, note=note, total=total)


def memo(y: Year, contributions: list[Record]) -> Table:
    """Return pledges and gifts in kind, which are in no statement."""
    money = y.scope.money
    found = [row for row in contributions if row["pledged"] or row["in_kind"]]
    rows = tuple((row["contribution_id"], row["donor"], money(row["pledged"]), money(row["in_kind"])) for row in found)
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("pledged", "Pledged", "amount"),
        Column("in_kind", "In kind", "amount"),
    )
    note = "Memo only: an announcement binds nobody, and gifts in kind are valued and not recognised."
    return Table("memo", f"Note: pledges and gifts in kind, {y.scope.currency}", columns, rows, note=note)


def later_events(y: Year) -> Table:
    """Return the entries dated after the end of the year."""
    rows = tuple(
        (row["entry_date"], row["kind"], row["reference"], row["narration"], y.scope.money(row["amount"]))
        for row in y.scope.records("entries_after", after=y.scope.as_of, later=y.later)
    )
    columns = (
        Column("entry_date", "Date", "date"),
        Column("kind", "Kind"),
        Column("reference", "Reference"),
        Column("narration", "In words"),
        Column("amount", f"Moved, {y.scope.currency}", "amount"),
    )
    note = "None of them is in the statements above."
    return Table("later_events", f"Note: entries after {day(y.scope.as_of)}", columns, rows, note=note)


def restated(y: Year) -> Table:
    """Return the lines of both years that are not what they were when their year was closed first."""
    rows: list[Row] = []
    for year in (y.year - 1, y.year):
        rows += _restated_lines(y, year)
    columns = (
        Column("year", "Year"),
        Column("statement", "Statement"),
        Column("line", "Line"),
        Column("closed", "When closed first", "amount"),
        Column("now", "Now", "amount"),
        Column("difference", "Difference", "amount"),
    )
    closed = [(year, _closed(y, date(year, 12, 31))) for year in (y.year - 1, y.year)]
    told = [
        f"{year} was closed first on {event['recorded_at']:%Y-%m-%d} at {event['recorded_at']:%H:%M} UTC"
        if event is not None
        else f"{year} was not closed"
        for year, event in closed
    ]
    note = (
        f"{'; '.join(told)}. Comparatives are shown as they are known now; what changed since the closing stands here."
    )
    return Table(
        "restated", f"Note: figures restated since the closing, {y.scope.currency}", columns, tuple(rows), note=note
    )


def _closed(y: Year, through: date) -> Record | None:
    found = y.scope.records("first_closed", through=through)
    return found[0] if found else None


def _restated_lines(y: Year, year: int) -> list[Row]:
    event = _closed(y, date(year, 12, 31))
    if event is None or date(year, 12, 31) > y.scope.as_of:
        return []
    now = year_of(replace(y.scope, as_of=date(year, 12, 31)), year, None, y.last_day)
    then = as_known(now, event["recorded_at"])
    rows: list[Row] = []
    for statement, lines in (("position", position_lines), ("performance", performance_lines)):
        old = {line.name: line for line in lines(then)}
        new = {line.name: line for line in lines(now)}
        for name in dict.fromkeys((*new, *old)):
            was, is_now = (_first(found.get(name), y) for found in (old, new))
            if was != is_now:
                label = (new.get(name) or old[name]).label
                rows.append((str(year), statement, label, was, is_now, is_now - was))
    return rows


def _first(line: Line | None, y: Year) -> Decimal:
    return line.amounts[0] if line is not None else y.scope.money(ZERO)
