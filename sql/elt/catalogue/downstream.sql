-- reads:    elt.object_use, elt.current_view
-- used by:  elt migrate, before it drops a view
create or replace function elt.downstream(relation regclass)
returns table (name text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive readers as (
        select relation::oid as oid, 0 as depth
        union
        select object_use.object_id, readers.depth + 1
        from readers
        inner join elt.object_use
            on
                object_use.used_class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_id = readers.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
    ),

    deepest as (
        select readers.oid, max(readers.depth) as depth
        from readers
        where readers.oid <> relation
        group by readers.oid
    )

    select current_view.name
    from deepest
    inner join elt.current_view on to_regclass(current_view.name) = deepest.oid
    order by deepest.depth desc, current_view.name
$$;

comment on function elt.downstream(regclass) is
    'Returns the views of sql/ that read a view, directly or through other views, in the order in which they can be dropped.';
