-- reads:    elt.load, elt.source, elt.refresh_sources, elt.replace_files, elt.merge_batch, elt.merge_load, elt.merge_earlier,
--           elt.add_publish_change, elt.source_core
-- used by:  elt.publish_loads
create or replace function elt.make_live(publish_id bigint, load_ids bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    replaced text[];
    merged record;
    change record;
begin
    select array_agg(load.source)
    into replaced
    from elt.load
    inner join elt.source on load.source = source.source
    where load.load_id = any(load_ids) and source.mode = 'replace';

    -- All pointers are moved first, because a core query may read several sources.
    insert into elt.live_pointer (source, load_id, publish_id)
    select
        load.source,
        load.load_id,
        make_live.publish_id
    from elt.load
    where load.load_id = any(load_ids) and load.source = any(replaced)
    order by load.source
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;
    if replaced is not null then
        perform elt.refresh_sources(publish_id, replaced);
    end if;
    update elt.load
    set live_publish_id = null
    where
        load.source = any(replaced)
        and load.live_publish_id is not null
        and load.load_id <> all(load_ids);
    update elt.load
    set
        state = 'published',
        live_publish_id = make_live.publish_id,
        core_sha256 = source_core.core_sha256,
        rolled_back_at = null
    from elt.source_core
    where
        load.load_id = any(load_ids)
        and load.source = source_core.source
        and load.source = any(replaced);

    perform elt.replace_files(publish_id, load_ids);
    for merged in
        select
            load.source,
            array_agg(load.load_id order by load.load_id) as load_ids,
            -- Corrected records are as old as their file, and may be older than live loads.
            count(*) > 1 and not bool_or(load.replayed_load_id is not null) as is_batch,
            -- They were held while later loads were published.
            exists (
                select 1
                from elt.load as live
                where
                    live.source = load.source
                    and live.live_publish_id is not null
                    and live.load_id > min(load.load_id)
            ) as is_earlier
        from elt.load
        where load.load_id = any(load_ids) and load.source <> all(coalesce(replaced, '{}'))
        group by load.source
        order by min(load.load_id)
    loop
        if merged.is_earlier then
            perform elt.merge_earlier(publish_id, merged.source, merged.load_ids);
            continue;
        end if;
        for change in
            select batch.*
            from elt.merge_batch(publish_id, merged.source, merged.load_ids) as batch
            where merged.is_batch
            union all
            select single.*
            from unnest(merged.load_ids) as named (load_id)
            cross join lateral elt.merge_load(publish_id, named.load_id) as single
            where not merged.is_batch
        loop
            perform elt.add_publish_change(
                publish_id, change.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
            );
        end loop;
    end loop;
end
$$;

comment on function elt.make_live(bigint, bigint[]) is
    'Moves the live pointers of sources to loads and updates core from these loads.';
