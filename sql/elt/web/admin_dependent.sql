-- grain:    one row per foreign key that refers to a table of elt.admin_table
-- reads:    PostgreSQL's catalogue, elt.admin_table
-- used by:  elt serve, before a row is deleted
create or replace view elt.admin_dependent as
select
    admin_table.table_name,
    format('%s.%s', pg_namespace.nspname, pg_class.relname) as dependent_table,
    array_agg(dependent_column.attname::text order by key_column.place) as dependent_columns,
    array_agg(referenced_column.attname::text order by key_column.place) as referenced_columns,
    case pg_constraint.confdeltype
        when 'c' then 'deleted'
        when 'n' then 'emptied'
        when 'd' then 'emptied'
        else 'protected'
    end as consequence
from elt.admin_table
inner join pg_catalog.pg_constraint on to_regclass(admin_table.table_name) = pg_constraint.confrelid
inner join pg_catalog.pg_class on pg_constraint.conrelid = pg_class.oid
inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) with ordinality
    as key_column (dependent_attnum, referenced_attnum, place)
inner join pg_catalog.pg_attribute as dependent_column
    on
        pg_constraint.conrelid = dependent_column.attrelid
        and key_column.dependent_attnum = dependent_column.attnum
inner join pg_catalog.pg_attribute as referenced_column
    on
        pg_constraint.confrelid = referenced_column.attrelid
        and key_column.referenced_attnum = referenced_column.attnum
where pg_constraint.contype = 'f' and pg_constraint.conparentid = 0
group by
    admin_table.table_name, pg_constraint.oid, pg_namespace.nspname, pg_class.relname, pg_constraint.confdeltype;

comment on view elt.admin_dependent is 'Foreign keys that reference the tables of elt.admin_table.';
comment on column elt.admin_dependent.table_name is 'Schema and name of the referenced table.';
comment on column elt.admin_dependent.dependent_table is 'Schema and name of the referencing table.';
comment on column elt.admin_dependent.dependent_columns is 'Referencing columns.';
comment on column elt.admin_dependent.referenced_columns is 'Referenced columns, in the same order.';
comment on column elt.admin_dependent.consequence is
    'Effect of a delete on the referencing rows: deleted, emptied (the reference is set to null or its default) or protected (the delete fails).';
