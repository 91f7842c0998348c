"""Every total of every statement equals the journal to the cent: on any day, and as known at any time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from moments import KIND, journal, lines, moments, summed, table

from ledgers.store import Book
from reports.money_steps import adds_up, money_total
from reports.outstanding import claims, dues
from reports.registry import make
from reports.scope import scope_of

RECEIVABLE = "account in ('asset:receivable', 'asset:promissory-note')"
OUTSIDE = "account in ('asset:advance', 'asset:receivable:implementer')"
STAGES = "account in ('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')"
CASH = "account like 'asset:cash:%'"


def cut(book: Book) -> list[tuple[date, datetime | None]]:
    """Return every third moment: enough for the reports that read most."""
    return moments(book)[::-4]


def test_sources_and_uses_are_the_journal(years: Book) -> None:
    for day, at in moments(years):
        report = make("sources-and-uses", years, as_of=day, known_at=at)
        own, outside, both = (lines(each, 3) for each in report.tables[:3])
        cash = journal(years, CASH, day, at)
        unpaid = -journal(years, "account in ('liability:fee', 'liability:donor-refund')", day, at)
        assert own["Balance held by the facility"] == cash - unpaid, (day, at)
        assert outside["Balance held by implementers"] == journal(years, OUTSIDE, day, at)
        assert own["Contributions from donors, deposited"] == journal(
            years, f"{CASH} and {KIND} in ('deposit', 'bounce')", day, at
        )
        assert own["Transferred to implementers"] == -journal(
            years, f"{CASH} and ({KIND} = 'disbursement' or {KIND} = 'transfer' and p.request_id is not null)", day, at
        )
        assert outside["Expenditure reported"] == journal(years, "account = 'expense:programme'", day, at)
        assert own["Administrative agent's fee"] == journal(years, "account = 'expense:fee:administration'", day, at)
        assert both["Total balance"] == own["Balance held by the facility"] + outside["Balance held by implementers"]
        assert lines(table(report, "to_cash"))["Cash at banks"] == cash == summed(table(report, "cash"), "base_balance")
        assert summed(table(report, "by_implementer"), "balance") == outside["Balance held by implementers"]
        assert summed(table(report, "by_implementer"), "transferred") == own["Transferred to implementers"]


def test_columns_of_sources_and_uses_add_up(years: Book) -> None:
    for day, at in moments(years):
        for each in make("sources-and-uses", years, as_of=day, known_at=at).tables[:3]:
            assert all(row[1] + row[2] == row[3] for row in each.rows), (each.name, day)  # type: ignore[operator]


def test_both_sums_of_the_money_steps_hold_of_every_contribution(years: Book) -> None:
    for day, at in moments(years):
        rows = scope_of(years, day, at).records("contribution_money", donor_id=None)
        assert [row["contribution_id"] for row in rows if not adds_up(row)] == [], (day, at)
        assert adds_up(money_total(rows))


def test_money_steps_are_the_journal(years: Book) -> None:
    for day, at in moments(years):
        of = money_total(scope_of(years, day, at).records("contribution_money", donor_id=None))
        for name, where, sign in (
            ("signed", "account in ('income:contribution', 'liability:deferred-contribution')", -1),
            ("received", f"{CASH} and e.kind = 'deposit'", 1),
            ("bounced", f"{CASH} and e.kind = 'bounce'", -1),
            ("written_off", "account = 'expense:write-off'", 1),
            ("returned", "account = 'income:contribution:returned'", 1),
            ("fees", "account = 'expense:fee:administration'", 1),
            ("allocated", f"{STAGES} and p.request_id is not null", 1),
            ("administration", f"{STAGES} and p.request_id is null", 1),
            ("available", "account = 'budget:available'", 1),
            ("conditional", "account = 'budget:conditional'", 1),
            ("spent", "account = 'expense:programme' or account = 'expense:transfer' and p.request_id is not null", 1),
            ("outside", OUTSIDE, 1),
        ):
            assert of[name] == sign * journal(years, where, day, at), (name, day, at)
        assert of["elsewhere"] == 0


def test_funds_available_add_up_to_the_journal(years: Book) -> None:
    for day, at in moments(years):
        report = make("funds-available", years, as_of=day, known_at=at)
        of = lines(report.tables[0], 1)
        held = of["Funds held in trust with no restrictions"]
        assert held == journal(years, CASH, day, at)
        taken = sum(
            of.get(name, Decimal(0))
            for name in (
                "Approved amounts pending cash transfers",
                "Receipts not applied to an agreement",
                "Exchange gains on these",
                "Receipts waiting for a condition",
                "Fees charged and not yet taken",
                "Owed to donors and not yet given back",
            )
        )
        available = of["Total funds available to support decisions"]
        assert held - taken == available == journal(years, "account = 'budget:available'", day, at), (day, at)
        assert (
            of["Total potential resources (A)"] - of["Total funding decisions net of cancellations (B)"]
            == (of["Potential resources net of decisions (A-B)"])
        )
        assert of["Total funding decisions net of cancellations (B)"] == journal(years, STAGES, day, at)
        steps = report.charts[0].steps  # type: ignore[union-attr]
        decidable = of.get("of that: on contributions with money", available)
        assert steps[-1].end == decidable
        levels = [step for step in steps if step.tone not in ("total", "more")]
        assert not levels or levels[-1].end == available
        assert lines(report.tables[1])["Cash receipts"] == of["Cash receipts"]
        assert summed(table(report, "available_by_class"), "available") == available


@pytest.mark.nightly
def test_donors_statements_open_move_and_close(years: Book) -> None:
    begins = date(2024, 7, 1)
    names = [
        row[0]
        for row in years.connection.execute("select donor from ledger.donor where donor_kind <> 'facility'").fetchall()
    ]
    for day, at in cut(years):
        if day < begins:
            continue
        for name in names:
            report = make("donor", years, donor=name, begins=begins, as_of=day, known_at=at)
            statement = table(report, "statement")
            assert all(row[1] + row[2] == row[3] for row in statement.rows), (name, day)  # type: ignore[operator]
            before = make("donor", years, donor=name, as_of=date(2024, 6, 30), known_at=at)
            opened = {label: amount for label, amount in lines(table(before, "statement"), 3).items() if amount}
            assert {label: amount for label, amount in lines(statement, 1).items() if amount} == opened
            closed = lines(statement, 3)
            for rest in ("There to be used", "Used and to be used"):
                assert closed[rest] == closed["Used and to be used"]
            own = f"p.contribution_id in ({mine(name)})"
            assert closed.get("Signed", 0) == -journal(
                years, f"{own} and account in ('income:contribution', 'liability:deferred-contribution')", day, at
            )
            assert closed.get("of that: spent", 0) == journal(
                years,
                f"{own} and (account = 'expense:programme' or account = 'expense:transfer' and request_id is not null)",
                day,
                at,
            )


@pytest.mark.nightly
def test_donors_requests_and_agreements_sum_to_their_money(years: Book) -> None:
    for day, at in cut(years):
        for name in ("Norway", "Germany", "Canada", "Open Foundation", "Development Bank"):
            report = make("donor", years, donor=name, as_of=day, known_at=at)
            money = table(report, "money")
            payments = table(report, "payments")
            assert summed(payments, "allocated") == summed(money, "allocated"), (name, day)
            for stage in ("committed", "spent"):
                if stage in [column.name for column in payments.columns]:
                    assert summed(payments, stage) == summed(money, stage)
            if any(each.name == "agreements" for each in report.tables):
                agreements = table(report, "agreements")
                assert summed(agreements, "committed") == journal(
                    years, f"account = 'budget:committed' and p.contribution_id in ({mine(name)})", day, at
                )
                assert summed(agreements, "outside") == journal(
                    years, f"{OUTSIDE} and p.contribution_id in ({mine(name)})", day, at
                )


def mine(name: str) -> str:
    return f"select contribution_id from ledger.contribution join ledger.donor using (donor_id) where donor = '{name}'"


def test_dues_and_claims_sum_to_the_journal(years: Book) -> None:
    for day, at in moments(years):
        scope = scope_of(years, day, at)
        due, claimed = dues(scope), claims(scope)
        assert sum((each.base_amount for each in due), Decimal(0)) == journal(years, RECEIVABLE, day, at), (day, at)
        for kind, account in (("advance", "asset:advance"), ("owed", "asset:receivable:implementer")):
            whole = sum((each.amount for each in claimed if each.kind == kind), Decimal(0))
            assert whole == journal(years, f"account = '{account}'", day, at), (kind, day, at)
        assert all(each.amount > 0 for each in claimed)


def test_ageing_and_deficits_are_the_journal(years: Book) -> None:
    for day, at in cut(years):
        report = make("ageing", years, as_of=day, known_at=at)
        assert summed(table(report, "receivables"), "base_amount") == journal(years, RECEIVABLE, day, at)
        assert summed(table(report, "by_age"), "amount") == journal(years, RECEIVABLE, day, at)
        lacking = -sum(
            min(row[0], Decimal(0))
            for row in years.connection.execute(
                "select sum(amount) from ledger.posting p join ledger.entry e using (entry_id)"
                " where account = 'budget:available'"
                " and e.entry_date <= ? and (?::timestamp is null or e.recorded_at <= ?::timestamp)"
                " group by contribution_id",
                [day, at, at],
            ).fetchall()
        )
        assert summed(table(report, "deficits"), "lacking") == lacking


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_statements_of_a_year_are_the_journal(years: Book, year: int) -> None:
    end, prior = date(year, 12, 31), date(year - 1, 12, 31)
    for at in [at for _, at in cut(years)]:
        if at is not None and make("funds-available", years, known_at=at).as_of < date(year, 1, 1):
            continue
        report = make("year", years, year=str(year), known_at=at)
        position, performance = (lines(table(report, name), 1) for name in ("position", "performance"))
        assert position["Total assets"] == journal(years, "account like 'asset:%'", end, at), at
        owed = next(amount for label, amount in position.items() if label.startswith("Total liabilities"))
        assert owed == -journal(years, "account like 'liability:%'", end, at)
        assert position["Net assets"] == position["Total assets"] - owed
        for line, kind, sign in (("Total revenue", "income:%", -1), ("Total expenses", "expense:%", 1)):
            moved = journal(years, f"account like '{kind}'", end, at) - journal(
                years, f"account like '{kind}'", prior, at
            )
            assert performance[line] == sign * moved
        changed = lines(table(report, "changes"), 1)
        assert changed["Net assets at the end"] == position["Net assets"]
        assert (
            changed["Net assets at the beginning"] + performance["Surplus (deficit) of the year"]
            == position["Net assets"]
        )
        flow = lines(table(report, "cash_flow"), 1)
        assert flow["Cash at the end"] == journal(years, CASH, end, at) == summed(table(report, "cash"), "base_amount")
        assert flow["Cash at the beginning"] == journal(years, CASH, prior, at)
        budget = table(report, "budget")
        assert all(row[1] + row[2] == row[3] for row in budget.rows)  # type: ignore[operator]
        assert lines(budget)["Resources"] == -journal(years, "account = 'budget:resource'", end, at)
        restrictions = table(report, "restrictions")
        assert summed(restrictions, "net_closing") == position["Net assets"]
        assert summed(restrictions, "net_opening") == changed["Net assets at the beginning"]
        assert summed(table(report, "donors"), "revenue") == performance["Contributions"]
        gains, losses = (performance.get(name, 0) for name in ("Exchange gains", "Exchange losses"))
        assert (summed(table(report, "exchange"), "gains"), summed(table(report, "exchange"), "losses")) == (
            gains,
            losses,
        )
        assert summed(table(report, "commitments"), "committed") == journal(
            years, "account = 'budget:committed'", end, at
        )
        assert (
            summed(table(report, "deferred"), "base_amount") == position["Deferred contributions, conditions not met"]
        )
        assert summed(table(report, "fees"), "payable") == position["Fees payable"]


def test_last_years_column_is_last_years_statement(years: Book) -> None:
    this, last = (make("year", years, year=text) for text in ("2025", "2024"))
    for name in ("position", "performance", "changes", "cash_flow"):
        comparative, own = lines(table(this, name), 2), lines(table(last, name), 1)
        kept = {label: amount for label, amount in own.items() if amount}
        assert {label: amount for label, amount in comparative.items() if amount} == kept, name


def test_at_risk_is_the_journal(years: Book) -> None:
    for day, at in cut(years):
        report = make("at-risk", years, as_of=day, known_at=at)
        gaps = table(report, "gaps")
        touched = table(report, "awards")
        assert summed(gaps, "touched") == summed(touched, "amount")
        assert summed(gaps, "gap") == summed(gaps, "touched") + summed(gaps, "gone")
        lacking = summed(gaps, "lacking")
        own = max(
            -journal(years, "account = 'budget:available' and p.contribution_id = 'FACILITY'", day, at), Decimal(0)
        )
        deficits = summed(table(make("ageing", years, as_of=day, known_at=at), "deficits"), "lacking")
        assert lacking == deficits - own, (day, at)


def test_expiring_money_is_the_journal(years: Book) -> None:
    for day, at in cut(years):
        of = table(make("expiring", years, as_of=day, known_at=at), "contributions")
        for row in of.rows:
            for place, where in enumerate(
                (
                    "account = 'budget:available'",
                    "account = 'budget:conditional'",
                    "account in ('budget:allocated', 'budget:allocated-uncollected')",
                    "account = 'budget:committed'",
                    OUTSIDE,
                ),
                start=4,
            ):
                assert row[place] == journal(years, f"({where}) and p.contribution_id = '{row[0]}'", day, at), (
                    row[0],
                    day,
                )


def test_the_forecast_begins_with_the_cash_of_the_journal(years: Book) -> None:
    for day, at in cut(years):
        months = table(make("cash-forecast", years, as_of=day, known_at=at), "months")
        level = journal(years, CASH, day, at)
        for row in months.rows:
            due, out, fees, cash = row[1], row[3], row[5], row[6]
            level += due - out - fees  # type: ignore[operator]
            assert level == cash, (day, at)
