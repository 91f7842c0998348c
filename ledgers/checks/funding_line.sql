-- Every donor's money can be followed: by the accounts of money, what came in on a contribution, less what is owed out of it and with what went to implementers still
-- counted, is what its stages hold together: available, under conditions, allocated, committed and disbursed. Opening balances stand on their own: the old books' cash
-- is of no contribution. One row a contribution of which it is not so.
with line as (
    select contribution_id,
        coalesce(sum(base_amount) filter (account like 'asset:cash:%' or account like 'equity:conversion:%' or account in ('asset:advance', 'expense:programme',
            'asset:receivable:implementer', 'expense:transfer', 'expense:fee:direct', 'liability:unapplied-receipts', 'liability:fee', 'liability:donor-refund')), 0) as money,
        coalesce(sum(base_amount) filter (account in ('budget:available', 'budget:conditional', 'budget:allocated', 'budget:committed', 'budget:disbursed')), 0) as stages
    from ledger.posting p join ledger.entry e using (entry_id) where p.contribution_id is not null and e.kind <> 'opening' group by contribution_id
)
select 'the stages of ' || contribution_id || ' hold ' || stages || ', and its money comes to ' || money as finding from line where money <> stages order by finding
