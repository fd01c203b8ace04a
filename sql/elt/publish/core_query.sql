-- grain:    one row per core query, which is a view whose header names the table that it fills
-- reads:    elt.current_view, elt.object_use
-- used by:  elt.filled_table
-- careful:  takes longer to plan than to run: what needs no sources reads elt.current_view
create or replace view elt.core_query as
with recursive queries as materialized (
    select
        current_view.name,
        current_view.header ->> 'fills' as fills,
        current_view.name::regclass::oid as oid
    from elt.current_view
    where
        current_view.layer = 'core'
        and current_view.header ? 'fills'
),

-- Once, because each step of a recursion would read the catalogue again.
direct_reads as materialized (
    select
        object_use.object_id,
        object_use.used_id
    from elt.object_use
    where
        object_use.class_id = 'pg_catalog.pg_class'::regclass
        and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
),

reads as (
    select
        queries.oid as query_oid,
        queries.oid
    from queries
    union
    select
        reads.query_oid,
        direct_reads.used_id
    from reads
    inner join direct_reads on reads.oid = direct_reads.object_id
)

select
    queries.name,
    queries.fills,
    array(
        select pg_class.relname::text
        from reads
        inner join pg_catalog.pg_class on reads.oid = pg_class.oid
        where reads.query_oid = queries.oid and pg_class.relnamespace = 'staging'::regnamespace
        order by pg_class.relname
    ) as sources
from queries;

comment on view elt.core_query is
    'Table that each core query fills, and the sources that it reads.';
comment on column elt.core_query.name is 'Schema and name of the view.';
comment on column elt.core_query.fills is 'Table that a publish updates from the view.';
comment on column elt.core_query.sources is 'Sources that it reads, directly or through other views.';
