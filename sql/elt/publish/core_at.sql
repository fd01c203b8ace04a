-- reads:    elt.loads_at, elt.comparable_load, elt.filled_table, elt.core_columns, elt.undo_rows, elt.bring_core,
--           elt.live_override, elt.earlier_row
-- used by:  elt diff --export
-- careful:  runs with its owner's rights, as elt.load_rows. Overrides and copies of earlier rows end with the function.
--           The core queries are today's
create or replace function elt.core_at(publish_id bigint, table_name text, kept_as text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    parts record;
    kept text := format('pg_temp.%I', kept_as);
    load_mode text;
    undone bigint[];
    merged bigint[];
    load_number bigint;
begin
    -- Another session may have dropped them since they were chosen. The catalogue says so, the snapshot may not.
    select min(loads.load_id)
    into load_number
    from elt.loads_at(core_at.publish_id, core_at.table_name) as loads
    left join elt.comparable_load on loads.load_id = comparable_load.load_id
    where
        loads.is_missing
        or (loads.action in ('shown', 'merged') and comparable_load.load_id is null);
    if load_number is not null then
        raise exception 'the rows of load % are no longer in staging', load_number
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    select
        filled_table.*,
        source.mode
    into strict target
    from elt.filled_table
    inner join elt.source on source.source = filled_table.sources[1]
    where filled_table.table_name = core_at.table_name;
    parts := elt.core_columns(target.filled, target.core_query_name::regclass);
    load_mode := target.mode;
    perform set_config('elt.merged_load_id', '', true);

    if not exists (select 1 from elt.loads_at(core_at.publish_id, core_at.table_name)) then
        execute format(
            'create temporary table %I on commit drop as select %s from %s',
            kept_as, parts.column_list, target.filled
        );
    elsif load_mode = 'replace' then
        -- No load has the number 0: a source that was not live had no rows.
        insert into elt.live_override (source, load_id)
        select
            named.source,
            coalesce(loads.load_id, 0)
        from unnest(target.sources) as named (source)
        left join elt.loads_at(core_at.publish_id, core_at.table_name) as loads
            on named.source = loads.source and loads.action = 'shown';
        execute format(
            'create temporary table %I on commit drop as select %s from %s',
            kept_as, parts.column_list, target.core_query_name
        );
    else
        select
            coalesce(array_agg(loads.load_id order by loads.load_id desc) filter (where loads.action = 'undone'), '{}'),
            coalesce(array_agg(loads.load_id order by loads.load_id) filter (where loads.action = 'merged'), '{}')
        into undone, merged
        from elt.loads_at(core_at.publish_id, core_at.table_name) as loads;
        execute format(
            'create temporary table %I (like %s including all) on commit drop', kept_as, target.filled
        );
        execute format(
            'insert into %s (%2$s) select %2$s from %3$s where _load_id <> all($1)',
            kept, parts.column_list, target.filled
        )
        using undone;
        insert into elt.earlier_row (load_id, table_name, earlier)
        select
            earlier_row.load_id,
            kept,
            earlier_row.earlier
        from elt.earlier_row
        where earlier_row.load_id = any(undone) and earlier_row.table_name = core_at.table_name
        order by earlier_row.place;
        foreach load_number in array undone loop
            perform elt.undo_rows(kept::regclass, load_number, kept);
        end loop;
        insert into elt.live_override (source, load_id)
        select
            target.sources[1],
            named.load_id
        from unnest(merged) as named (load_id);
        foreach load_number in array merged loop
            perform set_config('elt.merged_load_id', load_number::text, true);
            perform elt.bring_core(kept::regclass, target.core_query_name::regclass, load_mode, load_number, kept);
        end loop;
        perform set_config('elt.merged_load_id', '', true);
        delete from elt.earlier_row
        where earlier_row.table_name = kept;
    end if;
    delete from elt.live_override
    where live_override.source = any(target.sources);
    execute format('grant select on %s to public', kept);
    execute format('analyze %s', kept);
end
$$;

comment on function elt.core_at(bigint, text, text) is
    'Computes the rows that a core table had after a publish into a temporary table, with today''s core queries. Rows that were purged since are missing.';

revoke execute on function elt.core_at(bigint, text, text) from public;
