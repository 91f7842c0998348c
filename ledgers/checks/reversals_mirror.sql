-- What takes back an entry, and the fee that it bore, has their lines the other way round: of all together nothing is left on any account, of any contribution, request or agreement. One row a breach.
with line as (
    select r.entry_id, p.account, p.currency, p.amount, p.base_amount, p.contribution_id, p.request_id, p.commitment_id
    from ledger.reversal r
    join ledger.entry e on e.entry_id = r.reversed_entry_id
    left join ledger.entry f on f.reference = 'fee|' || e.reference
    join ledger.posting p on p.entry_id in (r.entry_id, r.reversed_entry_id, f.entry_id)
),
left_over as (
    select entry_id from line group by entry_id, account, currency, contribution_id, request_id, commitment_id having sum(amount) <> 0 or sum(base_amount) <> 0
)
select distinct 'entry ' || r.entry_id || ' does not take back entry ' || r.reversed_entry_id || ' line by line' as finding from left_over join ledger.reversal r using (entry_id)
union all
select 'entry ' || e.entry_id || ' takes back no entry' from ledger.entry e
where e.kind in ('reversal', 'expenditure-replaced') and not exists (select 1 from ledger.reversal r where r.entry_id = e.entry_id)
order by finding
