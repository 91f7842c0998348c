"""The tables of a round's minutes."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from reports.round_minutes import ZERO, Minutes, Record
from reports.round_stages import stages_table
from reports.table import Column, Row, Table
from reports.wording import counted, earmark_words, exact, limit_words, place, plain_words, ratio

_PAYERS_MAX = 6


def tables(m: Minutes) -> tuple[Table, ...]:
    """Return every table of the minutes, the awards first."""
    return (
        _awards_table(m),
        _refusals_table(m),
        _payers_table(m),
        _payments_table(m),
        _windows_table(m),
        _limits_table(m),
        *((stages_table(m.stages, m.currency),) if m.stages else ()),
        _approvals_table(m),
        *((_overrides_table(m),) if m.overrides else ()),
    )


def _awards_table(m: Minutes) -> Table:
    payers: dict[str, list[str]] = defaultdict(list)
    for row in m.payments:
        payers[row["request_id"]].append(f"{row['donor']} ({row['contribution_id']}) {m.scope.money(row['amount']):,}")
    rows = tuple(
        (
            *(
                row["request_id"],
                row["title"] or row["applicant"],
                place(row),
                row["request_window"],
                _merit(row["merit"]),
            ),
            *(m.scope.money(row["base_requested"]), m.scope.money(row["amount"]), _listed(payers[row["request_id"]])),
        )
        for row in m.awards
    )
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("country", "Where"),
        Column("window", "Window"),
        Column("merit", "Merit", "amount"),
        Column("requested", "Asked", "amount"),
        Column("awarded", "Awarded", "amount"),
        Column("payers", "Paid by"),
    )
    asked = m.scope.money(sum((row["base_requested"] for row in m.awards), ZERO))
    total: Row = ("Total", None, None, None, None, asked, m.awarded, None)
    return Table("awards", f"Awards, {m.currency}", columns, rows, total=total)


def _listed(payers: list[str]) -> str:
    """Return the first few payers, and how many more there are; the table of payments has them all."""
    more = len(payers) - _PAYERS_MAX
    return "; ".join(payers[:_PAYERS_MAX]) + (f"; and {more} more" if more > 0 else "")


def _merit(merit: Decimal | None) -> Decimal | None:
    """Return a merit without idle zeros, with two places at least."""
    if merit is None:
        return None
    return merit.quantize(Decimal("0.01")) if merit == merit.quantize(Decimal("0.01")) else merit


def _refusals_table(m: Minutes) -> Table:
    reasons: dict[str, list[Record]] = defaultdict(list)
    for row in m.refusals:
        reasons[row["request_id"]].append(row)
    rows = tuple(
        (
            *(
                request,
                of[0]["title"] or of[0]["applicant"],
                place(of[0]),
                of[0]["request_window"],
                _merit(of[0]["merit"]),
            ),
            *(m.scope.money(of[0]["base_requested"]), m.scope.money(of[0]["awarded"])),
            *(
                ", ".join(dict.fromkeys(plain_words(each["kind"]) for each in of)),
                "\n".join(each["sentence"] for each in of),
            ),
        )
        for request, of in reasons.items()
    )
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("country", "Where"),
        Column("window", "Window"),
        Column("merit", "Merit", "amount"),
        Column("requested", "Asked", "amount"),
        Column("awarded", "Got", "amount"),
        Column("kind", "Because"),
        Column("reason", "Why"),
    )
    title = f"Refused, or funded in part, and why, {m.currency}"
    return Table(
        "refusals", title, columns, rows, note="In the order of merit; the sentences are those of the decision."
    )


def _payers_table(m: Minutes) -> Table:
    rows = tuple(
        (
            *(row["contribution_id"], row["donor"], plain_words(row["donor_kind"]), plain_words(row["earmark_class"])),
            *(
                earmark_words(row["earmark"]),
                row["use_by"],
                m.scope.money(row["available"]),
                m.scope.money(row["paid"]),
            ),
            *(m.scope.money(row["unspent"]), row["requests"], row["note"]),
        )
        for row in m.contributions
    )
    columns = (
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("donor_kind", "Kind"),
        Column("earmark_class", "Class"),
        Column("earmark", "Earmark"),
        Column("use_by", "Use by", "date"),
        Column("available", "Available", "amount"),
        Column("paid", "Pays", "amount"),
        Column("unspent", "Left", "amount"),
        Column("requests", "Requests", "count"),
        Column("note", "Note"),
    )
    sums = [
        m.scope.money(sum((row[name] for row in m.contributions), ZERO)) for name in ("available", "paid", "unspent")
    ]
    total: Row = ("Total", None, None, None, None, None, *sums, None, None)
    return Table("contributions", f"Who pays, {m.currency}", columns, rows, total=total)


def _payments_table(m: Minutes) -> Table:
    rows = tuple(
        (
            *(row["request_id"], row["request_window"], row["contribution_id"], row["donor"]),
            *(plain_words(row["earmark_class"]), m.scope.money(row["amount"])),
        )
        for row in m.payments
    )
    columns = (
        Column("request_id", "Request"),
        Column("window", "Window"),
        Column("contribution_id", "Contribution"),
        Column("donor", "Donor"),
        Column("earmark_class", "Class"),
        Column("amount", m.currency, "amount"),
    )
    total: Row = ("Total", None, None, None, None, m.scope.money(sum((row["amount"] for row in m.payments), ZERO)))
    note = (
        "Money is commingled: which contribution pays which request is an attribution by the facility's written rule."
    )
    return Table("payments", f"Payments, {m.currency}", columns, rows, note=note, total=total)


def _windows_table(m: Minutes) -> Table:
    rows = tuple(
        (
            *(row["request_window"], row["requests"], m.scope.money(row["requested"]), row["awards"]),
            *(m.scope.money(row["awarded"]), ratio(row["awarded"], m.awarded)),
        )
        for row in m.windows
    )
    columns = (
        Column("window", "Window"),
        Column("requests", "Requests", "count"),
        Column("requested", "Asked", "amount"),
        Column("awards", "Awards", "count"),
        Column("awarded", "Awarded", "amount"),
        Column("share", "Share of awards", "share"),
    )
    return Table("windows", f"Windows, {m.currency}", columns, rows)


def _limits_table(m: Minutes) -> Table:
    rows = tuple(
        (
            *(
                limit_words(row["limit_name"]),
                plain_words(row["side"]),
                _figure(m, row, "bound"),
                _figure(m, row, "actual"),
            ),
            *(row["currency"] or row["unit"], row["binding"]),
        )
        for row in sorted(m.limits, key=lambda row: not row["binding"])
    )
    columns = (
        Column("limit", "Limit"),
        Column("side", "Side"),
        Column("bound", "Allowed", "amount"),
        Column("actual", "Reached", "amount"),
        Column("unit", "Unit"),
        Column("binding", "Binding"),
    )
    binding = sum(1 for row in m.limits if row["binding"])
    note = f"{counted(binding, 'side')} of a limit binding, first; then by name."
    return Table("limits", "Limits of the policy", columns, rows, note=note)


def _figure(m: Minutes, row: Record, name: str) -> Decimal:
    """Return a limit's figure without idle zeros: money to the cent where it is exact, counts whole."""
    value: Decimal = row[name]
    if row["unit"] == "money":
        return m.scope.money(value)
    return Decimal(int(value)) if value == int(value) else value.normalize()


