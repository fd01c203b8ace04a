-- grain:    one row per column of a relation that pages write, or that elt_web may write although it is not registered
-- reads:    PostgreSQL's catalogue, elt.own_relation, elt.admin_table, elt.admin_column
-- used by:  elt.grant_statement
create or replace view elt.web_column as
with web as (
    select to_regrole('elt_web')::oid as oid
),

registered as (
    select
        admin_table.table_name,
        admin_column.column_name,
        admin_table.may_add as may_insert,
        admin_table.may_change and not coalesce(pg_attribute.attnum = any(pg_index.indkey), false) as may_update
    from elt.admin_table
    inner join elt.admin_column on admin_table.table_name = admin_column.table_name
    inner join elt.own_relation on admin_table.table_name = own_relation.name
    inner join pg_catalog.pg_attribute
        on own_relation.relation_id = pg_attribute.attrelid and admin_column.column_name = pg_attribute.attname
    left join pg_catalog.pg_index
        on own_relation.relation_id = pg_index.indrelid and pg_index.indisprimary
    where not admin_column.is_read_only
),

columns as (
    select
        own_relation.name,
        pg_attribute.attname::text as column_name,
        pg_attribute.attnum::bigint as place,
        coalesce(registered.may_insert, false) as may_insert,
        coalesce(registered.may_update, false) as may_update,
        coalesce(admin_table.may_delete, false) as may_delete,
        coalesce(has_column_privilege(web.oid, pg_attribute.attrelid, pg_attribute.attnum, 'insert'), false)
            as can_insert,
        coalesce(has_column_privilege(web.oid, pg_attribute.attrelid, pg_attribute.attnum, 'update'), false)
            as can_update,
        coalesce(has_table_privilege(web.oid, pg_attribute.attrelid, 'delete'), false) as can_delete
    from elt.own_relation
    cross join web
    inner join pg_catalog.pg_attribute
        on
            own_relation.relation_id = pg_attribute.attrelid
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
    left join elt.admin_table on own_relation.name = admin_table.table_name
    left join registered on own_relation.name = registered.table_name and pg_attribute.attname = registered.column_name
    where own_relation.kind in ('table', 'view') and not own_relation.is_partition
)

select
    columns.name,
    columns.column_name,
    columns.place,
    columns.may_insert,
    columns.may_update,
    columns.may_delete,
    (columns.can_insert and not columns.may_insert)
    or (columns.can_update and not columns.may_update)
    or (columns.can_delete and not columns.may_delete) as has_too_much,
    (columns.can_insert or not columns.may_insert)
    and (columns.can_update or not columns.may_update)
    and (columns.can_delete or not columns.may_delete) as has_enough
from columns
where
    columns.may_insert
    or columns.may_update
    or columns.may_delete
    or columns.can_insert
    or columns.can_update
    or columns.can_delete;

comment on view elt.web_column is
    'Columns that role elt_web should be able to write according to elt.admin_table, and whether its rights match.';
comment on column elt.web_column.name is 'Schema and name of the table.';
comment on column elt.web_column.column_name is 'Column.';
comment on column elt.web_column.place is 'Position in the table.';
comment on column elt.web_column.may_insert is 'Whether new rows may set it.';
comment on column elt.web_column.may_update is 'Whether it may be updated.';
comment on column elt.web_column.may_delete is 'Whether rows of the table may be deleted.';
comment on column elt.web_column.has_too_much is 'Whether the role has more rights than these.';
comment on column elt.web_column.has_enough is 'Whether the role has all of these rights.';
