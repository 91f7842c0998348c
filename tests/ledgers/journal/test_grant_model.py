"""Random lives of awards against a book of whole cents: every balance agrees after each step, every refusal too."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from awards import allocate, cleared
from books import contribution, counts, deposit, refusal, request, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facility.usecases.check_book import check_book
from ledgers.store import Book

DEPOSIT = 100_000
NAMES = ("C1", "C2", "C3")
USE_BY = {"C3": 10}
"""The day of March 2024 until which C3 may be used; the others always may."""
EXAMPLES = 150 if os.environ.get("FACILITY_TEST_PROFILE") == "thorough" else 4
EXCEEDED = {
    "committed": "committed-exceeded",
    "advance": "advance-exceeded",
    "spent": "expenditure-exceeded",
    "owed": "recovery-exceeded",
}
ACCOUNTS = {
    "available": "budget:available", "allocated": "budget:allocated", "committed": "budget:committed",
    "disbursed": "budget:disbursed", "advance": "asset:advance", "spent": "expense:programme",
    "owed": "asset:receivable:implementer", "cash": "asset:cash:main", "donor": "liability:donor-refund",
}  # fmt: skip
# What each kind adds to and takes from; it is split over what it takes from first.
MOVES = {
    "commitment": ("allocated", {"committed": 1, "allocated": -1}),
    "disbursement": ("committed", {"advance": 1, "cash": -1, "disbursed": 1, "committed": -1}),
    "expenditure": ("advance", {"spent": 1, "advance": -1}),
    "refund": ("advance", {"cash": 1, "advance": -1, "disbursed": -1}),
    "release": ("committed", {"available": 1, "committed": -1}),
    "disallowance": ("spent", {"owed": 1, "spent": -1}),
    "recovery": ("owed", {"cash": 1, "owed": -1, "disbursed": -1}),
}


@dataclass(frozen=True)
class Line:
    """So much on an account of a contribution, on a day of March; of an agreement or, before one, of a request."""

    day: int
    account: str
    whose: str
    of: str
    cents: int


@dataclass
class Entry:
    """What a step posted."""

    kind: str
    day: int
    of: str
    lines: list[Line]
    is_standing: bool = True


@dataclass
class Naive:
    """A book without a database, in whole cents."""

    lines: list[Line] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    signed: dict[str, int] = field(default_factory=dict)

    def total(self, account: str, of: str | None = None, whose: str | None = None) -> int:
        return sum(
            line.cents for line in self.lines
            if line.account == account and of in (None, line.of) and whose in (None, line.whose)
        )  # fmt: skip

    def parts(self, account: str, of: str) -> dict[str, int]:
        return {name: self.total(account, of, name) for name in NAMES}

    def moved(self, kind: str, day: int, of: str, cents: int) -> list[Line]:
        """Return the lines of a movement; where nothing is left it falls on the first, to be refused."""
        source, sides = MOVES[kind]
        place = self.requests[of] if kind == "commitment" else of
        parts = fair(cents, self.parts(source, place))
        lines = []
        for whose, part in parts.items():
            for account, side in sides.items():
                # Allocated money is of the request, available money and cash of nobody but the contribution.
                label = place if account == "allocated" else "" if account in ("available", "cash") else of
                lines.append(Line(day, account, whose, label, side * part))
            if kind in ("refund", "recovery"):
                is_owed = day > USE_BY.get(whose, 99)
                lines.append(Line(day, "donor" if is_owed else "available", whose, "", -part if is_owed else part))
        return [line for line in lines if line.cents]

    def faults(self, added: list[Line], day: int) -> set[str]:
        """Return why lines that are added would leave something below zero, in the end or on a day."""
        self.lines += added
        found: set[str] = set()
        whole: set[str] = set()
        for account, of, whose in sorted({(one.account, one.of, one.whose) for one in added if one.cents < 0}):
            if account == "available":
                found |= self._short((account, None, whose), day, "available-exceeded", "money-later")
            elif account == "allocated":
                found |= self._short((account, of, whose), day, "allocated-exceeded", "before-allocation")
            elif account == "cash":
                found |= self._short((account, None, None), day, "cash-exceeded", "cash-exceeded")
            elif account in EXCEEDED:
                short = self._short((account, of, None), day, EXCEEDED[account], EXCEEDED[account])
                if short:
                    whole.add(account)
                found |= short
        for account, of, whose in sorted({(one.account, one.of, one.whose) for one in added if one.cents < 0}):
            if account in EXCEEDED and account not in whole:
                found |= self._short((account, of, whose), day, EXCEEDED[account], "money-later")
        del self.lines[len(self.lines) - len(added) :]
        return found

    def _short(self, key: tuple[str, str | None, str | None], day: int, in_the_end: str, on_a_day: str) -> set[str]:
        account, of, whose = key
        by_day: dict[int, int] = defaultdict(int)
        for line in self.lines:
            if line.account == account and of in (None, line.of) and whose in (None, line.whose):
                by_day[line.day] += line.cents
        if sum(by_day.values()) < 0:
            return {in_the_end}
        running, is_short = 0, False
        for moment in sorted(by_day):
            running += by_day[moment]
            is_short |= running < 0 and moment >= day
        return {on_a_day} if is_short else set()

    def post(self, name: str, kind: str, day: int, of: str, lines: list[Line]) -> None:
        self.lines += lines
        self.entries[name] = Entry(kind, day, of, lines)


def fair(units: int, weights: dict[str, int]) -> dict[str, int]:
    """Deal out whole cents in proportion: whole parts first, then one each to the largest remainders, then by id."""
    held = {whose: max(weight, 0) for whose, weight in weights.items()}
    total = sum(held.values())
    if not total:
        return {whose: units if whose == min(held) else 0 for whose in held}
    exact = {whose: Fraction(units * weight, total) for whose, weight in held.items()}
    parts = {whose: int(share) for whose, share in exact.items()}
    rest = units - sum(parts.values())
    owed = sorted((one for one in parts if held[one]), key=lambda one: (parts[one] - exact[one], one))
    for whose in owed[:rest]:
        parts[whose] += 1
    return parts


amounts = st.one_of(st.just(0), st.integers(1, 30), st.integers(1, 20_000))
"""Cents; 0 stands for all that is there."""
days = st.integers(1, 15)
which = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("commitment"), which, amounts, days),
    st.tuples(st.sampled_from(["disbursement", "disbursement", "expenditure"]), which, amounts, days),
    st.tuples(st.sampled_from(["refund", "release", "disallowance", "recovery"]), which, amounts, days),
    st.tuples(st.just("replacement"), which, amounts, days),
    st.tuples(st.just("reversal"), which, amounts, days),
)
shares = st.tuples(*[st.integers(0, 20_000)] * 3)


@pytest.fixture(scope="module")
def start(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a book with three contributions received and an implementer cleared."""
    path = Path(shutil.copy(new_book_file, tmp_path_factory.mktemp("start") / "book.duckdb"))
    with Book.open(path, writable=True) as book:
        ends = {"C3": {"use_by": f"2024-03-{USE_BY['C3']}"}}
        take(book, "contributions", *(contribution(name, **ends.get(name, {})) for name in NAMES))
        take(book, "deposits", *(deposit(f"D{name}", name) for name in NAMES))
        take(book, "requests", request("R1"), request("R2"))
        cleared(book)
    return path


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(shares, shares, st.lists(steps, min_size=6, max_size=16))
def test_awards_agree_with_a_book_of_whole_cents_after_every_step(
    start: Path,
    tmp_path_factory: pytest.TempPathFactory,
    first: tuple[int, int, int],
    second: tuple[int, int, int],
    history: list[tuple[str, int, int, int]],
) -> None:
    path = Path(shutil.copy(start, tmp_path_factory.mktemp("model") / "book.duckdb"))
    with Book.open(path, writable=True) as book:
        naive = Naive()
        for name in NAMES:
            naive.lines += [Line(-28, "available", name, "", DEPOSIT), Line(-28, "cash", name, "", DEPOSIT)]
        for request_id, parts in (("R1", first), ("R2", second)):
            given_parts = {name: cents for name, cents in zip(NAMES, parts, strict=True) if cents}
            if given_parts:
                allocate(book, request_id, {name: _text(cents) for name, cents in given_parts.items()})
            for name, cents in given_parts.items():
                naive.lines += [
                    Line(1, "allocated", name, request_id, cents),
                    Line(1, "available", name, "", -cents),
                ]
        # Each life begins with an agreement and money on its way, so that few steps are wasted.
        begun = [("commitment", 0, 15_000, 2), ("disbursement", 0, 9_000, 3), ("expenditure", 0, 4_000, 4)]
        for number, step in enumerate([*begun, *history]):
            _apply(book, naive, number, step)
            _compare(book, naive)
        # The allocations stand without a round; everything else must be as the checks have it.
        found = {one.name: one.findings for one in check_book(book) if one.findings}
        assert set(found) <= {"allocations-match-decisions"}, found


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _on(day: int) -> str:
    return f"2024-03-{day:02}"