def _approvals_table(m: Minutes) -> Table:
    rows = tuple((row["approver"], row["recorded_at"]) for row in m.approvals)
    columns = (Column("approver", "Approved by"), Column("recorded_at", "Recorded, UTC", "date"))
    proposer = f"Proposed by {m.decision['proposer']}." if m.decision else ""
    return Table("approvals", "Approvals", columns, rows, note=proposer)


def _overrides_table(m: Minutes) -> Table:
    """Return what was decided by hand, all of it in order; what a later one replaced or lifted says so."""
    prices = m.override_prices
    rows = tuple(
        (
            *(row["request_id"], row["title"], _override_words(m, row), "yes" if row["stands"] else "no"),
            *(prices.get(row["request_id"]) if row["stands"] else None, row["decided_by"], row["event_date"]),
            row["reason"],
        )
        for row in m.overrides
    )
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("says", "Decided"),
        Column("stands", "Counts"),
        Column("price", f"Price, {m.decision['objective_name'] if m.decision else 'objective'}"),
        Column("decided_by", "By"),
        Column("on", "On", "date"),
        Column("reason", "Because"),
    )
    note = "What people decided by hand; the latest of a request counts. The price is what the best awards lose by it."
    return Table("overrides", "Overrides", columns, rows, note=note)


def _override_words(m: Minutes, row: Record) -> str:
    if row["is_lifted"]:
        return "the one before lifted"
    least, most = m.scope.money(row["least"]), m.scope.money(row["most"])
    if not most:
        return "refused"
    if least == most:
        return f"funded with {exact(most, m.currency)}"
    return f"at least {exact(least, m.currency)}" if least else f"at most {exact(most, m.currency)}"
