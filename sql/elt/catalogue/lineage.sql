-- grain:    one row per pair: a view, table or export, and an object that it reads directly
-- reads:    PostgreSQL's catalogue, elt.object_use, elt.current_view
-- used by:  elt serve
-- careful:  a core table reads the core query that fills it. What an export reads comes from its header
create or replace view elt.lineage as
select distinct
    format('%s.%s', reader_schema.nspname, reader.relname) as name,
    format('%s.%s', read_schema.nspname, read_relation.relname) as reads
from elt.object_use
inner join pg_catalog.pg_class as reader on object_use.object_id = reader.oid
inner join pg_catalog.pg_namespace as reader_schema on reader.relnamespace = reader_schema.oid
inner join pg_catalog.pg_class as read_relation on object_use.used_id = read_relation.oid
inner join pg_catalog.pg_namespace as read_schema on read_relation.relnamespace = read_schema.oid
where
    object_use.class_id = 'pg_catalog.pg_class'::regclass
    and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
    and reader_schema.nspname in ('public', 'core', 'quality', 'elt')
    and read_schema.nspname in ('public', 'core', 'quality', 'staging', 'elt')
union
select
    current_view.header ->> 'fills' as name,
    current_view.name as reads
from elt.current_view
where current_view.header ->> 'fills' is not null
union
select
    current_view.name,
    btrim(read_name.name) as reads
from elt.current_view
cross join lateral regexp_split_to_table(current_view.header ->> 'reads', ',') as read_name (name)
where current_view.layer = 'export';

comment on view elt.lineage is 'What each view, table and export reads, from staging to exports.';
comment on column elt.lineage.name is 'Schema and name of the reader; export.<file> for an export.';
comment on column elt.lineage.reads is 'Schema and name of the object that it reads.';
