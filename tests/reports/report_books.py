"""Books for the tests of views and reports, filled by inserting rows: nothing here goes through the code under test."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledgers.store import Book

NOW = datetime(2024, 6, 1, 12, 0, 0)


@dataclass
class Maker:
    """Fills one book by hand."""

    book: Book
    recorded_at: datetime = NOW
    _donors: set[str] = field(default_factory=set)

    def sql(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        return self.book.connection.execute(text, list(values)).fetchall()

    def put(self, table: str, **cells: object) -> None:
        names, marks = ", ".join(cells), ", ".join("?" * len(cells))
        self.sql(f"insert into {table} ({names}) values ({marks})", *cells.values())

    def entry(
        self,
        kind: str,
        on: date,
        reference: str,
        lines: list[tuple[Any, ...]],
        purpose: str | None = None,
        *,
        rate_id: int | None = None,
    ) -> None:
        """Post lines (account, currency, amount, base_amount, contribution, request); a rate goes to the first."""
        number = self.sql("select coalesce(max(entry_id), 0) + 1 from ledger.entry")[0][0]
        self.put(
            "ledger.entry",
            entry_id=number,
            kind=kind,
            entry_date=on,
            recorded_at=self.recorded_at,
            reference=reference,
            purpose=purpose,
            narration=reference,
            digest="d",
            log_id=1,
        )
        marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(lines))
        rates = [rate_id, *[None] * len(lines)]
        flat = [cell for at, line in enumerate(lines) for cell in (number, at + 1, *line, rates[at])]
        self.sql(
            "insert into ledger.posting"
            " (entry_id, line, account, currency, amount, base_amount, contribution_id, request_id, rate_id)"
            f" values {marks}",
            *flat,
        )

    def budget(
        self,
        kind: str,
        on: date,
        reference: str,
        moves: list[tuple[str, str, Decimal, str, str | None]],
        purpose: str | None = None,
    ) -> None:
        """Post moves (from account, to account, amount, contribution, request) between budget accounts."""
        lines = []
        for source, target, amount, contribution, request in moves:
            lines += [
                (target, "USD", amount, amount, contribution, request),
                (source, "USD", -amount, -amount, contribution, request),
            ]
        self.entry(kind, on, reference, lines, purpose)

    def contribution(
        self,
        contribution: str,
        donor: str,
        amount: str,
        *,
        kind: str = "state",
        stage: str = "agreement",
        on: date = date(2024, 1, 10),
        earmark: str = "",
        earmark_class: str = "unearmarked",
        currency: str = "USD",
        base: str | None = None,
    ) -> None:
        if donor not in self._donors:
            self.put(
                "ledger.donor", donor_id=donor.casefold(), donor=donor, donor_kind=kind, donor_country=None, log_id=1
            )
            self._donors.add(donor)
        money, in_base = Decimal(amount), Decimal(base or amount)
        self.put(
            "ledger.contribution",
            contribution_id=contribution,
            version=1,
            donor_id=donor.casefold(),
            currency=currency,
            amount=money,
            base_amount=in_base,
            signed_on=on,
            earmark=earmark,
            earmark_class=earmark_class,
            stage=stage,
            content_digest=contribution,
            terms_digest="t",
            recorded_at=self.recorded_at,
            log_id=1,
        )
        plus, minus = (
            ("memo:pledge", "memo:contra") if stage == "pledge" else ("asset:receivable", "income:contribution")
        )
        lines = [
            (plus, currency, money, in_base, contribution, None),
            (minus, currency, -money, -in_base, contribution, None),
        ]
        self.entry("pledge" if stage == "pledge" else "signing", on, f"{stage}|{contribution}", lines)

    def deposit(self, deposit: str, contribution: str, amount: str, on: date = date(2024, 2, 1)) -> None:
        """Receive US dollars against a contribution in US dollars."""
        money = Decimal(amount)
        self.entry(
            "deposit",
            on,
            f"deposit|{deposit}|{contribution}",
            [
                ("asset:cash:main", "USD", money, money, contribution, None),
                ("asset:receivable", "USD", -money, -money, contribution, None),
                ("budget:available", "USD", money, money, contribution, None),
                ("budget:resource", "USD", -money, -money, contribution, None),
            ],
        )
        entry_id = self.sql("select max(entry_id) from ledger.entry")[0][0]
        self.put(
            "ledger.deposit",
            deposit_id=deposit,
            contribution_id=contribution,
            received_on=on,
            currency="USD",
            amount=money,
            base_amount=money,
            applied_amount=money,
            unapplied_amount=0,
            unapplied_base_amount=0,
            content_digest="x",
            entry_id=entry_id,
            log_id=1,
        )

    def interest(self, amount: str, on: date = date(2024, 3, 1)) -> None:
        money = Decimal(amount)
        self.entry(
            "interest",
            on,
            f"interest|{on}",
            [
                ("asset:cash:main", "USD", money, money, "FACILITY", None),
                ("income:interest", "USD", -money, -money, "FACILITY", None),
                ("budget:available", "USD", money, money, "FACILITY", None),
                ("budget:resource", "USD", -money, -money, "FACILITY", None),
            ],
        )

    def transfer(
        self, reference: str, contribution: str, request: str | None, amount: str, on: date = date(2024, 5, 1)
    ) -> None:
        money = Decimal(amount)
        self.entry(
            "transfer",
            on,
            f"transfer|{reference}",
            [
                ("asset:cash:main", "USD", -money, -money, contribution, request),
                ("expense:transfer", "USD", money, money, contribution, request),
                ("budget:allocated", "USD", -money, -money, contribution, request),
                ("budget:disbursed", "USD", money, money, contribution, request),
            ],
        )

    def request(
        self,
        request: str,
        amount: str,
        *,
        window: str = "integration",
        countries: dict[str, tuple[int, int]] | None = None,
        objectives: tuple[int, ...] = (),
        title: str | None = None,
        applicant: str = "City of Lagos",
        cofinance: str | None = None,
        confirmed: str | None = None,
        starts_on: date | None = None,
        continues: str | None = None,
        country: str | None = None,
    ) -> None:
        shares = countries or {}
        cell = country if country is not None else "|".join(shares)
        self.put(
            "ledger.request",
            request_id=request,
            title=title,
            applicant=applicant,
            applicant_kind="city",
            country=cell,
            request_window=window,
            objectives="|".join(map(str, objectives)),
            currency="USD",
            amount_requested=Decimal(amount),
            amount_minimum=0,
            base_requested=Decimal(amount),
            base_minimum=0,
            merit=Decimal("50"),
            cofinance=cofinance and Decimal(cofinance),
            cofinance_confirmed=confirmed and Decimal(confirmed),
            starts_on=starts_on,
            continues=continues,
            content_digest=request,
            requested_on=date(2024, 2, 15),
            recorded_at=self.recorded_at,
            log_id=1,
        )
        for name, (numerator, denominator) in shares.items():
            self.put(
                "ledger.request_country",
                request_id=request,
                country=name,
                share_numerator=numerator,
                share_denominator=denominator,
            )
        for objective in objectives:
            self.put("ledger.request_objective", request_id=request, objective=objective)

    def round(
        self, round_id: str, available: dict[str, str], requests: list[str], on: date = date(2024, 3, 10)
    ) -> None:
        self.put(
            "ledger.round",
            round_id=round_id,
            opened_on=on,
            currency="USD",
            policy='currency = "USD"',
            policy_digest="sha256:p",
            requests_filter="",
            contributions_filter="",
            opened_by="ana",
            recorded_at=self.recorded_at,
            log_id=1,
        )
        self.put(
            "ledger.round_event",
            round_id=round_id,
            event="opened",
            actor="ana",
            event_date=on,
            recorded_at=NOW,
            log_id=1,
        )
        for contribution, amount in available.items():
            row = self.sql(
                "select d.donor, c.earmark from ledger.contribution c join ledger.donor d using (donor_id)"
                " where contribution_id = ?",
                contribution,
            )[0]
            self.put(
                "ledger.round_contribution",
                round_id=round_id,
                contribution_id=contribution,
                version=1,
                donor=row[0],
                available=Decimal(amount),
                earmark=row[1],
            )
        for request in requests:
            asked = self.sql("select base_requested from ledger.request where request_id = ?", request)[0][0]
            self.put(
                "ledger.round_request",
                round_id=round_id,
                request_id=request,
                base_requested=asked,
                base_minimum=0,
                merit="101/2",
            )

    def decision(
        self,
        round_id: str,
        decision: str,
        payments: dict[str, dict[str, str]],
        refused: dict[str, list[tuple[str, str]]],
        *,
        position: int = 1,
    ) -> None:
        awarded = sum((Decimal(a) for paid in payments.values() for a in paid.values()), Decimal(0))
        resources = self.sql("select sum(available) from ledger.round_contribution where round_id = ?", round_id)[0][0]
        self.put(
            "ledger.decision",
            round_id=round_id,
            decision=decision,
            position=position,
            proposer="ana",
            status="optimal",
            objective_name="merit",
            objective="1000",
            bound="1000.5",
            gap=0.0005,
            solver="HiGHS 1.15.1",
            inputs="sha256:i",
            resources=resources,
            awarded=awarded,
            body="{}",
            recorded_at=NOW,
            log_id=1,
        )
        for request, paid in payments.items():
            total = sum(map(Decimal, paid.values()), Decimal(0))
            self.put("ledger.award", round_id=round_id, decision=decision, request_id=request, amount=total)
            for contribution, amount in paid.items():
                self.put(
                    "ledger.payment",
                    round_id=round_id,
                    decision=decision,
                    request_id=request,
                    contribution_id=contribution,
                    amount=Decimal(amount),
                )
        for request, reasons in refused.items():
            for place, (kind, sentence) in enumerate(reasons, start=1):
                self.put(
                    "ledger.refusal",
                    round_id=round_id,
                    decision=decision,
                    request_id=request,
                    position=place,
                    kind=kind,
                    sentence=sentence,
                )
        self.put(
            "ledger.limit_outcome",
            round_id=round_id,
            decision=decision,
            position=1,
            limit_name="Integration at most 60 %",
            side="at_most",
            bound=Decimal("600"),
            actual=Decimal("600"),
            unit="money",
            binding=True,
        )

    def post_round(self, round_id: str, decision: str, on: date = date(2024, 3, 20)) -> None:
        self.put(
            "ledger.approval",
            round_id=round_id,
            decision=decision,
            approver_id="ben",
            approver="Ben",
            recorded_at=NOW,
            log_id=1,
        )
        rows = self.sql(
            "select request_id, contribution_id, amount from ledger.payment where decision = ?"
            " order by request_id, contribution_id",
            decision,
        )
        for request in sorted({row[0] for row in rows}):
            moves = [
                ("budget:available", "budget:allocated", amount, contribution, request)
                for of, contribution, amount in rows
                if of == request
            ]
            self.budget("allocation", on, f"allocation|{round_id}|{request}", moves)
        self.put(
            "ledger.round_event",
            round_id=round_id,
            event="posted",
            decision=decision,
            actor="ana",
            event_date=on,
            recorded_at=NOW,
            log_id=1,
        )


@functools.cache
def _template() -> bytes:
    """Return the bytes of a new book: making one takes longer than copying it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new.duckdb"
        Book.create(path, currency="USD", name="Example facility", opened_on=date(2024, 1, 1)).close()
        return path.read_bytes()


