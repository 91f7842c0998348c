"""Every check finds the fault it is there for, and it alone; a book that was only written through the lane has none."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from awards import (
    cleared,
    commitment,
    condition_met,
    disallowance,
    disbursement,
    expenditure,
    recovery,
    refund,
    release,
    reversal,
    tranche,
)
from books import contribution, corrupt, deposit, entry, rate, request, take
from life_faults import FAULTS as LIFE_FAULTS

from facility.usecases import rounds
from facility.usecases.check_book import check_book
from ledgers.life.grants import close_commitment
from ledgers.store import Book
from ledgers.store.sql import texts_in

ON = date(2024, 6, 1)
POLICY = 'currency = "USD"\nresources = "cash"\nunit = "0.01"\nobjectives = ["merit"]\n[approval]\nsignatures = 1\n'


@pytest.fixture(scope="module")
def lived_in(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a book with some of everything: a posted, a cancelled and an open round among it."""
    path = tmp_path_factory.mktemp("lived-in") / "book.duckdb"
    shutil.copy(new_book_file, path)
    policy = path.with_name("policy.toml")
    policy.write_text(POLICY, encoding="utf-8")
    with Book.open(path, writable=True) as book:
        take(book, "rates", rate(), rate("EUR", "2024-02-01", "0.9"))
        take(
            book,
            "contributions",
            contribution("C1", country_share_max="60%"),
            contribution("C2", currency="EUR", earmark="country=KEN"),
            contribution("C3", stage="pledge"),
            contribution("C4", amount="50.00"),
            contribution("C5"),
        )
        take(
            book,
            "deposits",
            deposit("D1", "C1"),
            deposit("D2", "C2", currency="EUR", amount="1100.00"),
            deposit("D3", "C3"),
        )
        take(book, "deposits", deposit("D4", "C4", amount="50.00"))
        take(book, "requests", request("R1"), request("R2", country="UGA"), request("R3", amount_requested="900.00"))
        take(
            book,
            "entries",
            entry("E1"),
            entry("E2", "administration", "20.00", purpose="p", contribution_id="C1"),
            entry("E3", "administration", "10.00", purpose="p", contribution_id="C2"),
        )
        take(
            book,
            "entries",
            entry("E4", "cancellation", "3.00", purpose="p"),
            entry("E5", "transfer", "5.00", purpose="p"),
        )
        for round_id, more in (("X", {}), ("A", {"requests": "request=R1|R2", "contributions": "contribution=C1|C2"})):
            rounds.open_from_policy(book, round_id, policy, on=ON, actor="Ada", **more)
            rounds.solve(book, round_id, actor="Ada")
            rounds.approve_decision(book, round_id, by="Bo", actor="Bo")
            if round_id == "X":
                rounds.cancel(book, round_id, on=ON, actor="Ada")
        rounds.post(book, "A", on=ON, actor="Ada")
        take(book, "entries", entry("E6", "transfer", "1.00", request_id="R1", entry_date="2024-06-01"))
        _life_of_awards(book)
        take(book, "entries", entry("E7", "interest", "1.00", entry_date="2024-06-01"))
        rounds.open_from_policy(book, "B", policy, on=ON, actor="Ada", contributions="contribution=C1|C2")
    return path


