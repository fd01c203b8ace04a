-- grain:    one row per view, table with a rule or function, and per relation, column or function that it uses
-- reads:    PostgreSQL's catalogue
-- used by:  elt.core_read, elt.downstream, elt.lineage, elt.outside_reader, elt.sources_of,
--           elt.standing_result, elt.upstream
-- careful:  for functions, PostgreSQL records dependencies only if it has parsed the body (begin atomic)
create or replace view elt.object_use as
select
    'pg_catalog.pg_class'::regclass::oid as class_id,
    pg_rewrite.ev_class as object_id,
    pg_depend.refclassid as used_class_id,
    pg_depend.refobjid as used_id,
    pg_depend.refobjsubid as used_column
from pg_catalog.pg_depend
inner join pg_catalog.pg_rewrite on pg_depend.objid = pg_rewrite.oid
where
    pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
    and pg_depend.deptype = 'n'
    and pg_depend.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass)
    and pg_depend.refobjid <> pg_rewrite.ev_class
union all
select
    pg_depend.classid as class_id,
    pg_depend.objid as object_id,
    pg_depend.refclassid as used_class_id,
    pg_depend.refobjid as used_id,
    pg_depend.refobjsubid as used_column
from pg_catalog.pg_depend
where
    pg_depend.classid = 'pg_catalog.pg_proc'::regclass
    and pg_depend.deptype = 'n'
    and pg_depend.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass);

comment on view elt.object_use is
    'Relations, columns and functions that each view, rule and function uses directly, by the identifiers of PostgreSQL''s catalogue.';
comment on column elt.object_use.class_id is
    'Catalogue of the user: pg_class for a view or a table with a rule, pg_proc for a function.';
comment on column elt.object_use.object_id is 'View, table or function that uses the other object.';
comment on column elt.object_use.used_class_id is 'Catalogue of the used object: pg_class or pg_proc.';
comment on column elt.object_use.used_id is 'Relation or function that is used.';
comment on column elt.object_use.used_column is 'Number of the column that is used. 0 for the whole object.';
