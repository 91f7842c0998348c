"""The journal: how what happened becomes balanced entries, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgers.journal.imports import Compared, compare, compare_row
from ledgers.journal.post import book_digest, post

if TYPE_CHECKING:
    from ledgers.journal.consequences import LeftOut

__all__ = ["Compared", "LeftOut", "book_digest", "compare", "compare_row", "post"]