def _apply(book: Book, naive: Naive, number: int, step: tuple[str, int, int, int]) -> None:
    kind, pick, cents, day = step
    if kind == "commitment":
        _commit(book, naive, f"K{number}", ("R1", "R2")[pick % 2], cents, day)
    elif kind == "reversal":
        _reverse(book, naive, number, pick, day)
    else:
        agreements = [*sorted(naive.signed), "K99"]
        _move(book, naive, number, kind, agreements[min(pick, len(agreements) - 1)], cents, day)


def _commit(book: Book, naive: Naive, name: str, request_id: str, cents: int, day: int) -> None:
    naive.requests[name] = request_id
    free = naive.total("allocated", request_id)
    cents = cents or max(free, 1)
    faults = set() if free > 0 else {"nothing-allocated"}
    late = any(day > last and naive.total("allocated", request_id, whose) > 0 for whose, last in USE_BY.items())
    faults |= {"ends-after-use-by"} if late else set()
    lines = naive.moved("commitment", day, name, cents)
    row = {
        "commitment_id": name, "request_id": request_id, "implementer": "I1", "signed_on": _on(day),
        "amount": _text(cents),
    }  # fmt: skip
    if _taken(book, "commitments", row, faults or naive.faults(lines, day)):
        naive.post(name, "commitment", day, name, lines)
        naive.signed[name] = day


