"""The digest of an entry's content, reckoned by a reading of its own.

The book makes digests in SQL while it posts. This module says in Python what they are of, and shares nothing with the
code that wrote them, so a slip in the one is seen by the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any


def content_digest(entry: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 that an entry of this content has.

    The text that is digested: reference, kind, entry date, purpose and narration, each ended by an upright stroke; then
    the postings in the order of their lines, separated by semicolons, each with line, account, currency, amount, base
    amount, contribution, request and party (donor or implementer), and the grant agreement where there is one,
    separated by colons. Amounts have four places; what else is absent is empty.

    Args:
        entry: `reference`, `kind`, `entry_date`, `purpose`, `narration`.
        lines: Of each posting `line`, `account`, `currency`, `amount`, `base_amount`, `contribution_id`, `request_id`,
            `party_id`, `commitment_id`.
    """
    said = [entry["reference"], entry["kind"], entry["entry_date"].isoformat(), entry["purpose"], entry["narration"]]
    postings = ";".join(_posting(line) for line in sorted(lines, key=lambda each: each["line"]))
    text = "".join(f"{part or ''}|" for part in said) + postings
    return hashlib.sha256(text.encode()).hexdigest()


def _posting(line: Mapping[str, Any]) -> str:
    amounts = [f"{line[name]:.4f}" for name in ("amount", "base_amount")]
    whose = [line[name] or "" for name in ("contribution_id", "request_id", "party_id")]
    agreement = [line["commitment_id"]] if line["commitment_id"] else []
    return ":".join([str(line["line"]), line["account"], line["currency"], *amounts, *whose, *agreement])
