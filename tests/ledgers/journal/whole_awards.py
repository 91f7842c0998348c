"""Acts on requests, rounds and grant agreements, in the book and in the model of it; and corrections of any entry."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import awards
from books import request, take
from life_rows import reversal, tier
from naive_life import ZERO, Refused
from whole_acts import TERMS, Acts, on, part, text
from whole_book import FACILITY
from whole_grants import REDUCED, Whole

from allocation import solve
from facility.usecases import appeals, rounds
from ledgers.life.grants import close_commitment, flag, override_rule
from ledgers.rounds.errors import RoundEmpty
from ledgers.store import Book

FILES = {
    "refund": ("refunds", "refund_id", "received_on"),
    "release": ("releases", "release_id", "released_on"),
    "disallowance": ("disallowances", "disallowance_id", "decided_on"),
    "recovery": ("recoveries", "recovery_id", "received_on"),
}
POLICY = 'currency = "USD"\nresources = "{}"\nunit = "0.01"\nobjectives = ["merit"]\n'
LAST = date(2030, 12, 31)
Payments = dict[str, dict[str, Fraction]]
"""Of each contribution, by request."""


@dataclass
class Round:
    """A round that is open."""

    name: str
    with_later: bool
    payments: Payments | None = None
    is_infeasible: bool = False
    opened: int = 0
    use_by: dict[str, int | None] = field(default_factory=dict)
    """The last day of each contribution, as the round froze it."""


@dataclass
class Asked:
    """What requests ask for, and the rounds that were posted."""

    amounts: dict[str, Fraction] = field(default_factory=dict)
    round: Round | None = None
    posted: list[tuple[str, str]] = field(default_factory=list)


class Awards(Acts):
    """Both books, with requests, rounds and agreements."""

    asked: Asked

    @property
    def today(self) -> date:
        return date.fromisoformat(on(self.day))

    def ask(self, units: int) -> None:
        key = self.key("R")
        self.asked.amounts[key] = Fraction(units)
        row = request(key, amount_requested=text(Fraction(units)), amount_minimum="0", merit=str(units % 90 + 10))
        take(self.book, "requests", row, on=self.today)
        self.settle("ask", None)

    # Rounds.

    def open(self, with_later: bool) -> bool:
        """Open a round; whether there is anything to hold is the book's to say."""
        name = self.key("T")
        policy = self.book.path.with_name("policy.toml")
        policy.write_text(POLICY.format("agreements" if with_later else "cash"), encoding="utf-8")
        try:
            rounds.open_from_policy(self.book, name, policy, on=self.today, actor="ada")
        except RoundEmpty as refused:
            self.settle("open round", refused.code)
            return False
        use_by = {who: terms.use_by for who, terms in self.naive.signed.items()}
        self.asked.round = Round(name, with_later, opened=self.day, use_by=use_by)
        self.settle("open round", None)
        return True

    def solve(self) -> None:
        """Solve the open round; who pays is the decision's to say, and the model looks at what it may draw on."""
        here = self.asked.round
        assert here is not None
        decision = solve(rounds.posed(self.book, here.name)).to_json()
        rounds.propose(self.book, here.name, decision, actor="ada")
        here.is_infeasible = decision["status"] == "infeasible"
        here.payments = {
            award["request"]: {paid["contribution"]: Fraction(paid["amount"]) for paid in award["payments"]}
            for award in decision["awards"]
        }
        for award in decision["awards"]:
            paid = sum(here.payments[award["request"]].values(), ZERO)
            assert paid == Fraction(award["amount"]) <= self.asked.amounts[award["request"]]
        # No more is drawn than there is, nothing after a use-by date, and unearmarked money stands in for the facility.
        drawn, here_free = (
            self.drawn(here.payments),
            {who: self.free(who, here.with_later) for who in self.naive.signed},
        )
        if here.opened == self.day - 1:
            lacking = max(ZERO, -self.naive.held("budget:available", FACILITY))
            lent = min(lacking, sum((max(ZERO, self.naive.held("budget:available", who)) for who in here_free), ZERO))
            assert all(amount <= here_free.get(who, amount) for who, amount in drawn.items())
            assert (
                sum(drawn.values()) - drawn.get(FACILITY, ZERO)
                <= sum(max(ZERO, one) for one in here_free.values()) - lent
            )
        late = [
            who for who, terms in self.naive.signed.items() if terms.use_by is not None and terms.use_by < here.opened
        ]
        assert not any(drawn.get(who) for who in late)
        self.settle("solve round", None)

    def drawn(self, payments: Payments) -> dict[str, Fraction]:
        drawn: dict[str, Fraction] = defaultdict(Fraction)
        for parts in payments.values():
            for who, amount in parts.items():
                drawn[who] += amount
        return drawn

    def free(self, who: str, with_later: bool) -> Fraction:
        """Return what a round may draw on a contribution: what is there, and what is to come and not allocated yet."""
        free = self.naive.held("budget:available", who)
        terms = self.naive.signed.get(who)
        if not with_later or terms is None:
            return free
        to_come = ZERO
        if not terms.conditional:
            owed = terms.claims["receivable"].base + terms.claims["note"].base
            share = max((tier[1] for tier in terms.tiers), default=terms.percent)
            fees = Fraction((owed * share * 100).__ceil__(), 100) + sum(tier[2] for tier in terms.tiers)
            to_come = max(ZERO, owed - fees)
        return free + to_come - self.naive.held("budget:allocated-uncollected", who)

    def post(self) -> bool:
        """Post the open round, unless its money is gone."""
        here = self.asked.round
        assert here is not None
        assert here.payments is not None
        payments = here.payments

        def posting() -> None:
            if here.is_infeasible:
                raise Refused("decision-infeasible")
            if any(
                who != FACILITY and self.naive.signed[who].use_by != here.use_by[who] for who in self.drawn(payments)
            ):
                raise Refused("contribution-changed")
            if any(amount > self.free(who, here.with_later) for who, amount in self.drawn(payments).items()):
                raise Refused("contribution-drained")
            for name in sorted(payments):
                self.naive.allocate(here.name, name, payments[name], self.day, here.with_later)

        done = self.command(
            posting, lambda: rounds.post(self.book, here.name, on=self.today, actor="ada"), "post round"
        )
        if done:
            self.asked.round = None
            self.asked.posted += [(here.name, name) for name in payments]
        return done

    def cancel(self) -> None:
        here = self.asked.round
        assert here is not None
        rounds.cancel(self.book, here.name, on=self.today, actor="ada")
        self.asked.round = None
        self.settle("cancel round", None)

    def appeal(self, at: int, outcome: str) -> None:
        """Appeal against what a posted round decided, and decide: no money moves."""
        name, what = self.asked.posted[at % len(self.asked.posted)]
        key = self.key("L")
        appeals.file(self.book, key, name, what, grounds="merit", on=self.today, actor="ada")
        appeals.decide(self.book, key, outcome, reason="read again", new_round_id=None, on=self.today, actor="berit")
        self.settle("appeal", None)

    # Agreements.

    def commit(self, name: str, percent: int, is_share: bool, party: str) -> bool:
        key, amount, share = self.key("K"), None, None
        row = awards.commitment(key, name, implementer=party, signed_on=on(self.day), share="")
        if is_share and percent <= 100:
            share = Fraction(percent, 100)
            row["share"] = f"{percent}%"
        else:
            amount = part(self.naive.total("budget:allocated", of={2: name})[1], percent)
            row["amount"] = text(amount)
        return self.both(lambda: self.naive.commit(key, name, amount, share, party, self.day), "commitments", row)

    def tranche(self, of: str, percent: int, condition: str) -> bool:
        known = self.naive.agreements[of]
        number = len(known.tranches) + 1
        amount = part(known.amount, percent)
        planned = sum((one[0] for one in known.tranches.values()), amount)

        def planning() -> None:
            if planned > known.amount:
                raise Refused("tranches-exceed-commitment")
            known.tranches[number] = (amount, condition)

        return self.both(planning, "tranches", awards.tranche(number, text(amount), of, condition=condition))

    def condition_met(self, of: str, number: int) -> bool:
        known = self.naive.agreements[of]
        row = awards.condition_met(number, of, met_on=on(self.day))
        return self.both(lambda: known.met.add(number), "conditions_met", row)

    def disburse(self, of: str, currency: str, percent: int, tranche: int | None, is_stated: bool = False) -> bool:
        key = self.key("P")
        left = self.naive.total("budget:committed", of={3: of})[1] * self.naive.rate(currency, self.day)
        amount = part(left, percent, currency)
        row = awards.disbursement(
            text(amount, currency),
            key,
            commitment_id=of,
            paid_on=on(self.day),
            currency=currency,
            tranche=tranche or "",
        )
        base = self.naive.base(amount, currency, self.day)
        if is_stated and currency != "USD":
            base = part(base, 97)
            row["base_amount"] = text(base)
        return self.both(
            lambda: self.naive.disburse(key, of, tranche, currency, amount, base, self.day), "disbursements", row
        )

    def spend(self, of: str, currency: str, percent: int, status: str, replaces: str = "") -> bool:
        key = self.key("S")
        old = self.naive.journal.get(f"expenditure|{replaces}")
        held = self.naive.total("asset:advance", of={3: of})[1]
        held += sum((one[2] for one in old.lines if one[0][0] == "expense:programme"), ZERO) if old else ZERO
        amount = part(held * self.naive.rate(currency, self.day), percent, currency)
        indirect = Fraction((amount / 20).__floor__())
        row = awards.expenditure(
            text(amount - indirect, currency), key, commitment_id=of, spent_to=on(self.day), currency=currency,
            indirect=text(indirect, currency), status=status, replaces=replaces,
        )  # fmt: skip
        return self.both(
            lambda: self.naive.spend(key, of, currency, amount, status, replaces, self.day), "expenditures", row
        )

    def of_agreement(self, kind: str, of: str, currency: str, percent: int) -> bool:
        key, (file, id_column, day_column) = self.key("V"), FILES[kind]
        held = self.naive.total(REDUCED[kind], of={3: of})[1]
        amount = part(held * self.naive.rate(currency, self.day), percent, currency)
        row: dict[str, object] = {id_column: key, "commitment_id": of, day_column: on(self.day)}
        row |= {"amount": text(amount, currency)}
        row |= {"currency": currency} if kind in ("refund", "recovery") else {"reason": "agreed"}
        asked = None if kind == "release" and percent == 100 else amount
        if asked is None:
            del row["amount"]
        return self.both(lambda: self.naive.of_agreement(key, kind, of, currency, asked, self.day), file, row)

    def flag(self, of: str, is_lifted: bool) -> None:
        self.naive.agreements[of].is_flagged = not is_lifted
        with self.book.lane(actor="ada", command="grant flag") as lane:
            flag(self.book, lane, of, is_lifted=is_lifted, on=self.today, reason="audit")
        self.settle("unflag" if is_lifted else "flag", None)

    def close_agreement(self, of: str, stage: str) -> bool:
        def real() -> None:
            with self.book.lane(actor="ada", command="grant close") as lane:
                close_commitment(self.book, lane, of, stage, on=self.today, reason="over")

        return self.command(lambda: self.naive.close_agreement(of, stage), real, f"close agreement ({stage})")

    def override(self, of: str, aside: str) -> None:
        """Set a rule aside for an agreement from today on."""
        self.naive.agreements[of].aside.add(aside)
        with self.book.lane(actor="ada", command="grant override") as lane:
            override_rule(self.book, lane, of, aside, valid_from=self.today, valid_until=LAST, reason="agreed")
        self.settle("override", None)

    def finish(self, of: str) -> None:
        """Bring an agreement to its end: release, give back what is not spent, close."""
        if self.naive.total("budget:committed", of={3: of})[1]:
            self.of_agreement("release", of, "USD", 100)
        if self.naive.total("asset:advance", of={3: of})[1]:
            self.of_agreement("refund", of, "USD", 100)
        for kind, account in (("recovery", "asset:receivable:implementer"),):
            if self.naive.total(account, of={3: of})[1]:
                self.of_agreement(kind, of, "USD", 100)
        self.close_agreement(of, "operational")
        self.close_agreement(of, "financial")

    def reverse(self, name: str) -> bool:
        kind = self.naive.journal[name].kind
        row = reversal(name, reversed_on=on(self.day), reason=self.key("wrong "))
        return self.both(lambda: self.naive.reverse(name, self.day), "reversals", row, f"reverse {kind}")

    def wind_up(self, who: str) -> None:
        """Bring a contribution to its end: nothing more to come, everything given back, the fees paid out, closed."""
        terms = self.naive.signed[who]
        if terms.claims["receivable"].amount and not terms.conditional:
            self.write_off(who, 100)
        elif terms.claims["receivable"].amount:
            self.amend(who, max(terms.amount - terms.claims["receivable"].amount, terms.met))
        if self.naive.held("budget:available", who) > 0:
            self.give(who, 100)
        if self.naive.held("liability:donor-refund", who) < 0:
            self.refund_donor(who, "USD", 100)
        if self.naive.total("liability:fee")[1] < 0:
            self.pay_fees(100)
        self.close(who)


def begun(path: Path) -> tuple[Whole, Asked, int, int]:
    """Make the book with which each life begins: money of six contributions, a posted round, an agreement at work."""
    with Book.open(path, writable=True) as book:
        acts = Awards(book, Whole({}))
        acts.asked = Asked()
        acts.rates({("EUR", -1): Decimal("0.8"), ("JPY", -1): Decimal("150.5")})
        take(book, "fee_schedules", tier(share="7%", flat="3"), tier(above="900", share="2%"))
        for who in TERMS:
            acts.sign(who)
        acts.clear("I1")
        for who, currency, percent in (("C1", "EUR", 60), ("C2", "USD", 100), ("C4", "USD", 80), ("C5", "USD", 50)):
            acts.deposit(who, currency, percent)
        acts.meet("C4", 40)
        acts.ask(900)
        assert acts.open(with_later=False)
        acts.solve()
        acts.post()
        name = acts.asked.posted[0][1]
        acts.commit(name, 70, is_share=False, party="I1")
        acts.disburse(next(iter(acts.naive.agreements)), "USD", 50, None)
        acts.ask(1_200)
        return acts.naive, acts.asked, acts.day, acts.number
