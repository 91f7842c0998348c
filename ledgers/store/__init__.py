"""The DuckDB file of one facility, and the one lane through which anything is written to it."""

from ledgers.store.book import Book, BookBusy, BookExists, BookMissing, BookUnreadable, DiskFull, Lane
from ledgers.store.sql import query_text

__all__ = ["Book", "BookBusy", "BookExists", "BookMissing", "BookUnreadable", "DiskFull", "Lane", "query_text"]
