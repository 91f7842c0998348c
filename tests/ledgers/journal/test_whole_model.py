"""One random life of the whole book, every command across every border, against a model of plain balances."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from life_rows import unsound
from whole_acts import Acts
from whole_awards import Asked, Awards, begun
from whole_book import FACILITY, fair
from whole_grants import UNDONE_OTHERWISE, Whole

from ledgers.store import Book

IS_THOROUGH = os.environ.get("FACILITY_TEST_PROFILE") == "thorough"
EXAMPLES, STEPS = (60, 60) if IS_THOROUGH else (3, 25)
CURRENCIES = ("USD", "EUR", "JPY")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., None])

WHICH = range(12)
PERCENTS = (*[100] * 60, *range(1, 101), *range(1, 131))
"""Of what there is: often all of it, and at times too much."""
MOSTLY_DOLLARS = ("USD", "USD", "EUR", "JPY")
SEEDS = st.integers(0, 2**32 - 1)
DAYS = range(12, 220, 12)
"""The days of which rates are drawn; the days before them have fixed ones."""


@pytest.fixture(scope="module")
def start(new_book_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Whole, Asked, int, int]]:
    path = Path(shutil.copy(new_book_file, tmp_path_factory.mktemp("whole") / "book.duckdb"))
    return path, begun(path)


def act(
    weight: int = 2, *, when: Callable[[Machine], object] = lambda _: True, **choices: Sequence[object]
) -> Callable[[F], F]:
    """Make a method one of the acts of a life, with what each of its arguments is drawn from."""

    def noted(method: F) -> F:
        ACTS.extend([Act(method.__name__, when, choices)] * weight)
        return method

    return noted


@dataclass(frozen=True)
class Act:
    """One of the acts of a life."""

    name: str
    when: Callable[[Machine], object]
    choices: Mapping[str, Sequence[object]]


ACTS: list[Act] = []


class Machine(RuleBasedStateMachine):
    """Both books, driven at random."""

    beginning: tuple[Path, tuple[Whole, Asked, int, int]]

    def __init__(self) -> None:
        super().__init__()
        path, (naive, asked, day, number) = self.beginning
        self.folder = tempfile.TemporaryDirectory()
        self.book = Book.open(Path(shutil.copy(path, Path(self.folder.name) / "book.duckdb")), writable=True)
        self.acts = Awards(self.book, deepcopy(naive), day, number)
        self.acts.asked = deepcopy(asked)
        self.naive = self.acts.naive

    @initialize(seed=SEEDS)
    def learn_rates(self, seed: int) -> None:
        drawn = Random(seed)
        scale = {"EUR": 1, "JPY": 180}
        keys = [(currency, day) for day in DAYS for currency in scale]
        self.acts.rates({key: Decimal(drawn.randint(6_000, 11_000)).scaleb(-4) * scale[key[0]] for key in keys})

    def teardown(self) -> None:
        try:
            found = unsound(self.book)
            if self.acts.asked.round is not None:
                found.pop("holds-covered", None)
            assert found == {}
        finally:
            self.book.close()
            self.folder.cleanup()

    @rule(seed=SEEDS)
    def go_on(self, seed: int) -> None:
        """Take one act, each as likely as it weighs: lives are few, and each should cross every border."""
        drawn = Random(seed)
        chosen = drawn.choice([one for one in ACTS if one.when(self)])
        given = {name: drawn.choice(list(values)) for name, values in chosen.choices.items()}
        note(f"{chosen.name}({', '.join(f'{name}={value!r}' for name, value in given.items())})")
        getattr(self, chosen.name)(**given)

    @staticmethod
    def pick(of: Sequence[T], at: int) -> T:
        return of[at % len(of)]

    def who(self, at: int, admits: Callable[[str], bool] = lambda _: True) -> str:
        """Return a contribution, of those that are of use where there are any."""
        names = sorted(self.naive.signed)
        return self.pick([name for name in names if admits(name)] or names, at)

    def of(self, at: int, account: str = "") -> str:
        """Return an agreement, of those with something on an account where there are any."""
        names = list(self.naive.agreements)
        used = [name for name in names if account and self.naive.total(account, of={3: name})[1]]
        return self.pick(used or names, at)

    def request(self, at: int, account: str) -> str:
        """Return a request, of those with something on an account where there are any."""
        names = list(self.acts.asked.amounts)
        return self.pick([name for name in names if self.naive.total(account, of={2: name})[1]] or names, at)

    # What comes.

    @act(at=WHICH, currency=CURRENCIES, percent=PERCENTS, is_stated=(False, True))
    def deposit(self, at: int, currency: str, percent: int, is_stated: bool) -> None:
        self.acts.deposit(self.who(at), currency, percent, is_stated and percent % 3 == 0)

    @act(4, at=WHICH, percent=PERCENTS)
    def deposit_own(self, at: int, percent: int) -> None:
        who = self.who(at, lambda name: self.naive.signed[name].claims["receivable"].amount > 0)
        self.acts.deposit(who, self.naive.signed[who].currency, percent)

    @act(when=lambda self: "C6" not in self.naive.signed)
    def sign_pledged(self) -> None:
        self.acts.sign("C6")

    @act(1, at=WHICH, percent=PERCENTS, currency=CURRENCIES)
    def note_given(self, at: int, percent: int, currency: str) -> None:
        who = self.who(at, lambda name: self.naive.signed[name].claims["receivable"].amount > 0)
        if at % 3 and not self.naive.signed[who].is_closed and (key := self.acts.note(who, percent // 2 + 1)):
            self.acts.deposit(who, currency, percent, note=key)
        elif self.naive.notes:
            key = self.pick(list(self.naive.notes), at)
            self.acts.deposit(self.naive.notes[key][0], currency, percent, note=key)

    @act(when=lambda self: self.naive.receipts, at=WHICH, other=WHICH, percent=PERCENTS)
    def apply(self, at: int, other: int, percent: int) -> None:
        waits = [key for key in self.naive.receipts if self.naive.waiting(key)[0]] or list(self.naive.receipts)
        self.acts.apply(self.pick(waits, at), self.who(other), percent)

    @act(when=lambda self: self.naive.receipts, at=WHICH)
    def bounce(self, at: int) -> None:
        self.acts.bounce(self.pick(list(self.naive.receipts), at))

    @act(at=WHICH, percent=PERCENTS)
    def meet(self, at: int, percent: int) -> None:
        self.acts.meet(self.who(at, lambda name: self.naive.signed[name].conditional), percent)

    @act(at=WHICH, percent=PERCENTS)
    def amend(self, at: int, percent: int) -> None:
        who = self.who(at)
        terms = self.naive.signed[who]
        # Half of them between what came and what was agreed, so that many are taken.
        least = max(terms.amount - terms.claims["receivable"].amount, terms.met)
        amount = terms.amount * percent / 100 if percent % 2 else least + (terms.amount - least) * percent / 100
        places = 0 if terms.currency == "JPY" else 2
        self.acts.amend(who, Fraction((amount * 10**places).__floor__(), 10**places) or Fraction(1))

    @act(1, at=WHICH, percent=PERCENTS)
    def write_off(self, at: int, percent: int) -> None:
        self.acts.write_off(self.who(at, lambda name: self.naive.signed[name].claims["receivable"].amount > 0), percent)

    # What goes back.

    @act(at=WHICH, percent=PERCENTS)
    def give(self, at: int, percent: int) -> None:
        self.acts.give(self.who(at), percent)

    @act(at=WHICH, currency=MOSTLY_DOLLARS, percent=PERCENTS)
    def refund_donor(self, at: int, currency: str, percent: int) -> None:
        who = self.who(at, lambda name: self.naive.held("liability:donor-refund", name) < 0)
        self.acts.refund_donor(who, currency, percent)

    @act(at=WHICH)
    def close(self, at: int) -> None:
        self.acts.close(self.who(at))

    @act(when=lambda self: any(not terms.is_closed for terms in self.naive.signed.values()), at=WHICH)
    def wind_up(self, at: int) -> None:
        names = [name for name in sorted(self.naive.signed) if not self.naive.signed[name].is_closed]
        busy = ("budget:allocated", "budget:committed", "asset:advance", "budget:conditional")
        idle = [name for name in names if not any(self.naive.held(account, name) for account in busy)]
        self.acts.wind_up(self.pick(idle or names, at))

    # The facility's own money.

    @act(kind=["interest", "interest", "implementer-interest"], at=WHICH, currency=CURRENCIES,
          percent=PERCENTS, late=(0, 0, 0, 3, 6))  # fmt: skip
    def interest(self, kind: str, at: int, currency: str, percent: int, late: int) -> None:
        who = FACILITY if at % 3 else self.who(at)
        self.acts.own(kind, who, currency, percent, late if who == FACILITY else 0)

    @act(1, currency=CURRENCIES, percent=PERCENTS)
    def charge(self, currency: str, percent: int) -> None:
        self.acts.own("bank-charge", FACILITY, currency, percent)

    @act(at=WHICH, percent=PERCENTS)
    def administration(self, at: int, percent: int) -> None:
        who = self.who(at, lambda name: self.naive.held("budget:available", name) > 0)
        self.acts.own("administration", who, "USD", percent // 4 + 1 if percent < 100 else percent)

    @act(kind=["cancellation", "transfer", "direct-cost"], percent=PERCENTS)
    def of_purpose(self, kind: str, percent: int) -> None:
        self.acts.of_allocated(kind, "", percent)

    @act(kind=["cancellation", "transfer"], at=WHICH, percent=PERCENTS)
    def of_request(self, kind: str, at: int, percent: int) -> None:
        name = self.request(at, "budget:allocated")
        payers = [who for who in self.naive.parts("budget:allocated", name) if who in self.naive.signed]
        self.acts.of_allocated(kind, name, percent, self.pick(payers, at) if payers and at % 3 == 0 else "")

    @act(at=WHICH, percent=PERCENTS)
    def lapse(self, at: int, percent: int) -> None:
        self.acts.of_allocated("lapse", self.request(at, "budget:allocated-uncollected"), percent)

    @act(percent=PERCENTS, at=WHICH, is_named=(False, True))
    def pay_fees(self, percent: int, at: int, is_named: bool) -> None:
        self.acts.pay_fees(percent, self.who(at) if is_named else "")

    @act(1, at=WHICH, days=(-2, 3, 30))
    def extend(self, at: int, days: int) -> None:
        self.acts.extend(self.who(at), days)

    @act(1, currency=CURRENCIES, into=CURRENCIES, percent=PERCENTS)
    def exchange(self, currency: str, into: str, percent: int) -> None:
        self.acts.exchange(currency, into, percent)

    # Rounds.

    @act(units=range(100, 3_000))
    def ask(self, units: int) -> None:
        self.acts.ask(units)

    @act(4, when=lambda self: self.acts.asked.round is None, with_later=(False, True), is_at_once=(False, True))
    def open_round(self, with_later: bool, is_at_once: bool) -> None:
        if self.acts.open(with_later) and is_at_once:
            self.acts.solve()
            self.acts.post()

    @act(when=lambda self: self.acts.asked.round is not None)
    def decide(self) -> None:
        self.acts.solve() if self.acts.asked.round.payments is None else self.acts.post() or self.acts.cancel()

    @act(when=lambda self: self.acts.asked.posted, at=WHICH, outcome=["dismissed", "upheld"])
    def appeal(self, at: int, outcome: str) -> None:
        self.acts.appeal(at, outcome)

    # Agreements.

    @act(4, at=WHICH, percent=PERCENTS, is_share=(False, True), party=["I1", "I1", "I2"])
    def commit(self, at: int, percent: int, is_share: bool, party: str) -> None:
        self.acts.commit(self.request(at, "budget:allocated"), percent, is_share, party)

    @act(1)
    def clear(self) -> None:
        self.acts.clear("I2")

    @act(at=WHICH, percent=PERCENTS, condition=["", "plan"])
    def tranche(self, at: int, percent: int, condition: str) -> None:
        self.acts.tranche(self.of(at), percent // 2 + 1, condition)

    @act(4, at=WHICH, currency=MOSTLY_DOLLARS, percent=PERCENTS, number=WHICH, is_stated=(False, True))
    def disburse(self, at: int, currency: str, percent: int, number: int, is_stated: bool) -> None:
        of = self.of(at, "budget:committed")
        known = self.naive.agreements[of]
        unmet = [n for n, (_, condition) in known.tranches.items() if condition and n not in known.met]
        if unmet and number % 2:
            self.acts.condition_met(of, self.pick(unmet, number))
        named = number % (len(known.tranches) + 1) if known.tranches else None
        self.acts.disburse(of, currency, percent, named or None, is_stated)

    @act(at=WHICH, currency=MOSTLY_DOLLARS, percent=PERCENTS, status=["provisional", "final"],
          replaced=WHICH)  # fmt: skip
    def spend(self, at: int, currency: str, percent: int, status: str, replaced: int) -> None:
        of = self.of(at, "asset:advance")
        reports = list(self.naive.agreements[of].reports)
        replaces = self.pick(reports, replaced) if reports and replaced % 3 == 0 else ""
        self.acts.spend(of, currency, percent, status, replaces)

    @act(at=WHICH, currency=MOSTLY_DOLLARS, percent=PERCENTS)
    def refund(self, at: int, currency: str, percent: int) -> None:
        self.acts.of_agreement("refund", self.of(at, "asset:advance"), currency, percent)

    @act(4, at=WHICH, percent=PERCENTS)
    def release(self, at: int, percent: int) -> None:
        self.acts.of_agreement("release", self.of(at, "budget:committed"), "USD", percent)

    @act(at=WHICH, percent=PERCENTS)
    def disallow(self, at: int, percent: int) -> None:
        self.acts.of_agreement("disallowance", self.of(at, "expense:programme"), "USD", percent)

    @act(at=WHICH, currency=MOSTLY_DOLLARS, percent=PERCENTS)
    def recover(self, at: int, currency: str, percent: int) -> None:
        self.acts.of_agreement("recovery", self.of(at, "asset:receivable:implementer"), currency, percent)

    @act(1, at=WHICH, is_lifted=[False, True, True])
    def flag(self, at: int, is_lifted: bool) -> None:
        self.acts.flag(self.of(at), is_lifted)

    @act(1, at=WHICH, aside=("deficit", "audit-flag", "tranche-condition"))
    def override(self, at: int, aside: str) -> None:
        self.acts.override(self.of(at, "budget:committed"), aside)

    @act(at=WHICH, stage=["operational", "financial", "all"])
    def close_agreement(self, at: int, stage: str) -> None:
        if stage == "all":
            self.acts.finish(self.of(at))
        else:
            self.acts.close_agreement(self.of(at), stage)

    # Corrections and periods.

    @act(at=range(0, 200), is_any=range(0, 5))
    def reverse(self, at: int, is_any: int) -> None:
        journal = self.naive.journal
        names = [
            name for name, entry in journal.items() if entry.lines and entry.kind not in ("revaluation", "amendment")
        ]
        undoable = [name for name in names if journal[name].kind not in UNDONE_OTHERWISE]
        self.acts.reverse(self.pick(names if not is_any else undoable or names, at))

    @act(1)
    def revalue(self) -> None:
        self.acts.revalue()

    @act(1)
    def close_period(self) -> None:
        self.acts.close_period(self.acts.asked.round is not None)

    @act(1, back=range(0, 12))
    def reopen(self, back: int) -> None:
        self.acts.reopen(back)


def test_the_whole_book_agrees_with_plain_balances_through_any_life(
    start: tuple[Path, tuple[Whole, Asked, int, int]],
) -> None:
    Machine.beginning = start
    Acts.seen.clear()
    # No shrinking: each try is a life of seconds, and a life that fails is told step by step as it is.
    how = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, phases=[Phase.reuse, Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=how)
    taken = sum(count for name, count in Acts.seen.items() if name.endswith(": taken"))
    print(f"{sum(Acts.seen.values())} steps, {taken} taken", *sorted(Acts.seen.items()), sep="\n")
    assert taken > EXAMPLES * STEPS / 4


def test_the_model_deals_out_cents_fairly() -> None:
    thirds = {"A": Fraction(1), "B": Fraction(1), "C": Fraction(1)}
    assert fair(Fraction(2, 100), thirds) == {"A": Fraction(1, 100), "B": Fraction(1, 100)}
    assert fair(Fraction(5, 100), {"A": Fraction(1), "B": Fraction(-3), "C": Fraction(2)}) == {
        "A": Fraction(2, 100), "C": Fraction(3, 100),
    }  # fmt: skip
