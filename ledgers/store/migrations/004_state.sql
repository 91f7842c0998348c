-- What follows from the rows: the version that counts, the state of a round, what is free and what is held.

-- One row a contribution: its latest version.
create view ledger.contribution_now as
select c.* from ledger.contribution c
join (select contribution_id, max(version) as version from ledger.contribution group by contribution_id) last using (contribution_id, version);

-- One row a round: open, cancelled or posted, and the posted decision.
create view ledger.round_state as
select r.round_id, coalesce(ended.event, 'open') as state, ended.decision
from ledger.round r left join ledger.round_event ended on ended.round_id = r.round_id and ended.event in ('cancelled', 'posted');

-- One row a contribution with entries: what is free to allocate, book currency, before holds.
create view ledger.contribution_available as
select contribution_id, sum(amount) as available from ledger.posting where account = 'budget:available' group by contribution_id;

-- One row a contribution held by at least one open round.
create view ledger.contribution_held as
select h.contribution_id, sum(h.available) as held
from ledger.round_contribution h join ledger.round_state s using (round_id) where s.state = 'open' group by h.contribution_id;

-- One row a contribution and request: allocated to it net of releases, whatever the stage since.
create view ledger.contribution_request as
select contribution_id, request_id, sum(amount) as allocated
from ledger.posting
where request_id is not null and account in ('budget:allocated', 'budget:committed', 'budget:disbursed')
group by contribution_id, request_id having sum(amount) <> 0;
