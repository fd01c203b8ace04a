-- reads:    elt.filled_table, elt.current_view, elt.object_use, elt.header_key, elt.load
-- used by:  elt.begin_preview
-- careful:  an export is a query and no object of the database. Its header names what it reads
create or replace function elt.previewed_relation(load_ids bigint[])
returns table (layer text, name text, relation regclass, key text[])
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive filled as materialized (
        select
            filled_table.table_name,
            filled_table.filled
        from elt.filled_table
        where
            filled_table.sources && array(
                select load.source
                from elt.load
                where load.load_id = any(load_ids)
            )
    ),

    uses as materialized (
        select
            object_use.object_id,
            object_use.used_id
        from elt.object_use
        where
            object_use.class_id = 'pg_catalog.pg_class'::regclass
            and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
    ),

    readers as (
        select filled.filled::oid as oid
        from filled
        union
        -- Core queries and other views of staging read the loads too.
        select to_regclass(format('staging.%I', load.source))::oid
        from elt.load
        where load.load_id = any(load_ids)
        union
        select uses.object_id
        from readers
        inner join uses on readers.oid = uses.used_id
    ),

    read_names as materialized (
        select format('%s.%s', pg_class.relnamespace::regnamespace, quote_ident(pg_class.relname)) as name
        from readers
        inner join pg_catalog.pg_class on readers.oid = pg_class.oid
    )

    select
        'core',
        filled.table_name,
        filled.filled,
        (
            select elt.header_key(jsonb_build_object('fills', filled.table_name))
        )
    from filled
    union all
    select
        current_view.layer,
        current_view.name,
        to_regclass(current_view.name),
        elt.header_key(current_view.header)
    from elt.current_view
    inner join pg_catalog.pg_class on to_regclass(current_view.name) = pg_class.oid
    where
        current_view.layer = 'mart'
        and current_view.header ? 'grain'
        and pg_class.oid in (
            select readers.oid
            from readers
        )
    union all
    select
        current_view.layer,
        split_part(current_view.name, '.', 2),
        null::regclass,
        elt.header_key(current_view.header)
    from elt.current_view
    where
        current_view.layer = 'export'
        and current_view.header ? 'grain'
        and regexp_split_to_array(current_view.header ->> 'reads', '\s*,\s*') && array(
            select read_names.name
            from read_names
        )
$$;

comment on function elt.previewed_relation(bigint[]) is
    'Returns what these loads may change: core tables, then views of marts and exports with a grain. An export has no relation.';
