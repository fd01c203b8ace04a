-- reads:    elt.load
-- used by:  elt.merge_rows
-- careful:  a load that replays another is as late as the load that it replays
create or replace function elt.later_loads(load_id bigint)
returns bigint[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive file as (
        select
            load.load_id,
            load.load_id as file_load_id
        from elt.load
        where
            load.replayed_load_id is null
            and load.source = (
                select own.source
                from elt.load as own
                where own.load_id = later_loads.load_id
            )
        union all
        select
            load.load_id,
            file.file_load_id
        from file
        inner join elt.load on file.load_id = load.replayed_load_id
    )

    select coalesce(array_agg(later.load_id order by later.load_id), '{}')
    from file as own
    inner join file as later on own.file_load_id < later.file_load_id
    where own.load_id = later_loads.load_id
$$;

comment on function elt.later_loads(bigint) is
    'Returns the loads of the same source whose files are later. For a load of corrected rejects, the file is the one that the rejects came from.';
