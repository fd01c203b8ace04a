-- grain:    one row per source
-- reads:    elt.source, elt.current_view, elt.object_use
-- used by:  elt load (is the source unchanged?), elt.source_behind, elt.merge_load, elt.make_live
-- careful:  core queries of other sources are not included, so that they can be added and changed after the staged rows
--           of an append or merge source are gone
create or replace view elt.source_core as
with recursive core_queries as (
    select to_regclass(current_view.name)::oid as oid
    from elt.current_view
    where current_view.layer = 'core' and current_view.header ? 'fills'
),

-- Found once, not in each step of the recursion.
uses as materialized (
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
        core_queries.oid as core_query,
        core_queries.oid
    from core_queries
    union
    select
        reads.core_query,
        uses.used_id as oid
    from reads
    inner join uses on reads.oid = uses.object_id
),

staged as (
    select
        reads.core_query,
        pg_class.relname::text as source
    from reads
    inner join pg_catalog.pg_class on reads.oid = pg_class.oid
    where pg_class.relnamespace = 'staging'::regnamespace
),

applied as materialized (
    select
        to_regclass(current_view.name)::oid as oid,
        current_view.name || ' ' || current_view.sha256 as version
    from elt.current_view
    where current_view.layer = 'core' or current_view.name like 'elt.%\_value'
),

parts as (
    select
        staged.source,
        applied.version
    from staged
    inner join reads on staged.core_query = reads.core_query
    inner join applied on reads.oid = applied.oid
    union
    -- Functions are not among the dependencies, so every source includes them.
    select
        staged.source,
        applied.version
    from staged
    cross join applied
    where applied.oid is null
)

select
    source.source,
    encode(
        sha256(
            convert_to(
                coalesce(string_agg(parts.version, ' ' order by parts.version), ''), 'UTF8'
            )
        ),
        'hex'
    ) as core_sha256
from elt.source
left join parts on source.source = parts.source
group by source.source;

comment on view elt.source_core is
    'Fingerprint of everything that determines how a load of each source is read into core.';
comment on column elt.source_core.source is 'Source.';
comment on column elt.source_core.core_sha256 is
    'SHA-256 of its core queries, of the views that they read and of the functions that read values, in hexadecimal.';
