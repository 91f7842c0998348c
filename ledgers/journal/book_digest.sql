-- One row: the SHA-256 over all entries' digests in the order of their ids.
select sha256(coalesce(string_agg(digest, '' order by entry_id), '')) from ledger.entry
