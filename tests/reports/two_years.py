"""A facility's first two years as a test story: five currencies, every stage of the money, corrections, a closing.

Everything goes in through files and use cases, as a fund manager would do it; what the statements must say is asked of
the journal in the tests themselves.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from facility.usecases import rounds
from facility.usecases.amend_contribution import amend_contribution, amount_given
from facility.usecases.close_contribution import report_delivered
from facility.usecases.import_file import import_files
from facility.usecases.periods import close_through, reopen_from, revalue_on
from ledgers.life.appeals import file_appeal
from ledgers.life.grants import close_commitment, extend, flag, override_rule
from ledgers.store import Book

Cells = Mapping[str, object]
POLICY = 'currency = "USD"\nresources = "{resources}"\nunit = "0.01"\nobjectives = ["merit"]\n'
RATES = {"EUR": ("0.92", "0.0011"), "GBP": ("0.79", "-0.0007"), "NOK": ("10.40", "0.031"), "JPY": ("145.50", "0.83")}
"""Units per dollar at the end of 2023, and what each month adds."""

_numbers = itertools.count(1)


def take(book: Book, kind: str, *rows: Cells, on: date = date(2024, 1, 1)) -> None:
    """Import rows through a file."""
    path = book.path.with_name(f"{kind}-{next(_numbers)}.csv")
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, headers)
        writer.writeheader()
        writer.writerows(rows)
    import_files(book, kind, [path], on=on, actor="ada")


def month_ends(first: date, months: int) -> list[date]:
    ends = []
    day = first
    for _ in range(months):
        day = (day.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
        ends.append(day)
    return [first, *ends]


def rates() -> list[Cells]:
    """Return the rates of every month's end, from December 2023 on."""
    from decimal import Decimal

    return [
        {
            "currency": currency,
            "rate_date": day,
            "units_per_base": Decimal(start) + Decimal(step) * number,
            "source": "Bank of rates",
        }
        for currency, (start, step) in RATES.items()
        for number, day in enumerate(month_ends(date(2023, 12, 31), 24))
    ]


def signed(contribution_id: str, donor: str, kind: str, currency: str, amount: str, on: str, **cells: object) -> Cells:
    plain = {"donor": donor, "donor_kind": kind, "currency": currency, "amount": amount, "signed_on": on}
    return {"contribution_id": contribution_id, **plain, **cells}


def wire(deposit_id: str, contribution_id: str, on: str, currency: str, amount: str, **cells: object) -> Cells:
    plain = {"received_on": on, "currency": currency, "amount": amount}
    return {"deposit_id": deposit_id, "contribution_id": contribution_id, **plain, **cells}


def ask(request_id: str, window: str, country: str, amount: str, merit: str, **cells: object) -> Cells:
    plain = {
        "title": f"Services of {request_id}",
        "applicant": f"City {request_id}",
        "applicant_kind": "city",
        "country": country,
        "window": window,
        "currency": "USD",
        "amount_requested": amount,
        "amount_minimum": "0",
        "merit": merit,
    }
    return {"request_id": request_id, **plain, **cells}


def decide(book: Book, round_id: str, on: date, resources: str, contributions: str = "", requests: str = "") -> None:
    """Open, solve and post a round."""
    policy = book.path.with_name(f"policy-{round_id}.toml")
    policy.write_text(POLICY.format(resources=resources), encoding="utf-8")
    rounds.open_from_policy(book, round_id, policy, on=on, contributions=contributions, requests=requests, actor="ada")
    rounds.solve(book, round_id, actor="ada")
    rounds.post(book, round_id, on=on, actor="bea")


def written(path: Path) -> Book:
    """Return the book of the two years, open for writing."""
    book = Book.create(path, currency="USD", name="Two Years Facility", opened_on=date(2024, 1, 1))
    take(book, "rates", *rates())
    take(book, "banks", {"bank": "main", "name": "Main"}, {"bank": "euro", "currency": "EUR", "name": "Euro account"})
    _money_comes(book)
    _first_round(book)
    _first_year_ends(book)
    _second_year(book)
    return book


