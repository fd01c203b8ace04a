-- reads:    elt.load, elt.require_mode, elt.filled_table, elt.undo_rows, elt.key_condition,
--           elt.first_key_column, elt.merge_load, elt.add_publish_change
-- used by:  elt.roll_back, elt.replace_files, elt.purge_load, elt.purge_key
-- careful:  undoes the latest live loads of the source, down to the oldest one named, and possibly one that is no
--           longer in staging. Then merges those of them again that stay live
create or replace function elt.take_back(
    publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    targets record;
    parts record;
    load_id bigint;
    before text;
    rows_updated bigint;
    rows_deleted bigint;
begin
    perform elt.require_mode(take_back.source);
    for targets in
        select filled_table.*
        from elt.filled_table
        where take_back.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        -- Only rows that these loads wrote, or that have the key, can differ afterwards.
        execute format(
            'create temporary table %I on commit drop as
            select have.* from %s as have where have._load_id = any(%L::bigint[])%s',
            'elt_before_' || targets.filled::oid,
            targets.filled,
            undone,
            ' or ' || elt.key_condition(targets.filled, key)
        );
        for load_id in
            select named.load_id
            from unnest(undone) as named (load_id)
            order by named.load_id desc
        loop
            perform elt.undo_rows(targets.filled, load_id, targets.table_name);
        end loop;
        if key is not null then
            execute format(
                'delete from %s as have where %s', targets.filled, elt.key_condition(targets.filled, key)
            );
        end if;
    end loop;

    update elt.load
    set live_publish_id = null
    where load.load_id = any(undone);
    for load_id in
        select named.load_id
        from unnest(redone) as named (load_id)
        order by named.load_id
    loop
        perform elt.merge_load(publish_id, load_id);
    end loop;

    delete from elt.live_pointer
    where live_pointer.source = take_back.source;
    insert into elt.live_pointer (source, load_id, publish_id)
    select
        load.source,
        max(load.load_id),
        take_back.publish_id
    from elt.load
    where load.source = take_back.source and load.live_publish_id is not null
    group by load.source;

    for targets in
        select filled_table.*
        from elt.filled_table
        where take_back.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        parts := elt.core_columns(targets.filled, targets.filled);
        before := format('pg_temp.%I', 'elt_before_' || targets.filled::oid);
        rows_updated := 0;
        if parts.key_list is null then
            execute format(
                'select (select count(*) from %s) - (select count(*) from %s where _load_id = any($1))',
                before, targets.filled
            )
            into rows_deleted
            using undone;
        else
            execute format(
                'select
                    count(*) filter (where have.%1$s is null),
                    count(*) filter (where have.%1$s is not null and row(%2$s) is distinct from row(%3$s))
                from %4$s as incoming
                left join %5$s as have on %6$s',
                elt.first_key_column(targets.filled),
                coalesce(parts.have_data, '1'),
                coalesce(parts.incoming_data, '1'),
                before,
                targets.filled,
                parts.key_matches
            )
            into rows_deleted, rows_updated;
        end if;
        perform elt.add_publish_change(publish_id, targets.table_name, 0, rows_updated, rows_deleted);
        -- A publish may take loads of a source back twice.
        execute format('drop table %s', before);
    end loop;
end
$$;

comment on function elt.take_back(bigint, text, bigint[], bigint[], jsonb) is
    'Undoes the latest loads of an append or merge source, deletes the rows of a key from core, and merges the loads that stay again. Records how many rows core lost and how many differ.';
