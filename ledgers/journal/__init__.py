"""The journal: how what happened becomes balanced entries, and what follows from them."""

from ledgers.journal.consequences import LeftOut
from ledgers.journal.imports import Compared, compare
from ledgers.journal.post import book_digest, post

__all__ = ["Compared", "LeftOut", "book_digest", "compare", "post"]