def _money_comes(book: Book) -> None:
    take(
        book,
        "fee_schedules",
        {"fee_schedule": "tiered", "above": "0", "share": "2%", "flat": "500.00"},
        {"fee_schedule": "tiered", "above": "500000", "share": "1%"},
    )
    take(
        book,
        "contributions",
        signed(
            "C-NOR", "Norway", "state", "NOK", "20000000.00", "2024-01-15", fee_percent="1%", report_due="2025-03-31"
        ),
        signed(
            "C-GER",
            "Germany",
            "state",
            "EUR",
            "1500000.00",
            "2024-01-20",
            fee_percent="1%",
            conditional="yes",
            use_by="2026-02-28",
            earmark="country=Africa",
        ),
        signed("C-GBR", "United Kingdom", "state", "GBP", "800000.00", "2024-02-01", earmark="window=integration"),
        signed("C-JPN", "Japan", "state", "JPY", "90000000", "2024-02-10", fee_percent="1%"),
        signed(
            "C-FND",
            "Open Foundation",
            "foundation",
            "USD",
            "900000.00",
            "2024-02-15",
            fee_schedule="tiered",
            earmark="window=diaspora",
            use_by="2025-06-30",
            interest="contribution",
        ),
        signed("C-BNK", "Development Bank", "development_bank", "USD", "2000000.00", "2024-03-01"),
        signed("C-CAN", "Canada", "state", "USD", "400000.00", "2024-03-05", report_due="2024-12-31"),
        signed("C-OLD", "Canada", "state", "USD", "50000.00", "2024-01-05"),
        {
            "contribution_id": "C-PLD",
            "donor": "Sweden",
            "donor_kind": "state",
            "currency": "EUR",
            "amount": "700000.00",
            "stage": "pledge",
            "signed_on": "2024-03-01",
        },
        {
            "contribution_id": "C-KND",
            "donor": "Open Foundation",
            "donor_kind": "foundation",
            "currency": "USD",
            "amount": "60000.00",
            "stage": "in-kind",
            "signed_on": "2024-03-01",
        },
    )
    take(
        book,
        "instalments",
        {"contribution_id": "C-NOR", "due_on": "2024-02-15", "amount": "12000000.00"},
        {"contribution_id": "C-NOR", "due_on": "2025-02-15", "amount": "8000000.00"},
        {"contribution_id": "C-GER", "due_on": "2024-03-01", "amount": "900000.00"},
        {"contribution_id": "C-GER", "due_on": "2026-02-01", "amount": "600000.00"},
        {"contribution_id": "C-BNK", "due_on": "2024-06-30", "amount": "500000.00"},
        {"contribution_id": "C-BNK", "due_on": "2025-10-31", "amount": "700000.00"},
        {"contribution_id": "C-BNK", "due_on": "2026-03-31", "amount": "800000.00"},
        {"contribution_id": "C-PLD", "due_on": "2026-04-30", "amount": "700000.00"},
    )
    take(
        book,
        "promissory_notes",
        {"note_id": "N-1", "contribution_id": "C-GBR", "received_on": "2024-02-20", "amount": "500000.00"},
    )
    take(
        book,
        "deposits",
        wire("D-1", "C-NOR", "2024-02-15", "NOK", "12000000.00", base_amount="1141000.37"),
        wire("D-2", "C-GER", "2024-03-04", "EUR", "900000.00", bank="euro"),
        wire("D-3", "C-GBR", "2024-03-10", "GBP", "300000.00", note_id="N-1"),
        wire("D-4", "C-JPN", "2024-03-12", "JPY", "90000000"),
        wire("D-5", "C-FND", "2024-03-15", "USD", "600000.00"),
        wire("D-6", "C-BNK", "2024-03-20", "USD", "500000.00"),
        wire("D-7", "C-CAN", "2024-03-21", "USD", "150000.00"),
        wire("D-8", "C-OLD", "2024-03-22", "USD", "65000.00"),
        wire("D-9", "C-PLD", "2024-03-25", "EUR", "40000.00", bank="euro"),
    )
    take(
        book,
        "contribution_conditions",
        {
            "contribution_id": "C-GER",
            "condition": "charter",
            "met_on": "2024-03-28",
            "amount": "500000.00",
            "source": "letter 1",
        },
    )
    take(
        book,
        "entries",
        {"reference": "I-1", "kind": "interest", "entry_date": "2024-03-31", "currency": "USD", "amount": "2150.44"},
        {"reference": "B-1", "kind": "bank-charge", "entry_date": "2024-04-02", "currency": "USD", "amount": "87.35"},
        {
            "reference": "A-1",
            "kind": "administration",
            "entry_date": "2024-04-03",
            "currency": "USD",
            "amount": "40000.00",
            "purpose": "secretariat",
            "contribution_id": "C-NOR",
        },
    )


