-- grain:    one row per constraint, or unique index, of a table of elt.admin_table
-- reads:    PostgreSQL's catalogue, elt.admin_table
-- used by:  elt serve
create or replace view elt.admin_constraint as
select
    admin_table.table_name,
    pg_constraint.conname::text as constraint_name,
    case pg_constraint.contype when 'c' then 'check' when 'f' then 'reference' else 'unique' end as kind,
    case when pg_constraint.contype = 'c' then pg_get_expr(pg_constraint.conbin, pg_constraint.conrelid) end
        as expression,
    (
        select coalesce(array_agg(pg_attribute.attname::text order by pg_attribute.attnum), '{}')
        from pg_catalog.pg_attribute
        where
            pg_attribute.attrelid = pg_constraint.conrelid
            and pg_attribute.attnum = any(pg_constraint.conkey)
    ) as column_names,
    obj_description(pg_constraint.oid, 'pg_constraint') as description
from elt.admin_table
inner join pg_catalog.pg_constraint on to_regclass(admin_table.table_name) = pg_constraint.conrelid
where pg_constraint.contype in ('c', 'f', 'p', 'u')
union all
select
    admin_table.table_name,
    pg_class.relname::text as constraint_name,
    'unique' as kind,
    null as expression,
    (
        select coalesce(array_agg(pg_attribute.attname::text order by pg_attribute.attnum), '{}')
        from pg_catalog.pg_depend
        inner join pg_catalog.pg_attribute
            on
                pg_depend.refobjid = pg_attribute.attrelid
                and pg_depend.refobjsubid = pg_attribute.attnum
        where pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = pg_class.oid
    ) as column_names,
    obj_description(pg_class.oid, 'pg_class') as description
from elt.admin_table
inner join pg_catalog.pg_index on to_regclass(admin_table.table_name) = pg_index.indrelid
inner join pg_catalog.pg_class on pg_index.indexrelid = pg_class.oid
where
    pg_index.indisunique
    and not exists (
        select 1 from pg_catalog.pg_constraint
        where pg_constraint.conindid = pg_class.oid
    );

comment on view elt.admin_constraint is
    'Constraints and unique indexes of the tables of elt.admin_table, to show violations beside the columns concerned.';
comment on column elt.admin_constraint.table_name is 'Schema and name of the table.';
comment on column elt.admin_constraint.constraint_name is 'Name of the constraint, as in errors.';
comment on column elt.admin_constraint.kind is 'check, reference or unique.';
comment on column elt.admin_constraint.expression is 'Expression of a check. Null for other constraints.';
comment on column elt.admin_constraint.column_names is 'Columns of the constraint, in the order of the table.';
comment on column elt.admin_constraint.description is 'Comment, which is shown to users. Null if there is none.';
