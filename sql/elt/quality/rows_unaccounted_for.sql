-- grain:    one row per live load whose rows do not add up
-- level:    error
-- reads:    elt.live_load, elt.load, elt.reject
-- careful:  rows_staged is what PostgreSQL itself reported of the COPY; what was purged since counts as
--           it did then
create or replace view quality.rows_unaccounted_for as
select
    load.source,
    load.load_id,
    load.rows_read,
    load.rows_staged,
    rejected.reject_count + load.rejects_purged as rows_rejected
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
-- One by one: rejects of loads that were are many in the end.
cross join lateral (
    select count(*) as reject_count
    from elt.reject
    where reject.load_id = load.load_id
) as rejected
where load.rows_read <> load.rows_staged + rejected.reject_count + load.rejects_purged;

comment on view quality.rows_unaccounted_for is
    'Loads with rows that were read and are neither staged nor rejected: must never be.';