def _first_round(book: Book) -> None:
    take(
        book,
        "requests",
        ask("R-1", "integration", "KEN", "700000.00", "90"),
        ask("R-2", "integration", "UGA", "400000.00", "80"),
        ask("R-3", "diaspora", "MLI", "500000.00", "70"),
        ask("R-4", "institutions", "KEN", "300000.00", "60"),
        on=date(2024, 3, 30),
    )
    decide(book, "A", date(2024, 4, 10), "cash")
    take(
        book,
        "entries",
        {
            "reference": "I-2",
            "kind": "interest",
            "entry_date": "2024-06-30",
            "currency": "USD",
            "amount": "1210.10",
            "contribution_id": "C-FND",
        },
        {"reference": "I-3", "kind": "interest", "entry_date": "2024-06-30", "currency": "USD", "amount": "999.99"},
        {
            "reference": "DC-1",
            "kind": "direct-cost",
            "entry_date": "2024-05-03",
            "currency": "USD",
            "amount": "25000.00",
            "purpose": "secretariat",
        },
    )
    take(
        book,
        "clearances",
        *(
            {"implementer": who, "clearance": clearance, "cleared_on": "2024-04-15", "source": "review"}
            for who in ("IMP-1", "IMP-2", "IMP-3")
            for clearance in ("sanctions", "due-diligence", "accountability")
        ),
    )
    take(
        book,
        "commitments",
        {
            "commitment_id": "G-1",
            "request_id": "R-1",
            "implementer": "IMP-1",
            "signed_on": "2024-05-01",
            "amount": "700000.00",
            "ends_on": "2025-12-31",
            "report_due": "2026-03-31",
        },
        {
            "commitment_id": "G-2",
            "request_id": "R-2",
            "implementer": "IMP-2",
            "signed_on": "2024-05-05",
            "amount": "350000.00",
            "ends_on": "2025-06-30",
            "report_due": "2025-09-30",
        },
        {
            "commitment_id": "G-3",
            "request_id": "R-3",
            "implementer": "IMP-3",
            "signed_on": "2024-05-10",
            "amount": "400000.00",
            "ends_on": "2025-05-31",
            "report_due": "2025-08-31",
        },
    )
    take(
        book,
        "tranches",
        {"commitment_id": "G-1", "tranche": "1", "due_on": "2024-05-15", "amount": "300000.00"},
        {
            "commitment_id": "G-1",
            "tranche": "2",
            "due_on": "2025-01-15",
            "amount": "250000.00",
            "condition": "first report",
        },
        {"commitment_id": "G-1", "tranche": "3", "due_on": "2025-11-15", "amount": "150000.00", "condition": "audit"},
        {"commitment_id": "G-2", "tranche": "1", "due_on": "2024-05-20", "amount": "200000.00"},
        {"commitment_id": "G-2", "tranche": "2", "due_on": "2026-01-20", "amount": "100000.00"},
    )
    take(
        book,
        "disbursements",
        {
            "disbursement_id": "P-1",
            "commitment_id": "G-1",
            "tranche": "1",
            "paid_on": "2024-05-16",
            "currency": "USD",
            "amount": "300000.00",
        },
        {
            "disbursement_id": "P-2",
            "commitment_id": "G-2",
            "tranche": "1",
            "paid_on": "2024-05-21",
            "currency": "EUR",
            "amount": "180000.00",
            "base_amount": "196000.25",
            "bank": "euro",
        },
        {
            "disbursement_id": "P-3",
            "commitment_id": "G-3",
            "tranche": "",
            "paid_on": "2024-06-01",
            "currency": "USD",
            "amount": "320000.00",
        },
        {
            "disbursement_id": "P-4",
            "commitment_id": "G-3",
            "tranche": "",
            "paid_on": "2024-06-02",
            "currency": "USD",
            "amount": "32000.00",
        },
    )
    take(book, "reversals", {"entry": "disbursement|P-4", "reversed_on": "2024-06-05", "reason": "sent twice"})
    take(
        book,
        "expenditures",
        {
            "expenditure_id": "X-1",
            "commitment_id": "G-1",
            "spent_to": "2024-09-30",
            "currency": "USD",
            "direct": "100000.00",
            "indirect": "7000.00",
        },
        {
            "expenditure_id": "X-2",
            "commitment_id": "G-2",
            "spent_to": "2024-10-31",
            "currency": "USD",
            "direct": "60000.00",
            "indirect": "4000.00",
        },
        {
            "expenditure_id": "X-3",
            "commitment_id": "G-3",
            "spent_to": "2024-11-30",
            "currency": "USD",
            "direct": "150000.00",
        },
    )
    take(
        book,
        "entries",
        {
            "reference": "T-1",
            "kind": "transfer",
            "entry_date": "2024-07-01",
            "currency": "USD",
            "amount": "30000.00",
            "request_id": "R-4",
        },
        {
            "reference": "A-2",
            "kind": "administration",
            "entry_date": "2024-07-02",
            "currency": "USD",
            "amount": "15000.00",
            "purpose": "sister fund",
            "contribution_id": "C-NOR",
        },
        {
            "reference": "T-2",
            "kind": "transfer",
            "entry_date": "2024-07-03",
            "currency": "USD",
            "amount": "15000.00",
            "purpose": "sister fund",
        },
        {
            "reference": "F-1",
            "kind": "fee-payment",
            "entry_date": "2024-07-10",
            "currency": "USD",
            "amount": "12000.00",
        },
        {
            "reference": "M-1",
            "kind": "implementer-interest",
            "entry_date": "2024-07-11",
            "currency": "USD",
            "amount": "120.50",
        },
        {"reference": "F-2", "kind": "fee-payment", "entry_date": "2024-07-12", "currency": "USD", "amount": "100.00"},
    )
    take(
        book,
        "reversals",
        {"entry": "entries|I-3", "reversed_on": "2024-07-15", "reason": "credited to somebody else"},
        {"entry": "entries|F-2", "reversed_on": "2024-07-15", "reason": "by mistake"},
    )
    take(
        book,
        "exchanges",
        {
            "exchange_id": "E-1",
            "exchanged_on": "2024-08-01",
            "currency": "EUR",
            "amount": "200000.00",
            "bank": "euro",
            "to_currency": "USD",
            "to_amount": "215500.00",
        },
    )
    take(
        book,
        "bounces",
        {"deposit_id": "D-7", "contribution_id": "C-CAN", "bounced_on": "2024-08-20", "reason": "recalled by the bank"},
    )


