"""The journal: how what happened becomes balanced entries, and what follows from them."""

from ledgers.journal.imports import TakenIn, take_in
from ledgers.journal.post import book_digest, post

__all__ = ["TakenIn", "book_digest", "post", "take_in"]
