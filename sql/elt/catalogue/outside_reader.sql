-- grain:    one row per pair: a view, table or function that no file of sql/ creates, and an object of the project or
--           the engine that it reads directly
-- reads:    PostgreSQL's catalogue, elt.object_use, elt.current_view
-- used by:  elt views, elt migrate --dry-run
-- careful:  a function is listed only if PostgreSQL has parsed its body (begin atomic)
create or replace view elt.outside_reader as
with applied as materialized (
    select to_regclass(current_view.name)::oid as oid
    from elt.current_view
)

select distinct
    format('%s.%s', pg_namespace.nspname, read_relation.relname) as reads,
    case
        when pg_proc.oid is not null then pg_proc.oid::regprocedure::text
        else format('%s.%s', reader_schema.nspname, reader.relname)
    end as name,
    case
        when pg_proc.oid is not null then 'function'
        when reader.relkind = 'm' then 'materialized view'
        else 'view'
    end as kind,
    coalesce(reader.relowner, pg_proc.proowner)::regrole::text as owner
from elt.object_use
inner join pg_catalog.pg_class as read_relation on object_use.used_id = read_relation.oid
inner join pg_catalog.pg_namespace on read_relation.relnamespace = pg_namespace.oid
left join pg_catalog.pg_class as reader
    on object_use.class_id = 'pg_catalog.pg_class'::regclass and object_use.object_id = reader.oid
left join pg_catalog.pg_namespace as reader_schema on reader.relnamespace = reader_schema.oid
left join pg_catalog.pg_proc
    on object_use.class_id = 'pg_catalog.pg_proc'::regclass and object_use.object_id = pg_proc.oid
where
    object_use.used_class_id = 'pg_catalog.pg_class'::regclass
    and pg_namespace.nspname in ('public', 'core', 'quality', 'staging', 'elt')
    and reader.relpersistence is distinct from 't'
    and not exists (
        select 1
        from applied
        where applied.oid in (reader.oid, pg_proc.oid)
    );

comment on view elt.outside_reader is
    'Views, tables and functions created outside sql/ that read objects of the project or the engine. An object cannot be dropped before its reader is.';
comment on column elt.outside_reader.reads is 'Schema and name of the object that is read.';
comment on column elt.outside_reader.name is 'Schema and name of the reader; for a function, with its arguments.';
comment on column elt.outside_reader.kind is 'view, materialized view or function.';
comment on column elt.outside_reader.owner is 'Role that owns it.';