def _first_year_ends(book: Book) -> None:
    take(
        book,
        "applications",
        {
            "application_id": "AP-1",
            "deposit_id": "D-8",
            "from_contribution_id": "C-OLD",
            "contribution_id": "C-BNK",
            "applied_on": "2024-09-10",
        },
    )
    take(book, "reversals", {"entry": "application|AP-1", "reversed_on": "2024-09-12", "reason": "meant for another"})
    take(
        book,
        "applications",
        {
            "application_id": "AP-2",
            "deposit_id": "D-8",
            "from_contribution_id": "C-OLD",
            "contribution_id": "C-CAN",
            "applied_on": "2024-09-15",
            "amount": "9000.00",
        },
    )
    take(
        book,
        "refunds",
        {
            "refund_id": "RF-1",
            "commitment_id": "G-3",
            "received_on": "2024-12-10",
            "currency": "USD",
            "amount": "20000.00",
        },
    )
    revalue_on(book, date(2024, 12, 31), actor="ada")
    close_through(book, date(2024, 12, 31), reason="year 2024", actor="bea")
    reopen_from(book, date(2024, 12, 1), reason="a late report", actor="bea")
    take(
        book,
        "expenditures",
        {
            "expenditure_id": "X-4",
            "commitment_id": "G-2",
            "spent_to": "2024-12-15",
            "currency": "USD",
            "direct": "12000.00",
        },
    )
    take(
        book,
        "write_offs",
        {
            "write_off_id": "W-1",
            "contribution_id": "C-CAN",
            "written_off_on": "2024-12-20",
            "amount": "40000.00",
            "reason": "the donor will not send it",
        },
    )
    close_through(book, date(2024, 12, 31), reason="year 2024 again", actor="bea")


