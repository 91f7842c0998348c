-- The staged grant agreements as movements from what is allocated to a request. A share is of what is allocated to it and not yet committed, down to the unit;
-- where the shares of a file make up the whole, what rounding leaves goes to the largest remainders, then by id.
--   $base  the book's currency    $places  its decimal places
create or replace temp table movement as
with free as (
    select p.request_id, ledger.grains(sum(p.amount)) // ledger.grains_per_unit($places::integer) as units
    from ledger.posting p where p.account = 'budget:allocated' and p.request_id in (select request_id from staged) group by p.request_id
),
shared as (
    select s.*, f.units * (s.share * 100000000)::hugeint // 100000000 as units, f.units * (s.share * 100000000)::hugeint % 100000000 as remainder,
        f.units as whole, sum(s.share) over (partition by s.request_id) = 1 as is_whole
    from staged s left join free f using (request_id)
    where s.share is not null
),
ranked as (
    select *, row_number() over (partition by request_id order by remainder desc, commitment_id) as position, sum(units) over (partition by request_id) as taken
    from shared
)
select s.file, s.line, 'commitment_id' as id_column, s.commitment_id as movement_id, 'commitment|' || s.commitment_id as reference, 'commitment' as kind,
    s.signed_on as entry_date, $base as currency,
    coalesce(s.amount, (select k.amount from ledger.movement k join ledger.entry e using (entry_id) where e.reference = 'commitment|' || s.commitment_id),
        ledger.amount_of((r.units + case when r.is_whole and r.position <= r.whole - r.taken then 1 else 0 end) * ledger.grains_per_unit($places::integer)), 0)::decimal(18, 4)
        as amount,
    null::decimal(18, 4) as given_base, null::varchar as contribution_id, s.request_id, s.commitment_id, s.implementer as party_id, null::integer as tranche,
    null::varchar as purpose, 'commitment ' || s.commitment_id || ' with ' || s.implementer || ' for ' || s.request_id as narration, null::varchar as bank, s.agreement as note,
    concat_ws('|', coalesce(s.amount::varchar, ''), coalesce(s.share::varchar, ''), s.indirect_max::varchar, coalesce(s.starts_on::varchar, ''), coalesce(s.ends_on::varchar, ''),
        coalesce(s.report_due::varchar, '')) as extra
from staged s left join ranked r on r.file = s.file and r.line = s.line
