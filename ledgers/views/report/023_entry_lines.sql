-- One row per posting, read from the journal's own table alone: sums over millions of postings need no join.
create or replace view report.entry_lines as
select
    p.entry_id, p.line, p.account,
    case when p.account like 'budget:%' then 'budget' when p.account like 'memo:%' then 'memo' else 'money' end as family,
    p.currency, p.amount, p.base_amount, p.contribution_id, p.request_id, p.commitment_id, p.party_id
from ledger.posting p;

comment on view report.entry_lines is 'One row per posting, without its entry''s dates and words and its rate: the same postings as in postings, for sums over the whole journal, several times faster.';
comment on column report.entry_lines.entry_id is 'the entry; its dates and words are in entries';
comment on column report.entry_lines.line is 'the posting''s place in its entry';
comment on column report.entry_lines.account is 'hledger-style account name';
comment on column report.entry_lines.family is 'money, budget or memo: each family of accounts balances by itself, in each currency and in the book''s';
comment on column report.entry_lines.currency is 'currency of amount';
comment on column report.entry_lines.amount is 'signed amount in currency, debit positive';
comment on column report.entry_lines.base_amount is 'the same amount in the book''s currency, converted once, when it was posted';
comment on column report.entry_lines.contribution_id is 'whose money, where the posting uses or brings money';
comment on column report.entry_lines.request_id is 'for which request, where it is for one';
comment on column report.entry_lines.commitment_id is 'of which grant agreement, where the posting is of one';
comment on column report.entry_lines.party_id is 'the donor, or the implementer, that the posting has to do with, where it has';
