-- reads:    elt.object_use
-- used by:  elt export
create or replace function elt.upstream(relation regclass)
returns setof regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive reads as (
        select relation::oid as oid
        union
        select object_use.used_id
        from reads
        inner join elt.object_use
            on
                object_use.object_id = reads.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
    )

    select reads.oid::regclass
    from reads
    where reads.oid <> relation
$$;

comment on function elt.upstream(regclass) is
    'Returns every table and view that a view reads, directly or through other views.';
