-- grain:    one row per core query and relation that it reads, directly or through other views, and the query itself
-- reads:    elt.current_view, elt.object_use
-- used by:  elt.core_query, elt.source_core
create or replace view elt.core_read as
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
        queries.name,
        queries.fills,
        queries.oid as read_id
    from queries
    union
    select
        reads.name,
        reads.fills,
        direct_reads.used_id as read_id
    from reads
    inner join direct_reads on reads.read_id = direct_reads.object_id
)

select
    reads.name,
    reads.fills,
    reads.read_id,
    case when pg_class.relnamespace = 'staging'::regnamespace then pg_class.relname::text end as source
from reads
left join pg_catalog.pg_class on reads.read_id = pg_class.oid;

comment on view elt.core_read is 'Tables and views that each core query reads.';
comment on column elt.core_read.name is 'Schema and name of the core query.';
comment on column elt.core_read.fills is 'Table that a publish updates from it.';
comment on column elt.core_read.read_id is 'Object number of a table or view that it reads, or of itself.';
comment on column elt.core_read.source is 'Source of a staging table. Null for other tables and views.';
