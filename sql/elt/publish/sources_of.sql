-- reads:    PostgreSQL's catalogue, elt.current_view, elt.object_use
-- used by:  elt export, quality.loads_that_shrink
create or replace function elt.sources_of(relations text[])
returns table (source text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive core_queries as materialized (
        select
            current_view.name::regclass::oid as oid,
            to_regclass(current_view.header ->> 'fills')::oid as fills
        from elt.current_view
        where current_view.layer = 'core' and current_view.header ? 'fills'
    ),

    -- Once, because each step of a recursion would read the catalogue again.
    direct_reads as materialized (
        select
            object_use.object_id as oid,
            object_use.used_id
        from elt.object_use
        where
            object_use.class_id = 'pg_catalog.pg_class'::regclass
            and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
        union all
        select
            core_queries.fills,
            core_queries.oid
        from core_queries
    ),

    reads as (
        select to_regclass(relation)::oid as oid
        from unnest(relations) as relation
        union
        select direct_reads.used_id
        from reads
        inner join direct_reads on reads.oid = direct_reads.oid
    )

    select pg_class.relname::text
    from reads
    inner join pg_catalog.pg_class on pg_class.oid = reads.oid
    where pg_class.relnamespace = 'staging'::regnamespace
$$;

comment on function elt.sources_of(text[]) is
    'Returns the sources that relations are computed from, through views and through tables that core queries fill.';
