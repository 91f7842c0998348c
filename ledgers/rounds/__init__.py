"""Stored rounds: what was frozen and held, what was decided, who approved, and how a decision reaches the journal."""

from ledgers.rounds.decided import Decided, alterations, approve, decision_of, decisions_of, store_decision
from ledgers.rounds.frozen import Header, frozen_cofinance, frozen_round, header
from ledgers.rounds.named import named_requests, request_ids
from ledgers.rounds.opening import cancel_round, open_round
from ledgers.rounds.overrides import Recorded, overrides_of, record_override, standing
from ledgers.rounds.posting import Tie, post_decision

__all__ = [
    "Decided",
    "Header",
    "Recorded",
    "Tie",
    "alterations",
    "approve",
    "cancel_round",
    "decision_of",
    "decisions_of",
    "frozen_cofinance",
    "frozen_round",
    "header",
    "named_requests",
    "open_round",
    "overrides_of",
    "post_decision",
    "record_override",
    "request_ids",
    "standing",
    "store_decision",
]
