-- The entries as beancount reads them. One row a posting, that of an entry's first with the entry's own lines before it.
--   $as_of, $known_at, $in_base, $accounts, $names, $currencies, $places  as in `lines.sql`
-- Ordered by entry date, entry, line.
select
    case when is_first then
        chr(10) || entry_date::varchar || ' * ' || coalesce(beancount_text(payee) || ' ', '') || beancount_text(narration)
        || ' #' || beancount_link(kind) || ' ^' || beancount_link(reference) || chr(10)
        || '  entry: ' || entry_id || chr(10)
        || '  recorded: "' || ledger_moment(recorded_at) || '"' || chr(10)
        || coalesce('  purpose: ' || beancount_text(purpose) || chr(10), '')
    else '' end
    || '  ' || name || '  ' || amount || chr(10)
    || coalesce('    base: ' || base || chr(10), '')
    || coalesce('    original: ' || original || chr(10), '')
    || coalesce('    rate-date: ' || rate_date::varchar || chr(10), '')
    || coalesce('    contribution: ' || beancount_text(contribution_id) || chr(10), '')
    || coalesce('    request: ' || beancount_text(request_id) || chr(10), '') as text
from ledger_lines($as_of, $known_at, $in_base, $accounts, $names, $currencies, $places)
order by entry_date, entry_id, line
