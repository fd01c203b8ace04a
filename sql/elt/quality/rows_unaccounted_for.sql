-- grain:    one row per live load whose rows do not add up
-- level:    error
-- reads:    elt.live_load, elt.load, elt.reject
-- careful:  rows_staged is what PostgreSQL itself reported of the COPY; what was purged since counts as
--           it did then
create or replace view quality.rows_unaccounted_for as
with rejected as (
    select
        reject.load_id,
        count(*) as reject_count
    from elt.reject
    group by reject.load_id
)

select
    load.source,
    load.load_id,
    load.rows_read,
    load.rows_staged,
    coalesce(rejected.reject_count, 0) + load.rejects_purged as rows_rejected
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
left join rejected on load.load_id = rejected.load_id
where load.rows_read <> load.rows_staged + coalesce(rejected.reject_count, 0) + load.rejects_purged;

comment on view quality.rows_unaccounted_for is
    'Loads with rows that were read and are neither staged nor rejected: must never be.';
