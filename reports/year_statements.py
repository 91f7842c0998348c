"""The five statements of a year, in the order of IPSAS 1: position, performance, changes, cash, the budget's stages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reports.lines import ZERO, Line, lines_table, summed, with_any
from reports.outstanding import dues
from reports.scope import Scope
from reports.table import Table
from reports.wording import day
from reports.year_figures import ASSETS, EXPENSES, LIABILITIES, REVENUE, Year

CASH = "asset:cash:"
BUDGET = {
    "budget:available": "Available to decide",
    "budget:conditional": "Waiting for a condition",
    "budget:allocated-uncollected": "Allocated, not yet received",
    "budget:allocated": "Allocated",
    "budget:committed": "Committed",
    "budget:disbursed": "Disbursed",
}
INFLOWS = {
    "deposit": "From donors",
    "bounce": "Taken back by banks",
    "interest": "Interest",
    "implementer-interest": "Interest of implementers",
    "refund": "Refunds from implementers",
    "recovery": "Disallowed cost made good",
}
OUTFLOWS = {
    "disbursement": "To implementers",
    "transfer-to-request": "To requests, without an agreement",
    "transfer": "To other funds",
    "fee-payment": "Administrative agent's fee",
    "direct-cost": "Direct cost",
    "bank-charge": "Bank charges",
    "donor-refund": "Back to donors",
}


def columns(y: Year) -> tuple[tuple[str, str], ...]:
    """Return the columns of amounts: the year and the one before."""
    return (("this_year", str(y.year)), ("last_year", str(y.year - 1)))


def position_lines(y: Year) -> list[Line]:
    """Return the lines of the statement of financial position; net assets last but for their parts."""
    later = _later(y)
    assets = _current(y, later[0])
    liabilities = with_any(y.named("liability:", LIABILITIES, -1), *LIABILITIES)
    current = summed("current_assets", "Total current assets", assets)
    all_assets = summed("assets", "Total assets", assets, later)
    owed = summed("liabilities", "Total liabilities, all current", liabilities)
    net = Line("net_assets", "Net assets", _minus(all_assets, owed), True)
    between = (
        [*later, all_assets] if any(later[0].amounts) else [Line("assets", "Total assets", all_assets.amounts, True)]
    )
    return [*assets, current, *between, *liabilities, owed, net]


def _minus(one: Line, other: Line) -> tuple[Decimal, ...]:
    return tuple(a - b for a, b in zip(one.amounts, other.amounts, strict=True))


def _current(y: Year, later: Line) -> list[Line]:
    cash = [account for account in y.accounts if account.name.startswith(CASH)]
    currencies = sorted({account.currency for account in cash}, key=lambda code: (code != y.scope.currency, code))
    lines = [
        y.line(f"cash_{code}", f"Cash, {code}", (each for each in cash if each.currency == code), 1)
        for code in currencies
    ]
    receivable = y.line("receivable", "", (each for each in y.accounts if each.name == "asset:receivable"), 1)
    within = Line("receivable", "Receivable from donors, within twelve months", _minus(receivable, later))
    others = y.named("asset:", ASSETS, 1, leave=lambda name: name.startswith(CASH) or name == "asset:receivable")
    shown = with_any(others, "asset:advance")
    return [*with_any(lines, f"cash_{y.scope.currency}"), within, *shown]


def _later(y: Year) -> list[Line]:
    """Return what of the receivable is due more than twelve months after each end; in a list, as lines are added."""
    this, last = _due_later(y.scope, y.scope.as_of), _due_later(_at(y.scope, y.prior), y.prior)
    return [Line("receivable_later", "Receivable from donors, later", (this, last))]


def _at(scope: Scope, on: date) -> Scope:
    from dataclasses import replace

    return replace(scope, as_of=on)


def _due_later(scope: Scope, end: date) -> Decimal:
    limit = end.replace(year=end.year + 1) if (end.month, end.day) != (2, 29) else date(end.year + 1, 3, 1)
    return scope.money(
        sum((due.base_amount for due in dues(scope) if due.due_on is not None and due.due_on > limit), ZERO)
    )


def position(y: Year, lines: list[Line]) -> Table:
    """Return the statement of financial position with its lines."""
    title = f"Statement of financial position, {y.scope.currency}, {day(y.scope.as_of)}"
    note = (
        "Receivables without an instalment count as due within twelve months. Net assets are told in the statement "
        "of changes."
    )
    return lines_table("position", title, lines, columns(y), note=note)


def performance_lines(y: Year) -> list[Line]:
    """Return the lines of the statement of financial performance, the surplus last."""
    revenue = with_any(y.named("income:", REVENUE, -1, flows=True), "income:contribution", "income:interest")
    expenses = with_any(y.named("expense:", EXPENSES, 1, flows=True), "expense:programme", "expense:transfer")
    income = summed("revenue", "Total revenue", revenue)
    spent = summed("expenses", "Total expenses", expenses)
    return [
        *revenue,
        income,
        *expenses,
        spent,
        Line("surplus", "Surplus (deficit) of the year", _minus(income, spent), True),
    ]


def performance(y: Year, lines: list[Line]) -> Table:
    """Return the statement of financial performance with its lines."""
    title = f"Statement of financial performance, {y.scope.currency}, {_span(y)}"
    return lines_table("performance", title, lines, columns(y))


def _span(y: Year) -> str:
    end = y.scope.as_of
    return f"year {y.year}" if end == date(y.year, 12, 31) else f"1 January to {day(end)}"


def changes(y: Year) -> Table:
    """Return the statement of changes in net assets."""
    results = [each for each in y.accounts if each.name.startswith(("income:", "expense:"))]
    equity = [each for each in y.accounts if each.name == "equity:opening"]
    everything = [*results, *equity]
    first = -sum((each.first for each in everything), ZERO)
    second = -sum((each.second for each in everything), ZERO)
    begun = Line("opening", "Net assets at the beginning", (y.scope.money(second), y.scope.money(first)), True)
    surplus = y.line("surplus", "Surplus (deficit) of the year", results, -1, flows=True)
    opened = y.line("opened", "Brought in at the opening of the book", equity, -1, flows=True)
    others = [
        each for each in y.accounts if each.name.startswith("equity:") and each.name != "equity:opening"
        and not each.name.startswith("equity:conversion:")
    ]  # fmt: skip
    rest = y.line("other", "Other", others, -1, flows=True)
    moved = [surplus, *with_any([opened, rest])]
    ended = summed("closing", "Net assets at the end", [begun], moved)
    return lines_table(
        "changes", f"Statement of changes in net assets, {y.scope.currency}", [begun, *moved, ended], columns(y)
    )


def cash_flow(y: Year) -> Table:
    """Return the cash flow statement, by the direct method."""
    rows = {row["kind"]: row for row in y.records("year_cash")}

    def line(kind: str, label: str) -> Line:
        row = rows.get(kind)
        amounts = (row["this_year"], row["last_year"]) if row else (ZERO, ZERO)
        return Line(kind, label, (y.scope.money(amounts[0]), y.scope.money(amounts[1])))

    told = {*INFLOWS, *OUTFLOWS, "revaluation", "exchange"}
    inflows = with_any([line(kind, label) for kind, label in INFLOWS.items()], "deposit", "interest")
    outflows = with_any([line(kind, label) for kind, label in OUTFLOWS.items()], "disbursement")
    others = with_any([line(kind, kind.replace("-", " ").capitalize()) for kind in rows if kind not in told])
    operating = summed("operating", "Net cash from operations", inflows, outflows, others)
    effect = Line(
        "exchange",
        "Exchange differences on cash",
        summed("", "", [line("revaluation", ""), line("exchange", "")]).amounts,
    )
    cash = [account for account in y.accounts if account.name.startswith(CASH)]
    second, first = (sum((getattr(each, end) for each in cash), ZERO) for end in ("second", "first"))
    begun = Line("opening", "Cash at the beginning", (y.scope.money(second), y.scope.money(first)), True)
    ended = summed("closing", "Cash at the end", [operating], [effect], [begun])
    lines = [*inflows, *outflows, *others, operating, effect, begun, ended]
    title = f"Cash flow statement, direct method, {y.scope.currency}"
    note = (
        "The facility has no investing and no financing activities. Exchanges between its own accounts come to nothing."
    )
    return lines_table("cash_flow", title, lines, columns(y), note=note)


def budget(y: Year) -> Table:
    """Return the stages of the budget: at the beginning, moved in the year, at the end."""
    lines = []
    for name, label in BUDGET.items():
        own = [account for account in y.accounts if account.name == name]
        second, third = (sum((getattr(each, end) for each in own), ZERO) for end in ("second", "third"))
        lines.append(Line(name, label, tuple(map(y.scope.money, (second, third - second, third)))))
    whole = summed("resource", "Resources", lines)
    title = f"Comparison of the stages of the budget, {y.scope.currency}"
    note = (
        "The budget of the facility is what its rounds and administrative decisions allocate; money passes these "
        "stages, and "
        "disbursed is what went out. Resources are what came in, less fees and returns, with money allocated "
        "before it came."
    )
    heads = (("opening", "At the beginning"), ("movement", "In the year"), ("closing", "At the end"))
    return lines_table("budget", title, [*lines, whole], heads, note=note)
