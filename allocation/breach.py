"""One rule that a decision breaks, as the verifier tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a decision breaks.

    Attributes:
        rule: One of `RULES`.
        who: The request, contribution, limit or field concerned.
        found: What the decision says or does.
        allowed: What the rule allows or what was reckoned instead.
    """

    rule: str
    who: str
    found: str
    allowed: str

    def __str__(self) -> str:
        """Return the breach as one line."""
        return f"{self.rule}: {self.who}: {self.found}, against {self.allowed}"
