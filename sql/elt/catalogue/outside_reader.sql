-- grain:    one row per pair: a view, table or function that no file of sql/ creates, and an object of the project or
--           the engine that it reads directly
-- reads:    PostgreSQL's catalogue, elt.current_view
-- used by:  elt views, elt migrate --dry-run
-- careful:  for functions, PostgreSQL records dependencies only if it has parsed the body (begin atomic)
create or replace view elt.outside_reader as
with applied as materialized (
    select to_regclass(current_view.name)::oid as oid
    from elt.current_view
)

select distinct
    format('%s.%s', pg_namespace.nspname, read_relation.relname) as reads,
    case
        when pg_depend.classid = 'pg_catalog.pg_proc'::regclass then pg_depend.objid::regprocedure::text
        else format('%s.%s', reader_schema.nspname, reader.relname)
    end as name,
    case
        when pg_depend.classid = 'pg_catalog.pg_proc'::regclass then 'function'
        when reader.relkind = 'm' then 'materialized view'
        else 'view'
    end as kind,
    coalesce(reader.relowner, pg_proc.proowner)::regrole::text as owner
from pg_catalog.pg_depend
inner join pg_catalog.pg_class as read_relation on pg_depend.refobjid = read_relation.oid
inner join pg_catalog.pg_namespace on read_relation.relnamespace = pg_namespace.oid
left join pg_catalog.pg_rewrite
    on pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
left join pg_catalog.pg_class as reader on pg_rewrite.ev_class = reader.oid
left join pg_catalog.pg_namespace as reader_schema on reader.relnamespace = reader_schema.oid
left join pg_catalog.pg_proc
    on pg_depend.classid = 'pg_catalog.pg_proc'::regclass and pg_depend.objid = pg_proc.oid
where
    pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
    and pg_depend.deptype = 'n'
    and pg_namespace.nspname in ('public', 'core', 'quality', 'staging', 'elt')
    and (reader.oid is not null or pg_proc.oid is not null)
    and reader.oid is distinct from read_relation.oid
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
