-- reads:    elt.load, elt.retained_load, elt.has_replaced_rows, elt.take_back
-- used by:  elt.publish_loads
-- careful:  live loads that are later than a restored one are undone too, and merged again: they keep the rows of the
--           restored load that they change, so that they can be undone
create or replace function elt.roll_back(publish_id bigint, load_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    rolled_back text;
    undone bigint[];
    redone bigint[];
    lost bigint;
    later bigint[];
begin
    select load.source
    into strict rolled_back
    from elt.load
    where load.load_id = roll_back.load_id;

    select
        array_agg(load.load_id),
        max(load.load_id) filter (where retained_load.load_id is null)
    into undone, lost
    from elt.load
    left join elt.retained_load on load.load_id = retained_load.load_id
    where
        load.source = rolled_back
        and load.load_id > roll_back.load_id
        and load.live_publish_id is not null;
    if lost is not null then
        raise exception 'cannot undo load %: its rows are no longer in staging', lost
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    -- Files that came again, and whose older bytes these loads replaced, possibly several times.
    with recursive replaced as (
        select load.load_id
        from elt.load
        where load.replaced_by_load_id = any(undone)
        union
        select load.load_id
        from replaced
        inner join elt.load on replaced.load_id = load.replaced_by_load_id
        where replaced.load_id > roll_back.load_id
    ),

    restored as (
        update elt.load
        set
            replaced_by_load_id = null,
            rolled_back_at = case when load.load_id > roll_back.load_id then now() end
        from replaced
        where load.load_id = replaced.load_id
        returning load.load_id, load.staging_dropped_at
    )

    select
        coalesce(array_agg(restored.load_id), '{}'),
        max(restored.load_id) filter (where restored.staging_dropped_at is not null)
    into redone, lost
    from restored
    where restored.load_id <= roll_back.load_id;
    if lost is not null then
        raise exception 'cannot restore load %, which a later load of its file replaced: its rows are no longer in staging', lost
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    select coalesce(array_agg(retained_load.load_id), '{}')
    into later
    from elt.retained_load
    where
        elt.has_replaced_rows(rolled_back)
        and retained_load.source = rolled_back
        and retained_load.load_id <= roll_back.load_id
        and retained_load.load_id > (select min(named.load_id) from unnest(redone) as named (load_id));
    perform elt.take_back(publish_id, rolled_back, coalesce(undone, '{}') || later, redone || later, null);
end
$$;

comment on function elt.roll_back(bigint, bigint) is
    'Undoes all loads of an append or merge source that are later than this one. Loads of files that they replaced are live again.';
