-- reads:    PostgreSQL's catalogue, elt.current_view
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
        select pg_rewrite.ev_class, readers.depth + 1
        from readers
        inner join pg_catalog.pg_depend
            on
                pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
                and pg_depend.refobjid = readers.oid
                and pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
        inner join pg_catalog.pg_rewrite
            on pg_rewrite.oid = pg_depend.objid and pg_rewrite.ev_class <> readers.oid
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
