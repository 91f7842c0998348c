"""What becomes of awards, of the facility's own money and of corrections in the model of the whole book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from naive_life import ZERO, Refused
from whole_book import CASH, FACILITY, GUARDS, Line, exchanged, fair, line, turned
from whole_contributions import Contributions

# What each kind adds to and takes from, for each contribution; what is of the agreement, and not of the request alone.
MOVES: dict[str, tuple[tuple[str, int], ...]] = {
    "interest": ((CASH, 1), ("income:interest", -1), ("budget:available", 1), ("budget:resource", -1)),
    "implementer-interest": (
        (CASH, 1), ("income:interest:implementer", -1), ("budget:available", 1), ("budget:resource", -1),
    ),
    "bank-charge": ((CASH, -1), ("expense:fee:bank", 1), ("budget:available", -1), ("budget:resource", 1)),
    "administration": (("budget:allocated", 1), ("budget:available", -1)),
    "cancellation": (("budget:allocated", -1), ("budget:available", 1)),
    "lapse": (("budget:allocated-uncollected", -1), ("budget:resource", 1)),
    "transfer": ((CASH, -1), ("expense:transfer", 1), ("budget:allocated", -1), ("budget:disbursed", 1)),
    "direct-cost": ((CASH, -1), ("expense:fee:direct", 1), ("budget:allocated", -1), ("budget:disbursed", 1)),
    "fee-payment": ((CASH, -1), ("liability:fee", 1)),
    "commitment": (("budget:allocated", -1), ("budget:committed", 1)),
    "release": (("budget:committed", -1), ("budget:available", 1)),
    "disbursement": ((CASH, -1), ("asset:advance", 1), ("budget:committed", -1), ("budget:disbursed", 1)),
    "expenditure": (("asset:advance", -1), ("expense:programme", 1)),
    "refund": ((CASH, 1), ("asset:advance", -1), ("budget:disbursed", -1)),
    "disallowance": (("expense:programme", -1), ("asset:receivable:implementer", 1)),
    "recovery": ((CASH, 1), ("asset:receivable:implementer", -1), ("budget:disbursed", -1)),
    "return": (
        ("budget:available", -1), ("budget:resource", 1), ("income:contribution:returned", 1),
        ("liability:donor-refund", -1),
    ),
    "donor-refund": ((CASH, -1), ("liability:donor-refund", 1)),
}  # fmt: skip
OF_AGREEMENT = (
    "budget:committed", "budget:disbursed", "asset:advance", "expense:programme", "asset:receivable:implementer",
)  # fmt: skip
REDUCED = {
    "commitment": "budget:allocated", "cancellation": "budget:allocated", "transfer": "budget:allocated",
    "direct-cost": "budget:allocated", "lapse": "budget:allocated-uncollected", "release": "budget:committed",
    "disbursement": "budget:committed", "expenditure": "asset:advance", "refund": "asset:advance",
    "disallowance": "expense:programme", "recovery": "asset:receivable:implementer",
}  # fmt: skip
UNDONE_OTHERWISE = (
    "pledge", "signing", "amendment", "deposit", "fee", "bounce", "allocation", "commitment", "condition", "note",
    "revaluation", "reversal", "expenditure-replaced",
)  # fmt: skip
CLAIMS = ("asset:receivable", "asset:promissory-note", "liability:unapplied-receipts")
TO_COME = (
    *CLAIMS, "liability:deferred-contribution", "budget:conditional", "budget:available", "budget:allocated",
    "budget:allocated-uncollected", "budget:committed", "asset:advance", "asset:receivable:implementer",
    "liability:fee", "liability:donor-refund",
)  # fmt: skip

AT_NOTHING = (
    *CLAIMS, "budget:available", "budget:conditional", "budget:allocated", "budget:allocated-uncollected",
    "budget:committed",
)  # fmt: skip
"""What stays at nothing on a closed contribution; what is owed to its donor, and implementers account for, may move."""


@dataclass
class Agreement:
    """A grant agreement."""

    request: str
    amount: Fraction
    tranches: dict[int, tuple[Fraction, str]] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    gone: dict[str, tuple[int, Fraction]] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    is_flagged: bool = False
    aside: set[str] = field(default_factory=set)
    stages: set[str] = field(default_factory=set)


@dataclass
class Whole(Contributions):
    """The whole book."""

    agreements: dict[str, Agreement] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    closed_through: int = -1

    # Movements.

    def move(
        self, name: str, kind: str, day: int, parts: Mapping[str, Fraction], *, request: str = "", agreement: str = "",
        currency: str = "USD", amount: Fraction = ZERO, before: list[Line] | None = None,
    ) -> None:  # fmt: skip
        """Post a movement that falls on contributions, with foreign cash where it is such."""
        lines: list[Line] = list(before or [])
        side = dict(MOVES[kind]).get(CASH, 0)
        is_foreign = currency != "USD" and side
        for who, part in parts.items():
            for account, sign in MOVES[kind]:
                name_here = "equity:conversion:USD" if account == CASH and is_foreign else account
                whose = agreement if account in OF_AGREEMENT else ""
                lines.append(line(name_here, who, sign * part, request=request, agreement=whose))
            if kind in ("refund", "recovery"):
                lines += self.given_back(who, part, day, request)
        if is_foreign:
            base = sum(parts.values(), ZERO)
            lines.append(line(CASH, "", side * amount, side * base, currency=currency, request=request))
            conversion = f"equity:conversion:{currency}"
            lines.append(line(conversion, "", -side * amount, -side * base, currency=currency, request=request))
        if self.closed_through >= day:
            raise Refused("period-closed")
        self.post(name, kind, day, lines, agreement=agreement, of=request)

    def given_back(self, who: str, part: Fraction, day: int, request: str) -> list[Line]:
        """Return where money goes that an implementer gives back: to be decided on again, or owed to the donor."""
        terms = self.signed.get(who)
        if terms is None or not (terms.is_closed or (terms.use_by is not None and terms.use_by < day)):
            return [line("budget:available", who, part, request=request)]
        return [
            line("budget:resource", who, part, request=request),
            line("income:contribution:returned", who, part, request=request),
            line("liability:donor-refund", who, -part, request=request),
        ]

    def split(self, kind: str, amount: Fraction, *, request: str | None = None, agreement: str | None = None,
              more: list[Line] | None = None) -> dict[str, Fraction]:  # fmt: skip
        """Return what of a movement falls on each contribution of the balance that it reduces."""
        held = self.parts(REDUCED[kind], request, agreement)
        for key, _, base in more or []:
            if key[0] == REDUCED[kind]:
                held[key[1]] += base
        if not held:
            raise Refused(GUARDS[REDUCED[kind]][2])
        return fair(amount, held)

    def own(self, key: str, kind: str, currency: str, amount: Fraction, who: str, day: int) -> None:
        """Interest, charges, administration: what falls on one line."""
        terms = self.signed.get(who)
        if kind in ("interest", "implementer-interest") and terms and not terms.keeps_interest:
            raise Refused("interest-not-kept")
        if terms and terms.is_closed:
            raise Refused("contribution-closed")
        parts = {who: self.base(amount, currency, day)}
        self.move(f"entries|{key}", kind, day, parts, currency=currency, amount=amount)

    def of_allocated(self, key: str, kind: str, amount: Fraction, request: str, who: str, day: int) -> None:
        """Cancel, transfer or let lapse what is allocated to a request; of a purpose, where no request is named."""
        account = REDUCED[kind]
        if kind == "transfer" and request in {one.request for one in self.agreements.values()}:
            raise Refused("transfer-has-agreement")
        if who and self.signed[who].is_closed:
            raise Refused("contribution-closed")
        if not who and not any(known[0] == account and known[2] == request for known in self.totals):
            raise Refused("nothing-allocated")
        parts = {who: amount} if who else self.split(kind, amount, request=request)
        self.move(f"entries|{key}", kind, day, parts, request=request, amount=amount)

    def pay_fees(self, key: str, amount: Fraction, named: str, day: int) -> None:
        owed = {who: -base for who, base in self.parts("liability:fee").items() if named in ("", who)}
        if named and self.signed[named].is_closed:
            raise Refused("contribution-closed")
        if named and amount > owed.get(named, ZERO):
            raise Refused("fees-exceeded")
        self.move(f"entries|{key}", "fee-payment", day, fair(amount, owed) or {FACILITY: amount}, amount=amount)

    def give(self, key: str, who: str, asked: Fraction | None, day: int) -> None:
        amount = max(ZERO, self.held("budget:available", who)) if asked is None else asked
        if not amount:
            raise Refused("nothing-to-move")
        if self.signed[who].is_closed:
            raise Refused("contribution-closed")
        self.move(f"return|{key}", "return", day, {who: amount})

    def refund_donor(self, key: str, who: str, currency: str, amount: Fraction, day: int) -> None:
        parts = {who: self.base(amount, currency, day)}
        self.move(f"donor-refund|{key}", "donor-refund", day, parts, currency=currency, amount=amount)

    # Awards.

    def allocate(self, name: str, request: str, payments: Mapping[str, Fraction], day: int, with_later: bool) -> None:
        """Post an award of a round, from cash first where the round may also decide on what has not come yet."""
        lines: list[Line] = []
        for who, part in payments.items():
            cash = min(part, max(ZERO, self.held("budget:available", who))) if with_later else part
            for account, amount in (
                ("budget:allocated", cash), ("budget:available", -cash),
                ("budget:allocated-uncollected", part - cash), ("budget:resource", cash - part),
            ):  # fmt: skip
                lines.append(line(account, who, amount, request=request))
        self.post(f"allocation|{name}|{request}", "allocation", day, lines)

    def commit(
        self, key: str, request: str, amount: Fraction | None, share: Fraction | None, party: str, day: int
    ) -> None:
        held = {who: part for who, part in self.parts("budget:allocated", request).items() if part > 0}
        free = self.total("budget:allocated", of={2: request})[1]
        if party not in self.cleared:
            raise Refused("clearance-missing")
        if free <= 0:
            raise Refused("nothing-allocated")
        if amount is None:
            amount = Fraction((free * 100 * (share or ZERO)).__floor__(), 100)
        if not amount:
            raise Refused("amount-out-of-range")
        ends = {who: self.signed[who].use_by for who in held if who != FACILITY}
        if any(last is not None and last < day for last in ends.values()):
            raise Refused("ends-after-use-by")
        parts = self.split("commitment", amount, request=request)
        self.move(f"commitment|{key}", "commitment", day, parts, request=request, agreement=key)
        self.agreements[key] = Agreement(request, amount)

    def disburse(
        self, key: str, of: str, tranche: int | None, currency: str, amount: Fraction, base: Fraction, day: int
    ) -> None:
        known = self.agreement(of, "disbursement")
        if known.is_flagged and "audit-flag" not in known.aside:
            raise Refused("audit-flagged")
        payers = {one[1] for one in self.totals if one[0] == "budget:committed" and one[3] == of}
        lacks = any(self.held("budget:available", who) < 0 for who in payers - {FACILITY})
        if lacks and "deficit" not in known.aside:
            raise Refused("contribution-in-deficit")
        if known.tranches or tranche is not None:
            self.refuse_tranche(known, tranche, base)
        parts = self.split("disbursement", base, agreement=of)
        name = f"disbursement|{key}"
        self.move(
            name, "disbursement", day, parts, request=known.request, agreement=of, currency=currency, amount=amount
        )
        known.gone[name] = (tranche or 0, base)

    @staticmethod
    def refuse_tranche(known: Agreement, tranche: int | None, base: Fraction) -> None:
        if tranche is None:
            raise Refused("tranche-missing")
        if tranche not in known.tranches:
            raise Refused("tranche-unknown")
        planned, condition = known.tranches[tranche]
        gone = sum((one for number, one in known.gone.values() if number == tranche), ZERO)
        if gone + base > planned:
            raise Refused("tranche-exceeded")
        if condition and tranche not in known.met and "tranche-condition" not in known.aside:
            raise Refused("tranche-condition-unmet")

    def agreement(self, of: str, kind: str) -> Agreement:
        if of not in self.agreements:
            raise Refused("commitment-unknown")
        known = self.agreements[of]
        if "financial" in known.stages and kind not in ("recovery", "disallowance"):
            raise Refused("commitment-closed")
        return known

    def of_agreement(self, key: str, kind: str, of: str, currency: str, amount: Fraction | None, day: int) -> None:
        """Refund, release, disallow or recover."""
        known = self.agreement(of, kind)
        if amount is None:
            amount = self.total("budget:committed", of={3: of})[1]
            if not amount:
                raise Refused("nothing-to-move")
        parts = self.split(kind, self.base(amount, currency, day), agreement=of)
        self.move(
            f"{kind}|{key}", kind, day, parts, request=known.request, agreement=of, currency=currency, amount=amount
        )

    def spend(self, key: str, of: str, currency: str, amount: Fraction, status: str, replaces: str, day: int) -> None:
        known = self.agreement(of, "expenditure")
        old = self.journal.get(f"expenditure|{replaces}")
        if replaces and not (
            old and old.agreement == of and old.is_standing and known.reports[replaces] == "provisional"
        ):
            raise Refused("expenditure-unknown")
        back = turned(old.lines) if old else []
        parts = self.split("expenditure", self.base(amount, currency, day), agreement=of, more=back)
        name = f"expenditure|{key}"
        # What is replaced is taken back in an entry of its own, of the same day.
        self.move(name, "expenditure", day, parts, request=known.request, agreement=of, before=back)
        if old:
            old.is_standing = False
            self.journal[name].lines = self.journal[name].lines[len(back) :]
            replaced = f"reversal|expenditure|{replaces}"
            self.post(replaced, "expenditure-replaced", day, [], agreement=of)
            self.journal[replaced].lines = back
        known.reports[key] = status

    def close_agreement(self, of: str, stage: str) -> None:
        known = self.agreements[of]
        left = [
            self.total(one, of={3: of})[1]
            for one in ("budget:committed", "asset:advance", "asset:receivable:implementer")
        ]
        reports = [
            key for key, status in known.reports.items()
            if status == "provisional" and self.journal[f"expenditure|{key}"].is_standing
        ]  # fmt: skip
        stands = any(left) or reports or "operational" not in known.stages
        if stage == "financial" and "financial" not in known.stages and stands:
            raise Refused("closure-refused")
        known.stages.add(stage)

    # Exchange, periods, corrections.

    def exchange(self, key: str, currency: str, amount: Fraction, into: str, other: Fraction, day: int) -> None:
        if currency == into:
            raise Refused("exchange-of-one-currency")
        base = amount if currency == "USD" else other if into == "USD" else self.base(amount, currency, day)
        lines = []
        for moved, money, sign in ((currency, amount, -1), (into, other, 1)):
            lines.append(line(CASH, "", sign * money, sign * base, currency=moved))
            lines.append(line(f"equity:conversion:{moved}", "", -sign * money, -sign * base, currency=moved))
        self.post(f"exchange|{key}", "exchange", day, lines)

    def revalue(self, day: int) -> None:
        """Bring cash to the rates of a day for good, and claims for that day alone."""
        cash: list[Line] = []
        claims: list[Line] = []
        standing: dict[tuple[str, str, str], list[Fraction]] = {}
        for key, value in self.at(day).items():
            if key[4] != "USD" and key[0] in (CASH, *CLAIMS):
                whose = FACILITY if key[0] == CASH else key[1]
                sums = standing.setdefault((key[0], whose, key[4]), [ZERO, ZERO])
                sums[0], sums[1] = sums[0] + value[0], sums[1] + value[1]
        for (account, who, currency), (amount, base) in standing.items():
            gain = self.base(amount, currency, day) - base
            moved = [line(account, who, ZERO, gain, currency=currency), exchanged(who, gain, currency)]
            if account == CASH:
                cash += [*moved, line("budget:available", who, gain), line("budget:resource", who, -gain)]
            else:
                claims += moved
        name = f"revaluation|{day}|{len(self.journal)}"
        self.post(f"{name}|cash", "revaluation", day, cash, is_guarded=False)
        self.post(f"{name}|claims", "revaluation", day, claims, is_guarded=False)
        self.post(f"{name}|back", "revaluation", day + 1, turned(claims), is_guarded=False)

    def reverse(self, name: str, day: int) -> None:
        entry = self.journal[name]
        if entry.kind in UNDONE_OTHERWISE:
            raise Refused("reversal-refused")
        if not entry.is_standing:
            raise Refused("reversed-already")
        known = self.agreements.get(entry.agreement)
        if known and "financial" in known.stages and entry.kind not in ("recovery", "disallowance"):
            raise Refused("commitment-closed")
        lines = list(entry.lines)
        receipt = self.applications.get(entry.of) if entry.kind == "application" else None
        if receipt:
            lines += self.journal[f"fee|{name}"].lines
        self.refuse_closed(turned(entry.lines))
        self.post(f"reversal|{name}", "reversal", day, turned(lines), agreement=entry.agreement)
        entry.is_standing = False
        if receipt:
            self.give_back(self.applications.pop(entry.of))
        if entry.kind == "write-off":
            key, amount, base = entry.lines[0]
            self.signed[key[1]].claims["receivable"].back(amount, base)
        if known and entry.kind == "disbursement":
            del known.gone[name]

    def refuse_closed(self, lines: list[Line]) -> None:
        """Refuse what would put something back on a closed contribution that must stay at nothing."""
        moved: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for key, amount, _ in lines:
            if key[1] in self.signed and self.signed[key[1]].is_closed and key[0] in AT_NOTHING:
                moved[key[:2]] += amount if key[0] != "liability:unapplied-receipts" else -amount
        if any(amount > 0 for amount in moved.values()):
            raise Refused("contribution-closed")

    def stands_against_closing(self, who: str) -> bool:
        """Return whether anything of a contribution is still to come or to go."""
        return any(any(self.total(account, of={1: who})) for account in TO_COME)
