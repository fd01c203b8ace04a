-- The highest version of each object of sql/, whether it was removed, and whether it exists: it may have been dropped
-- by hand. Reads the catalogue, because to_regclass fails in a schema that the role may not use,
-- and no view of the engine, because this runs before those are applied.
with latest as (
    select distinct on (view_version.name)
        view_version.name,
        view_version.version,
        view_version.sha256,
        view_version.removed_at is not null as is_removed,
        view_version.layer = 'export' as is_query,
        -- Only at the beginning of a line, because a header may contain the same words.
        position(
            e'\ncreate or replace function ' || view_version.name || '(' in e'\n' || view_version.definition
        ) > 0 as is_function,
        split_part(view_version.name, '.', 1) as schema_name,
        split_part(view_version.name, '.', 2) as own_name
    from elt.view_version
    order by view_version.name asc, view_version.version desc
)

select
    latest.name,
    latest.version,
    latest.sha256,
    latest.is_removed,
    latest.is_query,
    latest.is_function,
    case
        when latest.is_query then true
        when latest.is_function then exists (
            select 1
            from pg_catalog.pg_proc
            inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid
            where pg_namespace.nspname = latest.schema_name and pg_proc.proname = latest.own_name
        )
        else exists (
            select 1
            from pg_catalog.pg_class
            inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
            where pg_namespace.nspname = latest.schema_name and pg_class.relname = latest.own_name
        )
    end as is_there
from latest
order by latest.name;
