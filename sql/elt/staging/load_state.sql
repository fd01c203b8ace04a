-- grain:    one row per load
-- reads:    elt.load, PostgreSQL's catalogue
-- used by:  elt loads, elt serve, elt.load_status
-- careful:  a load whose program died no longer holds its advisory lock (6646901, its number; for a batch, that of
--           the first load). The next elt load or elt
--           gc records that it was interrupted. Without WITH, so that filters and limits reach elt.load
create or replace view elt.load_state as
select
    load.load_id,
    load.source,
    case
        when load.state in ('copying', 'staged') and alive.objid is null then 'interrupted'
        else load.state
    end as state,
    case
        when load.state = 'purged' then 'purged'
        when load.live_publish_id is not null then 'live'
        when load.rolled_back_at is not null then 'rolled back'
        when load.state in ('copying', 'staged') and alive.objid is null then 'interrupted'
        else load.state
    end as state_in_words,
    alive.objid is not null as is_running,
    load.location,
    load.replay_location,
    load.started_at
from elt.load
left join pg_catalog.pg_locks as alive
    on
        coalesce(load.batch_load_id, load.load_id) = alive.objid::bigint
        and alive.locktype = 'advisory'
        and alive.classid = 6646901
        and alive.objsubid = 2
        and alive.granted
        -- Several sessions may hold a shared lock.
        and alive.mode = 'ExclusiveLock'
        and alive.database = (
            select pg_database.oid
            from pg_catalog.pg_database
            where pg_database.datname = current_database()
        );

comment on view elt.load_state is 'Every load with its state and what lists of loads filter by. elt.load_status has the rest.';
comment on column elt.load_state.load_id is 'Number of the load.';
comment on column elt.load_state.source is 'Source that was loaded.';
comment on column elt.load_state.state is
    'State as in elt.load. Also interrupted if its program died and this is not recorded yet.';
comment on column elt.load_state.state_in_words is
    'State for people: live, rolled back, or as state. A published load that another one replaced is published.';
comment on column elt.load_state.is_running is 'Whether its program is alive.';
comment on column elt.load_state.location is 'Path of the file, or address of the API.';
comment on column elt.load_state.replay_location is
    'Path of the file of corrected rejects (elt load --replay). Null for other loads.';
comment on column elt.load_state.started_at is 'When it started.';
