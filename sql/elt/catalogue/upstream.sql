-- reads:    PostgreSQL's catalogue
-- used by:  elt.core_query
create or replace function elt.upstream(relation regclass)
returns setof regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive reads as (
        select relation::oid as oid
        union
        select pg_depend.refobjid
        from reads
        inner join pg_catalog.pg_rewrite on pg_rewrite.ev_class = reads.oid
        inner join pg_catalog.pg_depend
            on
                pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
                and pg_depend.objid = pg_rewrite.oid
                and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
                and pg_depend.refobjid <> reads.oid
    )

    select reads.oid::regclass
    from reads
    where reads.oid <> relation
$$;

comment on function elt.upstream(regclass) is
    'Returns every table and view that a view reads, directly or through other views.';