def empty_book(path: Path) -> Maker:
    path.write_bytes(_template())
    return Maker(Book.open(path, writable=True))


def small_book(path: Path) -> Maker:
    """A posted round, an open one, a release, a transfer, interest, a pledge, and a donor with a hostile name."""
    maker = empty_book(path)
    maker.contribution("C-1", "Norway", "1000.00")
    maker.contribution(
        "C-2",
        "<script>alert(1)</script>",
        "500.00",
        kind="foundation",
        earmark="window=diaspora",
        earmark_class="softly",
    )
    maker.contribution("C-3", "Canada", "300.00", stage="pledge")
    maker.deposit("D-1", "C-1", "900.00")
    maker.deposit("D-2", "C-2", "500.00")
    maker.interest("12.34")
    maker.request("R-1", "600.00", countries={"KEN": (3, 5), "UGA": (2, 5)}, objectives=(7, 16, 18), cofinance="100.00")
    maker.request(
        "R-2", "500.01", window="diaspora", objectives=(19,), country="", title="=1+1", starts_on=date(2023, 5, 1)
    )
    maker.request(
        "R-3", "250.00", window="institutions", countries={"NER": (1, 1)}, confirmed="0.00", cofinance="50.00"
    )
    maker.request("R-4", "200.00", countries={"KEN": (1, 1)}, continues="R-1", starts_on=date(2026, 1, 1))
    maker.round("A", {"C-1": "900.00", "C-2": "500.00"}, ["R-1", "R-2", "R-3"])
    maker.decision(
        "A",
        "sha256:aa",
        {"R-1": {"C-1": "400.00"}, "R-2": {"C-1": "100.01", "C-2": "400.00"}},
        {
            "R-1": [("limit", "The limit Integration at most 60 % stops it at 400.00.")],
            "R-3": [("not-eligible", "No money may pay it."), ("out-ranked", "R-1 and R-2 have more merit.")],
        },
    )
    maker.post_round("A", "sha256:aa")
    maker.budget(
        "cancellation",
        date(2024, 4, 1),
        "cancellation|R-2",
        [("budget:allocated", "budget:available", Decimal("50.00"), "C-2", "R-2")],
    )
    maker.budget(
        "administration",
        date(2024, 4, 2),
        "administration|1",
        [("budget:available", "budget:allocated", Decimal("20.00"), "C-1", None)],
        purpose="administrative budget",
    )
    maker.transfer("1", "C-1", "R-1", "300.00")
    maker.round("B", {"C-1": "100.00"}, ["R-3", "R-4"], on=date(2024, 5, 10))
    maker.decision("B", "sha256:b1", {"R-3": {"C-1": "50.00"}}, {})
    maker.decision("B", "sha256:b2", {"R-4": {"C-1": "100.00"}}, {}, position=2)
    return maker