def _second_year(book: Book) -> None:
    take(
        book,
        "deposits",
        wire("D-10", "C-NOR", "2025-02-20", "NOK", "5000000.00"),
        wire("D-11", "C-GBR", "2025-02-25", "GBP", "200000.00", note_id="N-1"),
        on=date(2025, 3, 1),
    )
    take(book, "conditions_met", {"commitment_id": "G-1", "tranche": "2", "met_on": "2025-01-20", "source": "report 1"})
    with book.lane(actor="cyd", command="grant override G-1 deficit") as lane:
        override_rule(
            book,
            lane,
            "G-1",
            "deficit",
            valid_from=date(2025, 1, 25),
            valid_until=date(2025, 1, 25),
            reason="the other payers cover it",
        )
    take(
        book,
        "disbursements",
        {
            "disbursement_id": "P-5",
            "commitment_id": "G-1",
            "tranche": "2",
            "paid_on": "2025-01-25",
            "currency": "USD",
            "amount": "250000.00",
        },
    )
    take(
        book,
        "expenditures",
        {
            "expenditure_id": "X-5",
            "commitment_id": "G-1",
            "spent_to": "2025-03-31",
            "currency": "USD",
            "direct": "110000.00",
            "indirect": "7500.00",
            "status": "final",
            "replaces": "X-1",
        },
        {
            "expenditure_id": "X-6",
            "commitment_id": "G-3",
            "spent_to": "2025-03-31",
            "currency": "USD",
            "direct": "60000.00",
            "status": "final",
        },
    )
    take(
        book,
        "disallowances",
        {
            "disallowance_id": "Q-1",
            "commitment_id": "G-3",
            "decided_on": "2025-04-10",
            "amount": "25000.00",
            "reason": "no receipts",
        },
    )
    take(
        book,
        "recoveries",
        {
            "recovery_id": "V-1",
            "commitment_id": "G-3",
            "received_on": "2025-05-10",
            "currency": "USD",
            "amount": "10000.00",
        },
    )
    take(
        book,
        "requests",
        ask("R-5", "integration", "KEN", "1000000.00", "85"),
        ask("R-6", "integration", "UGA", "900000.00", "75"),
        ask("R-7", "institutions", "MLI", "5000000.00", "20"),
        on=date(2025, 3, 5),
    )
    decide(
        book, "B", date(2025, 3, 10), "agreements", contributions="donor=Development Bank", requests="request=R-5|R-6"
    )
    take(
        book,
        "commitments",
        {
            "commitment_id": "G-4",
            "request_id": "R-2",
            "implementer": "IMP-1",
            "signed_on": "2025-04-01",
            "amount": "30000.00",
            "ends_on": "2026-06-30",
        },
    )
    take(
        book,
        "refunds",
        {
            "refund_id": "RF-2",
            "commitment_id": "G-3",
            "received_on": "2025-07-10",
            "currency": "USD",
            "amount": "40000.00",
        },
    )
    take(
        book,
        "releases",
        {
            "release_id": "L-1",
            "commitment_id": "G-3",
            "released_on": "2025-07-15",
            "amount": "30000.00",
            "reason": "ended",
        },
    )
    take(
        book,
        "returns",
        {
            "return_id": "RT-1",
            "contribution_id": "C-FND",
            "decided_on": "2025-07-20",
            "amount": "50000.00",
            "reason": "use by 30 June 2025",
        },
    )
    take(
        book,
        "donor_refunds",
        {
            "donor_refund_id": "DR-1",
            "contribution_id": "C-FND",
            "paid_on": "2025-08-01",
            "currency": "USD",
            "amount": "60000.00",
        },
    )
    amend_contribution(
        book,
        "C-BNK",
        amount=amount_given(book, "C-BNK", "900000.00"),
        reason="the budget was cut",
        on=date(2025, 9, 1),
        actor="ada",
    )
    amend_contribution(
        book, "C-GER", use_by=date(2026, 3, 31), reason="agreed with the donor", on=date(2025, 9, 15), actor="ada"
    )
    take(
        book,
        "bounces",
        {"deposit_id": "D-5", "contribution_id": "C-FND", "bounced_on": "2025-10-05", "reason": "recalled by the bank"},
    )
    take(
        book,
        "entries",
        {
            "reference": "I-4",
            "kind": "interest",
            "entry_date": "2025-06-30",
            "currency": "EUR",
            "amount": "300.00",
            "bank": "euro",
        },
        {"reference": "F-3", "kind": "fee-payment", "entry_date": "2025-07-10", "currency": "USD", "amount": "3000.00"},
        {"reference": "B-2", "kind": "bank-charge", "entry_date": "2025-11-30", "currency": "USD", "amount": "5000.00"},
    )
    take(
        book,
        "results",
        {
            "request_id": "R-1",
            "indicator": "people served",
            "unit": "people",
            "baseline": "0",
            "target": "9000",
            "actual": "6100",
            "reported_on": "2025-04-05",
            "source": "report 2",
        },
    )
    with book.lane(actor="cyd", command="grant decisions") as lane:
        flag(book, lane, "G-2", is_lifted=False, on=date(2025, 10, 1), reason="accounts late")
        override_rule(
            book,
            lane,
            "G-1",
            "tranche-condition",
            valid_from=date(2025, 11, 1),
            valid_until=date(2026, 1, 31),
            reason="winter",
        )
        extend(book, lane, "G-1", until=date(2026, 2, 15), on=date(2025, 7, 16), reason="floods")
        close_commitment(book, lane, "G-3", "operational", on=date(2025, 7, 16), reason="ended")
        file_appeal(book, lane, "APP-1", "A", "R-4", on=date(2025, 11, 2), grounds="partly funded")
    report_delivered(book, "C-CAN", on=date(2024, 12, 20), note="yearly", actor="ada")
    policy = book.path.with_name("policy-C.toml")
    policy.write_text(POLICY.format(resources="cash"), encoding="utf-8")
    rounds.open_from_policy(book, "C", policy, on=date(2025, 11, 20), contributions="donor=Norway", actor="ada")
    revalue_on(book, date(2025, 11, 30), actor="ada")