def _life_of_awards(book: Book) -> None:
    """Have R1 pay two agreements: one with a row of every kind, one that is released whole and closed."""
    day = {"paid_on": "2024-06-01"}
    cleared(book)
    signed = {"signed_on": "2024-06-01"}
    take(book, "commitments", commitment("K1", amount="300.00", **signed), commitment("K2", amount="50.00", **signed))
    take(book, "tranches", tranche(1, "200.00", condition="plan"), tranche(2, "60.00"))
    take(book, "conditions_met", condition_met(1, met_on="2024-06-01"))
    take(
        book,
        "disbursements",
        disbursement("200.00", "P1", tranche=1, **day),
        disbursement("6.00", "P2", tranche=2, **day),
    )
    spent = {"spent_to": "2024-06-01"}
    take(book, "expenditures", expenditure("90.00", "X1", indirect="6.30", **spent))
    take(book, "expenditures", expenditure("100.00", "X2", indirect="7.00", replaces="X1", **spent))
    take(
        book,
        "refunds",
        *(refund(amount, name, received_on="2024-06-01") for name, amount in (("F1", "30.00"), ("F2", "2.00"))),
    )
    take(book, "reversals", reversal("refund|F2", reversed_on="2024-06-01"))
    take(book, "disallowances", disallowance(decided_on="2024-06-01"))
    take(book, "recoveries", recovery("15.00", received_on="2024-06-01"))
    take(book, "releases", release("L1", amount="20.00", released_on="2024-06-01"))
    take(book, "releases", release("L2", commitment_id="K2", released_on="2024-06-01"))
    with book.lane(actor="ada", command="close") as lane:
        for stage in ("operational", "financial"):
            close_commitment(book, lane, "K2", stage, on=ON, reason="nothing came of it")


@pytest.fixture
def copy(lived_in: Path, tmp_path: Path) -> Path:
    """Return a copy of that book."""
    return Path(shutil.copy(lived_in, tmp_path / "book.duckdb"))


def _found(book: Book) -> dict[str, tuple[str, ...]]:
    return {checked.name: checked.findings for checked in check_book(book) if checked.findings}


def _redigested(book: Book) -> None:
    """Make every entry's digest that of its lines, as a careful forger would."""
    text = dict(texts_in("ledgers.checks"))["entry_digests"]
    recomputed = (
        text[text.index("with content") : text.index("select 'entry '")] + "select entry_id, recomputed from content"
    )
    book.connection.execute(f"create or replace temp table forged as {recomputed}")
    corrupt(
        book,
        "entry",
        "update ledger.entry set digest = (select recomputed from forged f where f.entry_id = ledger.entry.entry_id)",
    )


def _forged_entry(
    book: Book,
    kind: str,
    lines: list[tuple[str, str, str | None]],
    *,
    reference: str,
    purpose: str | None = None,
    on: date = ON,
    commitment_id: str | None = None,
) -> None:
    """Add an entry of (account, amount, request) lines on C4, without any of the lane's checks."""
    number = book.connection.execute("select max(entry_id) + 1 from ledger.entry").fetchall()[0][0]
    book.insert("ledger.entry", [(number, kind, on, on, reference, purpose, "forged", "x", 1)])
    rows = [
        (number, n, account, "USD", amount, amount, None, "C4", request_id, None)
        for n, (account, amount, request_id) in enumerate(lines, start=1)
    ]
    saved = book.connection.execute(
        "select trigger_name, sql from duckdb_triggers() where table_name = 'posting'"
    ).fetchall()
    for name, _ in saved:
        book.connection.execute(f"drop trigger {name} on ledger.posting")
    book.insert("ledger.posting", [(*row, commitment_id) for row in rows])
    for _, text in saved:
        book.connection.execute(text)
    _redigested(book)