COLUMNS = {
    "disbursement": ("disbursements", "disbursement_id", "paid_on", "amount"),
    "expenditure": ("expenditures", "expenditure_id", "spent_to", "direct"),
    "refund": ("refunds", "refund_id", "received_on", "amount"),
    "release": ("releases", "release_id", "released_on", "amount"),
    "disallowance": ("disallowances", "disallowance_id", "decided_on", "amount"),
    "recovery": ("recoveries", "recovery_id", "received_on", "amount"),
}


def _move(book: Book, naive: Naive, number: int, kind: str, of: str, cents: int, day: int) -> None:
    replaced = None
    if kind == "replacement":
        kind = "expenditure"
        reports = [name for name, entry in naive.entries.items() if entry.kind == "expenditure"]
        replaced = reports[number % len(reports)] if reports else "X99"
    name = f"M{number}"
    file, id_column, day_column, amount_column = COLUMNS[kind]
    row: dict[str, object] = {id_column: name, "commitment_id": of, day_column: _on(day)}
    is_all = cents == 0 and kind == "release"
    cents = cents or naive.total(MOVES[kind][0], of) or (0 if is_all else 1)
    row |= {} if is_all else {amount_column: _text(cents)}
    row |= {"reason": "r"} if kind in ("release", "disallowance") else {"currency": "USD"}
    row |= {"replaces": replaced} if replaced else {}
    faults = set()
    if of not in naive.signed:
        faults |= {"commitment-unknown"}
    elif day < naive.signed[of]:
        faults |= {"before-commitment"}
    if is_all and cents == 0:
        faults |= {"nothing-to-move"}
    known = naive.entries.get(replaced or "")
    is_replaceable = known is not None and known.is_standing and known.of == of
    if replaced and of in naive.signed and not is_replaceable:
        faults |= {"expenditure-unknown"}
    lines: list[Line] = []
    if not faults:
        back = [Line(day, one.account, one.whose, one.of, -one.cents) for one in known.lines] if known else []
        naive.lines += back
        moved = naive.moved(kind, day, of, cents)
        del naive.lines[len(naive.lines) - len(back) :]
        lines = moved
        faults = naive.faults([*back, *moved], day)
        if not faults and known:
            naive.lines += back
            known.is_standing = False
    if _taken(book, file, row, faults):
        naive.post(name, kind, day, of, lines)


