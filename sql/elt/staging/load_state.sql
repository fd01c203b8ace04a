-- grain:    one row per load
-- reads:    elt.load, PostgreSQL's catalogue
-- used by:  elt loads, elt serve, elt.load_status
-- careful:  a load whose program died no longer holds its advisory lock (6646901, its number). The next elt load or elt
--           gc records that it was interrupted. Without WITH, so that filters and limits reach elt.load
create or replace view elt.load_state as
select
    load.load_id,
    load.source,
    case
        when load.state in ('copying', 'staged') and alive.load_id is null then 'interrupted'
        else load.state
    end as state,
    case
        when load.state = 'purged' then 'purged'
        when load.live_publish_id is not null then 'live'
        when load.rolled_back_at is not null then 'rolled back'
        when load.state in ('copying', 'staged') and alive.load_id is null then 'interrupted'
        else load.state
    end as state_in_words,
    alive.load_id is not null as is_running,
    load.location,
    load.replay_location,
    load.started_at
from elt.load
left join (
    select distinct pg_locks.objid::bigint as load_id
    from pg_catalog.pg_locks
    inner join pg_catalog.pg_database on pg_locks.database = pg_database.oid
    where
        pg_locks.locktype = 'advisory'
        and pg_database.datname = current_database()
        and pg_locks.classid = 6646901
        and pg_locks.objsubid = 2
        and pg_locks.granted
) as alive on load.load_id = alive.load_id;

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
