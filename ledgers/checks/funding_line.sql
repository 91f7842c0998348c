-- Every donor's money can be followed: by the accounts of money, what came in on a contribution, less what is owed out of it and with what went to implementers still
-- counted, is what its stages hold together: available, under conditions, allocated, committed and disbursed. Receipts that are applied later are money of the
-- contribution that takes them, at what they discharge there. Opening balances stand on their own: the old books' cash is of no contribution. One row a contribution of
-- which it is not so.
with seen as (
    select p.*, coalesce(o.kind, e.kind) = 'application' and p.account <> 'liability:fee' as is_application
    from ledger.posting p join ledger.entry e using (entry_id)
    left join ledger.reversal v on v.entry_id = e.entry_id left join ledger.entry o on o.entry_id = v.reversed_entry_id
    where p.contribution_id is not null and e.kind <> 'opening'
),
line as (
    select contribution_id,
        coalesce(sum(base_amount) filter (not is_application and (account like 'asset:cash:%' or account like 'equity:conversion:%' or account in ('asset:advance', 'expense:programme',
            'asset:receivable:implementer', 'expense:transfer', 'expense:fee:direct', 'liability:unapplied-receipts', 'liability:fee', 'liability:donor-refund'))), 0)
            - coalesce(sum(base_amount) filter (is_application and account in ('asset:receivable', 'asset:promissory-note', 'income:exchange', 'expense:exchange')), 0) as money,
        coalesce(sum(base_amount) filter (account in ('budget:available', 'budget:conditional', 'budget:allocated', 'budget:committed', 'budget:disbursed')), 0) as stages
    from seen group by contribution_id
)
select 'the stages of ' || contribution_id || ' hold ' || stages || ', and its money comes to ' || money as finding from line where money <> stages order by finding
