"""What the book says about one round and one decision of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.scope import Scope, found

ZERO = Decimal(0)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything the book says about one round and one decision of it, or none."""

    scope: Scope
    round: Record
    decision: Record | None
    awards: list[Record]
    award_countries: list[Record]
    payments: list[Record]
    refusals: list[Record]
    limits: list[Record]
    approvals: list[Record]
    contributions: list[Record]
    windows: list[Record]
    overrides: list[Record]

    @property
    def currency(self) -> str:
        """Return the round's currency."""
        return str(self.round["currency"])

    @property
    def resources(self) -> Decimal:
        """Return what the round could decide on."""
        return self.scope.money(self.round["resources"])

    @property
    def receivable(self) -> Decimal:
        """Return how much of that was signed for and not yet received when the round opened."""
        return self.scope.money(sum((row["receivable"] for row in self.contributions), ZERO))

    @property
    def requested(self) -> Decimal:
        """Return what its requests ask for together."""
        return self.scope.money(self.round["requested"])

    @property
    def conflict(self) -> tuple[str, ...]:
        """Return the names of limits that cannot hold together; empty when the decision is possible."""
        text = self.decision["body"] if self.decision else None
        return tuple(json.loads(text).get("conflict", ())) if text else ()

    @property
    def override_prices(self) -> dict[str, str]:
        """Return what each override costs by the decision's own reckoning, by request; empty when it does not say."""
        text = self.decision["overrides"] if self.decision else None
        kept = json.loads(text) if text else []
        return {row["request"]: _interval(row["price"]) for row in kept if row.get("price") is not None}

    @property
    def stages(self) -> list[Record]:
        """Return every step of every objective as the decision tells it; none where there is only the first."""
        text = self.decision["stages"] if self.decision else None
        return json.loads(text) if text else []

    @property
    def refused(self) -> int:
        """Return how many requests got nothing."""
        return len({row["request_id"] for row in self.refusals if not row["awarded"]})

    @property
    def awarded(self) -> Decimal:
        """Return what the decision awards in all."""
        return self.scope.money(self.decision["awarded"] if self.decision else ZERO)


def minutes_of(scope: Scope, round_id: str, decision: str | None) -> Minutes:
    """Return the minutes of a round and of the decision asked for, or of the one that stands.

    Raises:
        SubjectUnknown: the book has no such round or decision.
    """
    known = [row["round_id"] for row in scope.records("round_ids")]
    name = found("round", round_id, known)
    header = scope.records("round", round_id=name)[0]
    chosen = _chosen(scope.records("round_decisions", round_id=name), decision)
    key = {"round_id": name, "decision": chosen["decision"] if chosen else None}
    return Minutes(
        scope=scope,
        round=header,
        decision=chosen,
        awards=scope.records("round_awards", **key),
        award_countries=scope.records("round_award_countries", **key),
        payments=scope.records("round_payments", **key),
        refusals=scope.records("round_refusals", **key),
        limits=scope.records("round_limits", **key),
        approvals=scope.records("round_approvals", **key),
        contributions=scope.records("round_contributions", **key),
        windows=scope.records("round_windows", **key),
        overrides=scope.records("round_overrides", round_id=name),
    )


def _chosen(decisions: Sequence[Record], wanted: str | None) -> Record | None:
    """Return the decision asked for; without a wish the one that stands, else the last."""
    if wanted is not None:
        bare = wanted.removeprefix("sha256:")
        matches = [row for row in decisions if bare and row["decision"].removeprefix("sha256:").startswith(bare)]
        if len(matches) == 1:
            return matches[0]
        found("decision", wanted, [row["decision"] for row in decisions])
    standing = [row for row in decisions if row["stands"]] or list(decisions)
    return standing[-1] if standing else None


def _interval(price: Record) -> str:
    """Return a price as a reader sees it: what it is at least and at most, to whole points."""
    least, most = (Decimal(price[side]) for side in ("at_least", "at_most"))
    return f"{least:,.0f}" if least == most else f"{least:,.0f} to {most:,.0f}"
