-- grain:    one row per load
-- reads:    elt.load, elt.reject, elt.staging_leftover, PostgreSQL's catalogue
-- used by:  elt loads, elt status, elt gc, elt.load_finding
-- careful:  a load whose program died holds its advisory lock (6646901, its number) no more; the next elt load or elt
--           gc writes down that it was interrupted. Partitions are looked up in the catalogue, since who reads may not
--           enter schema staging
create or replace view elt.load_status as
with alive as (
    select pg_locks.objid::bigint as load_id
    from pg_catalog.pg_locks
    inner join pg_catalog.pg_database on pg_locks.database = pg_database.oid
    where
        pg_locks.locktype = 'advisory'
        and pg_database.datname = current_database()
        and pg_locks.classid = 6646901
        and pg_locks.objsubid = 2
        and pg_locks.granted
)

select
    load.load_id,
    load.source,
    case
        when load.state in ('copying', 'staged') and alive.load_id is null then 'interrupted'
        else load.state
    end as state,
    load.live_publish_id is not null as is_live,
    load.location,
    load.rows_staged,
    load.rows_rejected,
    load.rows_purged,
    (
        select count(*)
        from elt.reject
        where reject.load_id = load.load_id and reject.replaced_by_load_id is null
    ) as rejects_open,
    case
        when load.staging_dropped_at is null
            then (
                select coalesce(sum(pg_total_relation_size(tree.relid)), 0)::bigint
                from pg_catalog.pg_class
                cross join lateral pg_partition_tree(pg_class.oid::regclass) as tree
                where
                    pg_class.relnamespace = 'staging'::regnamespace
                    and pg_class.relname = load.source || '_load_' || load.load_id
            )
        else 0
    end as staging_bytes,
    load.replayed_load_id,
    load.loaded_by,
    load.started_at,
    coalesce(
        load.finished_at,
        case when alive.load_id is not null then now() end,
        load.staged_at,
        load.started_at
    ) - load.started_at as duration,
    staging_leftover.reason as leftover_reason,
    load.error,
    load.rolled_back_at
from elt.load
left join alive on load.load_id = alive.load_id
left join elt.staging_leftover on load.load_id = staging_leftover.load_id;

comment on view elt.load_status is
    'Every load: what became of it, whether it is live, and the space that it takes.';
comment on column elt.load_status.load_id is 'Number of the load.';
comment on column elt.load_status.source is 'Source that was loaded.';
comment on column elt.load_status.state is
    'As in elt.load; interrupted also where a program died and nobody has written that down yet.';
comment on column elt.load_status.is_live is 'Whether it is part of what core and the views show.';
comment on column elt.load_status.location is 'Path of the file, or address of the API.';
comment on column elt.load_status.rows_staged is 'Rows that were copied into staging; null if it did not come that far.';
comment on column elt.load_status.rows_rejected is 'Records that could not be staged; null if it did not come that far.';
comment on column elt.load_status.rows_purged is 'How many of rows_staged were removed since (elt purge).';
comment on column elt.load_status.rejects_open is 'How many of them are kept, and nothing took their place yet.';
comment on column elt.load_status.staging_bytes is 'Space that its rows take in staging; 0 once they are dropped.';
comment on column elt.load_status.replayed_load_id is 'Load whose rejects it has corrected (elt load --replay); null for others.';
comment on column elt.load_status.loaded_by is 'Database role.';
comment on column elt.load_status.started_at is 'When it began.';
comment on column elt.load_status.duration is 'How long it took, or has taken so far.';
comment on column elt.load_status.leftover_reason is
    'Why elt gc drops its rows from staging; null if they are needed, or are not there.';
comment on column elt.load_status.error is 'Why it failed or was refused; null otherwise.';
comment on column elt.load_status.rolled_back_at is 'When elt rollback took it out of what is live; null otherwise.';
