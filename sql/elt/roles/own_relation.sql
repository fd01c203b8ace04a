-- grain:    one row per table, view or sequence that belongs to elt or the project
-- reads:    PostgreSQL's catalogue, elt.current_view, elt.admin_table
-- used by:  elt.grant_statement
-- careful:  in schema public, which users may share, lists only objects known to belong to the project: marts, tables
--           that core queries fill or the admin shows, tables with a trigger of the project, and everything that role
--           elt_migrate owns
create or replace view elt.own_relation as
with known as (
    select current_view.name
    from elt.current_view
    where current_view.layer = 'mart'
    union all
    select current_view.header ->> 'fills' as name
    from elt.current_view
    where current_view.header ? 'fills'
    union all
    select admin_table.table_name as name
    from elt.admin_table
)

select
    pg_class.oid::bigint as relation_id,
    pg_namespace.nspname::text as schema_name,
    pg_class.relname::text as relation_name,
    format('%I.%I', pg_namespace.nspname, pg_class.relname) as name,
    case pg_class.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end as kind,
    pg_class.relispartition as is_partition,
    pg_get_userbyid(pg_class.relowner)::text as owner_name
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
where
    pg_class.relkind in ('r', 'p', 'v', 'S')
    -- The sequence of a column belongs to its table.
    and not exists (
        select 1
        from pg_catalog.pg_depend
        where
            pg_depend.classid = 'pg_catalog.pg_class'::regclass
            and pg_class.oid = pg_depend.objid
            and pg_depend.deptype in ('i', 'a', 'e')
            and pg_class.relkind = 'S'
    )
    and (
        pg_namespace.nspname in ('elt', 'staging', 'core', 'quality')
        or (
            pg_namespace.nspname = 'public'
            and (
                pg_class.relowner = to_regrole('elt_migrate')::oid
                or format('%I.%I', pg_namespace.nspname, pg_class.relname) in (select known.name from known)
                or pg_partition_root(pg_class.oid) in (select to_regclass(known.name) from known)
                or exists (
                    select 1
                    from pg_catalog.pg_trigger
                    inner join pg_catalog.pg_proc on pg_trigger.tgfoid = pg_proc.oid
                    where
                        pg_class.oid = pg_trigger.tgrelid
                        and not pg_trigger.tgisinternal
                        and pg_proc.pronamespace = 'elt'::regnamespace
                )
            )
        )
    );

comment on view elt.own_relation is
    'Tables, views and sequences that belong to elt or the project, including those in schema public, which users may share.';
comment on column elt.own_relation.relation_id is 'Its oid.';
comment on column elt.own_relation.schema_name is 'Schema.';
comment on column elt.own_relation.relation_name is 'Name without the schema.';
comment on column elt.own_relation.name is 'Schema and name, quoted for use in statements.';
comment on column elt.own_relation.kind is 'table, view or sequence.';
comment on column elt.own_relation.is_partition is
    'Whether it is a partition, of a staging table or of a large core table.';
comment on column elt.own_relation.owner_name is 'Role that owns it.';
