-- One row per grant agreement that has ended and is not closed financially.
--   $on  the day
-- Ordered by the end.
select 'agreement ended, not closed' as what, commitment_id as subject, least(ends_on, ended_on) as since, committed + advance + owed as amount, book_currency as currency,
    case when committed + advance + owed = 0 then 'nothing is outstanding'
        else concat_ws(', ', case when committed <> 0 then 'committed ' || ledger.printed(committed, book_currency) end, case when advance <> 0 then 'advance ' || ledger.printed(advance, book_currency) end,
            case when owed <> 0 then 'owed ' || ledger.printed(owed, book_currency) end) end as detail,
    case when committed > 0 then 'facility grant release ' || commitment_id || ' --reason ...'
        else 'facility grant close ' || commitment_id || case when ended_on is null then '' else ' --financial' end || ' --reason ...' end as command
from report.commitments
where closed_on is null and (ends_on < $on or ended_on <= $on)
order by since, commitment_id
