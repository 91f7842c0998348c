"""Which kinds of files have rules about several cells of a row; told apart so that commands need not load them."""

from __future__ import annotations

RULED_KINDS = frozenset({"contributions", "requests", "entries", "commitments", "expenditures", "clearances"})