def _forged_decision(book: Book) -> None:
    """Add a decision, true to its digest, whose award is paid a dollar short."""
    (body,) = book.connection.execute("select body from ledger.decision where round_id = 'A'").fetchall()[0]
    short = {name: value for name, value in json.loads(body).items() if name not in ("seconds", "decision")}
    short["awards"] = [{"request": "R1", "amount": "400.00", "payments": [{"contribution": "C2", "amount": "399.00"}]}]
    text = json.dumps(short, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    corrupt(
        book,
        "decision",
        "insert into ledger.decision select * replace (2 as position, '"
        + digest
        + "' as decision) from ledger.decision where round_id = 'A'",
    )
    text = json.dumps({**short, "decision": digest}, ensure_ascii=False).replace("'", "''")
    corrupt(book, "decision", f"update ledger.decision set body = '{text}' where decision = '{digest}'")
    book.insert("ledger.award", [("A", digest, "R1", "400.00")])
    book.insert("ledger.payment", [("A", digest, "R1", "C2", "399.00")])


def _budget_only(book: Book) -> None:
    _forged_entry(book, "interest", [("budget:resource", "5", None), ("income:interest", "-5", None)], reference="f")


def _own_approval(book: Book) -> None:
    corrupt(
        book,
        "approval",
        "insert into ledger.approval select * replace ('ada' as approver_id, 'ADA' as approver) "
        "from ledger.approval where round_id = 'A'",
    )


Fault = Callable[[Book], None]


def _statement(table: str, statement: str) -> Fault:
    return lambda book: corrupt(book, table, statement)


def _lines(kind: str, reference: str, *lines: tuple[str, str, str | None], purpose: str | None = None) -> Fault:
    return lambda book: _forged_entry(book, kind, list(lines), reference=reference, purpose=purpose)


def _lines_of(commitment_id: str, *lines: tuple[str, str]) -> Fault:
    """Return a fault that moves money of C4 on an agreement, whatever the agreement says."""
    forged = [(account, amount, None) for account, amount in lines]
    return lambda book: _forged_entry(book, "fee", forged, reference="f", commitment_id=commitment_id)


def _unbalanced(book: Book) -> None:
    corrupt(
        book,
        "posting",
        "update ledger.posting set base_amount = base_amount - 1 "
        "where account = 'income:contribution' and contribution_id = 'C5'",
    )
    _redigested(book)


def _overdrawn_in_between(book: Book) -> None:
    """Have C4 give what it has on the day before its deposit, and get it back: nothing is missing in the end."""
    lent = [("budget:available", "-50", None), ("budget:allocated", "50", None)]
    _forged_entry(book, "administration", lent, reference="f", purpose="q", on=date(2024, 1, 31))
    back = [("budget:available", "50", None), ("budget:allocated", "-50", None)]
    _forged_entry(book, "cancellation", back, reference="g", purpose="q")


def _more_than_a_share(book: Book) -> None:
    """Have C1, of which Kenya gets at most 600.00, pay 600.01 more there."""
    number = book.connection.execute("select max(entry_id) + 1 from ledger.entry").fetchall()[0][0]
    _forged_entry(book, "interest", [("budget:available", "-1", None), ("budget:allocated", "1", "R1")], reference="f")
    corrupt(
        book,
        "posting",
        f"update ledger.posting set contribution_id = 'C1', amount = sign(amount) * 600.01, "
        f"base_amount = sign(amount) * 600.01 where entry_id = {number}",
    )
    _redigested(book)


def _last_entry_deleted(book: Book) -> None:
    corrupt(book, "posting", "delete from ledger.posting where entry_id = (select max(entry_id) from ledger.entry)")
    corrupt(book, "entry", "delete from ledger.entry where entry_id = (select max(entry_id) from ledger.entry)")


def _last_log_row_deleted(book: Book) -> None:
    corrupt(book, "log", "delete from ledger.log where log_id = 5")


def _more_than_the_ask(book: Book) -> None:
    """Have round A, all its digests made anew, ask less than its decision awards."""
    corrupt(book, "round_request", "update ledger.round_request set base_requested = 1, base_minimum = 1 "
                                   "where round_id = 'A' and request_id = 'R1'")  # fmt: skip


def _span(name: str, day: str) -> Fault:
    """Return a fault that gives the version of C2 that round A froze another day of spending."""

    def fault(book: Book) -> None:
        days = {"spend_from": None, "spend_to": None, name: day}
        version = book.connection.execute(
            "select version from ledger.round_contribution where round_id = 'A' and contribution_id = 'C2'"
        ).fetchall()[0][0]
        book.insert("ledger.contribution_span", [("C2", version, days["spend_from"], days["spend_to"])])

    return fault


# What else finds a fault, since it is seen from several sides.
ALSO: dict[str, set[str]] = {
    "decisions-sound": {"rounds-as-frozen"},
    "earmarks-kept": {"rounds-as-frozen", "decisions-sound", "contribution-digests"},
    "awards-paid": {"rounds-as-frozen"},
    "decisions-unaltered": {"decisions-sound"},
    "rounds-as-frozen": {"approvals-enough"},
    "country-shares-kept": {"available-not-negative", "holds-covered"},
    "log-counts": {"cash-covers", "approvals-enough", "movements-match-journal"},
    "cash-covers": {"funding-line"},
}

FAULTS: dict[str, list[tuple[Fault, str]]] = {
    "awards-not-negative": [
        (
            _lines_of("K1", ("expense:programme", "5"), ("asset:advance", "-5")),
            "asset:advance of K1 from C4 was -5.0000 on 2024-06-01",
        ),
    ],
    "clearances-kept": [
        (
            _statement("clearance", f"update ledger.clearance set {change} where clearance = 'sanctions'"),
            f"{what} went to I1 on 2024-06-01 without sanctions",
        )
        for change, what in (
            ("outcome = 'refused'", "commitment K1"),
            ("valid_until = '2024-05-31'", "disbursement P2"),
            ("cleared_on = '2024-06-02'", "commitment K2"),
            ("log_id = 99", "disbursement P1"),
        )
    ],
    "closed-agreements-settled": [
        (
            _lines_of(
                "K2",
                *(("asset:advance", "5"), ("asset:cash:main", "-5")),
                *(("budget:disbursed", "5"), ("budget:available", "-5")),
            ),
            "asset:advance of K2 is 5.0000, and it was closed on 2024-06-01",
        ),
    ],
    "funding-line": [
        (
            _lines("interest", "f", ("asset:cash:main", "5", None), ("income:interest", "-5", None)),
            "the stages of C4 hold 50.0000, and its money comes to 55.0000",
        ),
        (
            _lines("interest", "f", ("budget:disbursed", "5", None), ("budget:resource", "-5", None)),
            "the stages of C4 hold 55.0000, and its money comes to 50.0000",
        ),
    ],
    "indirect-cost-kept": [
        (
            _statement(
                "expenditure",
                "update ledger.expenditure set base_direct = base_direct - 0.01, base_indirect = base_indirect + 0.01",
            ),
            "indirect cost of K1 is 7.0100 on direct cost of 99.9900",
        ),
    ],
    "movements-match-journal": [
        (
            _statement("movement", "update ledger.movement set base_amount = 31 where movement_id = 'F1'"),
            "movement F1 of 31.0000 stands in the journal with 30.0000",
        ),
        (
            _statement("movement", "update ledger.movement set commitment_id = 'K2' where movement_id = 'F1'"),
            "movement F1 is of K2, and its lines are not",
        ),
        (
            _statement("movement", "update ledger.movement set kind = 'recovery' where movement_id = 'L1'"),
            "movement L1 (recovery) has no entry of its kind",
        ),
        (
            _statement("movement", "delete from ledger.movement where kind = 'reversal'"),
            "entry # (reversal) has no movement",
        ),
        (
            _statement("commitment", "update ledger.commitment set amount = 301 where commitment_id = 'K1'"),
            "agreement K1 of 301.0000 stands in the journal with 300.0000",
        ),
        (
            _statement("expenditure", "delete from ledger.expenditure where base_direct = 100"),
            "expenditure X2 of 107.0000 is reported with nothing",
        ),
    ],
    "reversals-mirror": [
        (
            _statement("reversal", "update ledger.reversal set reversed_entry_id = 1 where reason = 'wrong'"),
            "entry # does not take back entry 1 line by line",
        ),
        (
            _statement("reversal", "delete from ledger.reversal where reason = 'wrong'"),
            "entry # takes back no entry",
        ),
    ],
    "tranches-kept": [
        (
            _statement("tranche", "update ledger.tranche set amount = 5 where tranche = 2"),
            "tranche 2 of K1 is 5.0000, and 6.0000 went out",
        ),
        (
            _statement("tranche", "update ledger.tranche set amount = 241 where tranche = 1"),
            "the tranches of K1 come to 301.0000, and the agreement to 300.0000",
        ),
        (
            _statement("tranche", "delete from ledger.tranche where tranche = 2"),
            "tranche 2 of K1 is 0.0000, and 6.0000 went out",
        ),
    ],
    "allocated-not-negative": [
        (
            _lines(
                "cancellation", "f", ("budget:available", "5", None), ("budget:allocated", "-5", None), purpose="ghost"
            ),
            "ghost is allocated -5.0000 from C4",
        ),
    ],
    "allocations-match-decisions": [
        (
            _lines("allocation", "allocation|A|R3", ("budget:available", "-5", None), ("budget:allocated", "5", "R3")),
            "round A: C4 to R3 decided 0.0000, posted 5.0000",
        ),
    ],
    "approvals-enough": [
        (
            _statement("approval", "delete from ledger.approval where round_id = 'A'"),
            "round A was posted with 0 of 1 approvals by others than the proposer",
        ),
        (
            _statement("approval", "update ledger.approval set approver = 'ADA' where round_id = 'A'"),
            "round A was posted with 0 of 1 approvals by others than the proposer",
        ),
    ],
    "available-on-every-day": [(_overdrawn_in_between, "C4 was overdrawn by 50.00 on 2024-01-31")],
    "country-shares-kept": [(_more_than_a_share, "C1 has given KEN more than 600.00")],
    "decisions-sound": [(_more_than_the_ask, "round A: award-amount: R1: USD 400.00, against #")],
    "log-counts": [
        (_last_entry_deleted, "log row # (import entries) counts 1 rows, and the book has 0"),
        (_last_log_row_deleted, "the log has # rows, and its last is number #"),
        (_last_log_row_deleted, "log row 5 (missing) counts 0 rows, and the book has #"),
        (
            _statement("score", "insert into ledger.score values ('R1', 'x', 'y', 1, 99)"),
            "log row 99 (missing) counts 0 rows, and the book has 1",
        ),
    ],
    "rounds-as-frozen": [
        (
            _statement(
                "round", "update ledger.round set policy = replace(policy, '0.01', '0.10') where round_id = 'X'"
            ),
            "the policy of round X is not the one that it was opened with",
        ),
        *(
            (
                _statement(table, f"update ledger.{table} set {change}"),
                "the frozen rows of round X are not those that decision # was made on",
            )
            for table, change in (
                ("request", "country = 'UGA' where request_id = 'R3'"),
                ("round_request", "base_requested = 901 where round_id = 'X' and request_id = 'R3'"),
                ("round_contribution", "use_by = '2031-01-01' where round_id = 'X' and contribution_id = 'C1'"),
                ("round_contribution", "donor = 'x' where round_id = 'X' and contribution_id = 'C1'"),
            )
        ),
        (
            _statement("round_request", "update ledger.round_request set merit = 'x' where round_id = 'X'"),
            "round X cannot be checked: #",
        ),
    ],
    "approvals-by-others": [(_own_approval, "round A: ADA proposed what they approved")],
    "available-not-negative": [
        (
            _lines(
                "administration", "f", ("budget:available", "-51", None), ("budget:allocated", "51", None), purpose="p"
            ),
            "C4 is overdrawn by 1.0000",
        ),
    ],
    "awards-paid": [(_forged_decision, "round A: R1 is awarded 400.0000 and paid 399.0000")],
    "budget-balances": [
        (_budget_only, "the budget lines of entry # are off by 5.0000"),
        (
            _lines("interest", "f", ("memo:in-kind", "5", None), ("income:interest", "-5", None)),
            "the memo lines of entry # are off by 5.0000",
        ),
    ],
    "cash-covers": [
        (
            _lines("fee", "f", ("asset:cash:main", "-10", None), ("expense:fee:bank", "10", None)),
            "cash of # does not cover #",
        ),
    ],
    "contributions-match-journal": [
        (
            _lines("fee", "f", ("income:contribution", "-1", None), ("asset:promissory-note", "1", None)),
            "contribution C4 of 50.0000 USD stands in the journal with 51.0000 signed and 0.0000 pledged",
        ),
        (
            _lines("fee", "f", ("memo:pledge", "5", None), ("memo:contra", "-5", None)),
            "contribution C4 of 50.0000 USD stands in the journal with 50.0000 signed and 5.0000 pledged",
        ),
    ],
    "contribution-digests": [
        (
            _statement("contribution", f"update ledger.contribution set {change} where contribution_id = 'C2'"),
            "version 1 of contribution C2 is not as it was written",
        )
        for change in ("earmark = ''", "use_by = '2030-01-01'", "country_share_max = 0.5", "signed_on = '2024-01-09'")
    ],
    "decisions-unaltered": [
        (
            _statement(
                "decision", "update ledger.decision set body = replace(body, 'HiGHS', 'Highs') where round_id = 'A'"
            ),
            "decision # of round A is not what its digest says",
        ),
        (
            _statement(
                "refusal",
                "insert into ledger.refusal select round_id, decision, 'R2', 9, 'no-money', 'because' "
                "from ledger.decision where round_id = 'A'",
            ),
            "the stored reason 9 on R2 of decision # of round A is not as decided",
        ),
        (
            _statement("decision", "update ledger.decision set bound = '1' where round_id = 'X'"),
            "the stored figures of decision # of round X are not as decided",
        ),
        (
            _statement(
                "limit_outcome",
                "insert into ledger.limit_outcome select round_id, decision, 1, 'More', 'at_most', 1, 1, 'USD', true "
                "from ledger.decision where round_id = 'A'",
            ),
            "the stored limit 1 of decision # of round A is not as decided",
        ),
    ],
    "deposits-match-journal": [
        (
            _statement("deposit", "update ledger.deposit set base_amount = 51 where deposit_id = 'D4'"),
            "deposit D4 on C4 is not in the journal as received",
        ),
        (_statement("deposit", "delete from ledger.deposit where deposit_id = 'D4'"), "entry # has no deposit"),
    ],
    "earmarks-kept": [
        (
            _statement(
                "round_contribution",
                "update ledger.round_contribution set earmark = 'country=FRA' "
                "where contribution_id = 'C2' and round_id = 'A'",
            ),
            "round A: C2 (country=FRA) pays R1, which it does not admit",
        ),
        (
            _statement(
                "round_contribution",
                "update ledger.round_contribution set use_by = '2024-05-31' "
                "where contribution_id = 'C2' and round_id = 'A'",
            ),
            "round A: C2 (use by 2024-05-31) pays R1 until 2024-06-01",
        ),
        (
            _span("spend_from", "2024-06-02"),
            "round A: C2 (spent from 2024-06-02) pays R1 from 2024-06-01",
        ),
        (
            _span("spend_to", "2024-05-31"),
            "round A: C2 (spent until 2024-05-31) pays R1 until 2024-06-01",
        ),
    ],
    "entries-balance": [(_unbalanced, "entry # is off by -1.0000 in the book's currency")],
    "entry-digests": [
        (
            _statement("entry", "update ledger.entry set narration = 'x' where reference = 'entries|E1'"),
            "entry # is not what was posted",
        ),
        (
            _statement("entry", "update ledger.entry set entry_date = '2024-12-31' where reference = 'entries|E1'"),
            "entry # is not what was posted",
        ),
        (
            _statement("posting", "update ledger.posting set party_id = 'x' where account = 'income:interest'"),
            "entry # is not what was posted",
        ),
        (
            lambda book: book.insert("ledger.entry", [(999, "fee", ON, ON, "f", None, "f", "x", 1)]),
            "entry 999 has no lines",
        ),
        (
            lambda book: book.insert(
                "ledger.posting",
                [
                    (999, n, "asset:promissory-note", "USD", x, x, None, "C4", None, None, None)
                    for n, x in ((1, 1), (2, -1))
                ],
            ),
            "a line stands on entry 999, which does not exist",
        ),
    ],
    "guards-stand": [
        (
            lambda book: book.connection.execute("drop trigger deposit_update on ledger.deposit"),
            "ledger.deposit no longer refuses update",
        ),
        (
            lambda book: book.connection.execute("drop trigger posting_balances_base on ledger.posting"),
            "the journal no longer refuses unbalanced entries (posting_balances_base)",
        ),
        (
            lambda book: book.connection.execute("drop trigger posting_budget_balances on ledger.posting"),
            "the journal no longer refuses unbalanced entries (posting_budget_balances)",
        ),
        (
            lambda book: book.connection.execute("drop trigger entry_period on ledger.entry"),
            "the journal no longer refuses entries in closed periods",
        ),
    ],
    "holds-covered": [
        (
            _statement(
                "round_contribution",
                "update ledger.round_contribution set available = 5000 where contribution_id = 'C1' and round_id = 'B'",
            ),
            "C1 has # and open rounds hold 5000.0000",
        ),
    ],
    "receivables-not-negative": [
        (
            _lines("fee", "f", ("asset:receivable", "-1", None), ("asset:promissory-note", "1", None)),
            "receivable of C4 is -1.0000 USD",
        ),
    ],
    "uncollected-covered": [
        (
            _lines(
                *("cancellation", "f", ("budget:resource", "-5", None), ("budget:allocated-uncollected", "5", None)),
                purpose="p",
            ),
            "C4 has 5.0000 allocated and not yet received, and 0.0000 is still to come",
        ),
    ],
}


def test_a_book_written_through_the_lane_has_no_findings(copy: Path, book: Book) -> None:
    assert _found(book) == {}
    with Book.open(copy, writable=False) as lived:
        assert _found(lived) == {}


@pytest.mark.parametrize(("name", "number"), [(name, n) for name, faults in FAULTS.items() for n in range(len(faults))])
def test_a_seeded_fault_is_reported_by_its_check_and_no_other(copy: Path, name: str, number: int) -> None:
    import re

    fault, sentence = FAULTS[name][number]
    with Book.open(copy, writable=True) as book:
        fault(book)
        found = _found(book)
    # Who adds or removes rows without thought of the log is found by the log as well.
    assert set(found) - ALSO.get(name, set()) - {"log-counts"} == {name} - {"log-counts"}, found
    pattern = re.escape(sentence).replace(r"\#", r".+")
    assert any(re.fullmatch(pattern, one) for one in found[name]), found


def test_no_check_lacks_a_seeded_fault(book: Book) -> None:
    seeded = {*FAULTS, *LIFE_FAULTS}
    assert {checked.name for checked in check_book(book)} == seeded
    assert len(texts_in("ledgers.checks")) == len(seeded) - 5


def test_every_table_losing_a_guard_is_found(copy: Path) -> None:
    with Book.open(copy, writable=True) as book:
        found = book.connection.execute(
            "select trigger_name, table_name from duckdb_triggers() where schema_name = 'ledger'"
        ).fetchall()
        for name, table in found:
            book.connection.execute(f"drop trigger {name} on ledger.{table}")
        assert len(_found(book)["guards-stand"]) == len(found) >= 58 + 3


def test_a_check_that_cannot_run_is_a_finding(copy: Path) -> None:
    with Book.open(copy, writable=True) as book:
        corrupt(book, "round_request", "update ledger.round_request set merit = 'much'")
        corrupt(book, "decision", "update ledger.decision set body = '{'")
        found = _found(book)
    assert found["earmarks-kept"][0].startswith("the check cannot run: ")
    assert found["decisions-unaltered"][0].startswith("the check cannot run: ")
    assert found["rounds-as-frozen"][0].startswith("round A cannot be checked: ")
