-- reads:    elt.load, elt.load_state
-- used by:  elt.publish_held, elt.discard_loads
-- careful:  locks the loads, so that only one transaction at a time decides about them
create or replace function elt.require_held(load_ids bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    missing bigint;
    other record;
begin
    perform load.load_id
    from elt.load
    where load.load_id = any(load_ids)
    order by load.load_id
    for update;
    select min(named.load_id)
    into missing
    from unnest(load_ids) as named (load_id)
    where named.load_id not in (select load.load_id from elt.load);
    if missing is not null then
        raise exception 'there is no load %', missing
            using errcode = 'no_data_found', hint = 'Held loads are listed by: elt loads --state held';
    end if;
    select
        load_state.load_id,
        load_state.source,
        load_state.state_in_words
    into other
    from elt.load_state
    where load_state.load_id = any(load_ids) and load_state.state <> 'held'
    order by load_state.load_id
    limit 1;
    if found then
        raise exception 'load % of source "%" is not held: it is %', other.load_id, other.source, other.state_in_words
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Held loads are listed by: elt loads --state held';
    end if;
    select
        load.load_id,
        load.source,
        null as state_in_words
    into other
    from elt.load
    where
        load.load_id = any(load_ids)
        and to_regclass(format('staging.%I', load.source || '_load_' || coalesce(load.batch_load_id, load.load_id))) is null
    order by load.load_id
    limit 1;
    if found then
        raise exception 'the rows of load % of source "%" are no longer in staging', other.load_id, other.source
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = format('Load the file again. To remove the record: elt purge load %s', other.load_id);
    end if;
end
$$;

comment on function elt.require_held(bigint[]) is 'Raises an error unless all of these loads are held.';
