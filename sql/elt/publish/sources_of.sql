-- reads:    PostgreSQL's catalogue, elt.core_query, elt.upstream
-- used by:  elt export, quality.loads_that_shrink
create or replace function elt.sources_of(relations text[])
returns table (source text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive core_queries as materialized (
        select
            core_query.name::regclass::oid as oid,
            to_regclass(core_query.fills)::oid as fills
        from elt.core_query
    ),

    reads as (
        select to_regclass(relation)::oid as oid
        from unnest(relations) as relation
        union
        select further.oid
        from reads
        cross join lateral (
            select upstream.oid::oid as oid
            from elt.upstream(reads.oid) as upstream (oid)
            union all
            select core_queries.oid
            from core_queries
            where core_queries.fills = reads.oid
        ) as further
    )

    select pg_class.relname::text
    from reads
    inner join pg_catalog.pg_class on pg_class.oid = reads.oid
    where pg_class.relnamespace = 'staging'::regnamespace
$$;

comment on function elt.sources_of(text[]) is
    'Returns the sources that relations are computed from, through views and through tables that core queries fill.';
