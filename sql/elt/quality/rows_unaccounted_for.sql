-- grain:    one row per live load whose row counts do not add up
-- level:    error
-- reads:    elt.live_load, elt.load, elt.reject
-- careful:  rows_staged is the row count that PostgreSQL reported for COPY. Rows purged since then count as they did at
--           that time
create or replace view quality.rows_unaccounted_for as
select
    load.source,
    load.load_id,
    load.rows_read,
    load.rows_staged,
    rejected.reject_count + load.rejects_purged as rows_rejected
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
-- One load at a time, because the rejects of past loads can be many.
cross join lateral (
    select count(*) as reject_count
    from elt.reject
    where reject.load_id = load.load_id
) as rejected
where load.rows_read <> load.rows_staged + rejected.reject_count + load.rejects_purged;

comment on view quality.rows_unaccounted_for is
    'Loads in which some rows that were read are neither staged nor rejected.';
