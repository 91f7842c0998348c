-- The entries as hledger reads them. One row a posting, that of an entry's first with the entry's own lines before it.
--   $as_of, $known_at, $in_base, $accounts, $names, $currencies, $places  as in `lines.sql`
-- Ordered by entry date, entry, line.
select
    case when is_first then
        chr(10) || entry_date::varchar || ' (' || hledger_code(reference) || ') ' || coalesce(hledger_text(payee) || ' | ', '') || hledger_text(narration) || chr(10)
        || '    ; kind: ' || hledger_value(kind) || ', entry: ' || entry_id || ', recorded: ' || ledger_moment(recorded_at) || chr(10)
        || coalesce('    ; purpose: ' || hledger_value(purpose) || chr(10), '')
    else '' end
    || '    ' || name || '  ' || amount
    || coalesce('  ; ' || nullif(concat_ws(', ',
        'base: ' || base, 'original: ' || original, 'rate-date: ' || rate_date::varchar,
        'contribution: ' || hledger_value(contribution_id), 'request: ' || hledger_value(request_id)), ''), '')
    || chr(10) as text
from ledger_lines($as_of, $known_at, $in_base, $accounts, $names, $currencies, $places)
order by entry_date, entry_id, line