def _reverse(book: Book, naive: Naive, number: int, pick: int, day: int) -> None:
    names = [name for name, entry in naive.entries.items() if entry.kind != "commitment"]
    if not names:
        return
    name = names[(number * 7 + pick) % len(names)]
    entry = naive.entries[name]
    faults = set() if entry.is_standing else {"reversed-already"}
    faults |= {"reversal-before-entry"} if day < entry.day else set()
    back = [Line(day, one.account, one.whose, one.of, -one.cents) for one in entry.lines]
    row = {"entry": f"{entry.kind}|{name}", "reversed_on": _on(day), "reason": f"wrong {number}"}
    if _taken(book, "reversals", row, faults or naive.faults(back, day)):
        naive.lines += back
        entry.is_standing = False


def _taken(book: Book, kind: str, row: dict[str, object], faults: set[str]) -> bool:
    """Import a row, which is refused for exactly these faults, or taken if there are none."""
    if faults:
        assert {found.code for found in refusal(book, kind, row)} == faults, row
        return False
    assert counts(take(book, kind, row)) == (1, 0), row
    return True


def _compare(book: Book, naive: Naive) -> None:
    rows = book.connection.execute(
        "select account, contribution_id, coalesce(commitment_id, case account when 'budget:allocated' "
        "then request_id end, ''), (sum(amount) * 100)::bigint from ledger.posting "
        "where account in (select unnest(?)) group by all",
        [list(ACCOUNTS.values())],
    ).fetchall()
    found = {(account, whose, of): cents for account, whose, of, cents in rows if cents}
    expected = _summed((ACCOUNTS[line.account], line.whose, line.of, line.cents) for line in naive.lines)
    assert found == expected
    for whose in NAMES:
        stages = sum(
            naive.total(account, None, whose) for account in ("available", "allocated", "committed", "disbursed")
        )
        assert DEPOSIT + naive.total("donor", None, whose) == stages
        held = book.connection.execute(
            "select (sum(amount) * 100)::bigint from ledger.posting where contribution_id = ? and account in "
            "('budget:available', 'budget:allocated', 'budget:committed', 'budget:disbursed')",
            [whose],
        ).fetchall()
        assert held == [(stages,)]


def _summed(rows: Iterable[tuple[str, str, str, int]]) -> dict[tuple[str, str, str], int]:
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    for account, whose, of, cents in rows:
        totals[account, whose, of] += cents
    return {key: cents for key, cents in totals.items() if cents}


def test_the_naive_split_is_fair() -> None:
    assert fair(2, {"A": 1, "B": 1, "C": 1}) == {"A": 1, "B": 1, "C": 0}
    assert fair(3, {"A": 0, "B": 0}) == {"A": 3, "B": 0}
    assert fair(5, {"A": 1, "B": -3, "C": 2}) == {"A": 2, "B": 0, "C": 3}
