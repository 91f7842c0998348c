"""Stored rounds: what was frozen and held, what was decided, who approved, and how a decision reaches the journal."""

from ledgers.rounds.decided import Decided, alterations, approve, decision_of, decisions_of, store_decision
from ledgers.rounds.frozen import Header, frozen_round, header
from ledgers.rounds.opening import cancel_round, open_round
from ledgers.rounds.posting import post_decision

__all__ = [
    "Decided",
    "Header",
    "alterations",
    "approve",
    "cancel_round",
    "decision_of",
    "decisions_of",
    "frozen_round",
    "header",
    "open_round",
    "post_decision",
    "store_decision",
]
