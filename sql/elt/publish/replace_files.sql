-- reads:    elt.load, elt.source, elt.has_replaced_rows, elt.retained_load, elt.take_back
-- used by:  elt.make_live
-- careful:  rows of a table with a primary key may have been changed by later loads: these are undone too, and merged
--           again
create or replace function elt.replace_files(publish_id bigint, load_ids bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    replaced record;
    later bigint[];
begin
    for replaced in
        with recursive old as (
            select
                load.load_id,
                load.source,
                file.load_id as new_load_id
            from elt.load as file
            inner join elt.source on file.source = source.source and source.mode = 'append'
            inner join elt.load on file.source = load.source and file.file_name = load.file_name
            where
                file.load_id = any(load_ids)
                and load.load_id <> all(load_ids)
                and load.live_publish_id is not null
            union
            -- The corrected records of the old file.
            select
                load.load_id,
                load.source,
                old.new_load_id
            from old
            inner join elt.load on old.load_id = load.replayed_load_id
            where load.live_publish_id is not null
        ),

        marked as (
            update elt.load
            set replaced_by_load_id = old.new_load_id
            from old
            where load.load_id = old.load_id
            returning load.load_id, load.source
        )

        select
            marked.source,
            array_agg(marked.load_id) as load_ids
        from marked
        group by marked.source
    loop
        select coalesce(array_agg(retained_load.load_id), '{}')
        into later
        from elt.retained_load
        where
            elt.has_replaced_rows(replaced.source)
            and retained_load.source = replaced.source
            and retained_load.load_id > (select min(named.load_id) from unnest(replaced.load_ids) as named (load_id))
            and retained_load.load_id <> all(replaced.load_ids);
        perform elt.take_back(publish_id, replaced.source, replaced.load_ids || later, later, null);
    end loop;
end
$$;

comment on function elt.replace_files(bigint, bigint[]) is
    'Removes the rows of live loads of append sources from core if one of these loads has the same file with new bytes.';
