-- grain:    one row per core query
-- reads:    elt.core_query
-- used by:  elt.refresh_sources, elt.merge_load, elt.rebuild_source, elt.take_back, elt.mode_problem
create or replace view elt.filled_table as
select
    core_query.name as core_query_name,
    format('%s.%s', pg_class.relnamespace::regnamespace, quote_ident(pg_class.relname)) as table_name,
    pg_class.oid::regclass as filled,
    core_query.sources
from elt.core_query
inner join pg_catalog.pg_class on pg_class.oid = to_regclass(core_query.fills)::oid;

comment on view elt.filled_table is 'Tables that core queries fill.';
comment on column elt.filled_table.core_query_name is 'Schema and name of the core query.';
comment on column elt.filled_table.table_name is 'Schema and name of the table.';
comment on column elt.filled_table.filled is 'The table as regclass.';
comment on column elt.filled_table.sources is 'Sources that the core query reads.';
