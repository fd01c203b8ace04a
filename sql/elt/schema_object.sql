-- grain:    one row per object of the schemas that elt makes: schemas, tables, columns, constraints, indexes,
--           triggers, views and functions
-- reads:    PostgreSQL's catalogue
-- used by:  elt migrate --verify, which compares it with the same of a database made from what is recorded
-- careful:  with an empty search_path names in definitions are whole. Partitions are loads, and left out
create or replace view elt.schema_object as
with relations as (
    select
        pg_class.*,
        format('%I.%I', pg_namespace.nspname, pg_class.relname) as name
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where
        pg_namespace.nspname in ('elt', 'staging', 'core', 'public', 'quality')
        and pg_class.relkind in ('r', 'p', 'v', 'm')
        and not pg_class.relispartition
)

select
    'schema' as kind,
    pg_namespace.nspname::text as name,
    '' as definition,
    obj_description(pg_namespace.oid, 'pg_namespace') as description
from pg_catalog.pg_namespace
where pg_namespace.nspname in ('elt', 'staging', 'core', 'public', 'quality')
union all
select
    case when relations.relkind in ('v', 'm') then 'view' else 'table' end as kind,
    relations.name,
    case
        when relations.relkind in ('v', 'm') then pg_get_viewdef(relations.oid)
        else concat_ws(
            ' ',
            case relations.relpersistence when 'u' then 'unlogged' end,
            'partitioned by ' || pg_get_partkeydef(relations.oid),
            case when relations.relrowsecurity then 'row security' end
        )
    end as definition,
    obj_description(relations.oid, 'pg_class') as description
from relations
union all
select
    'column' as kind,
    format('%s.%I', relations.name, pg_attribute.attname) as name,
    concat_ws(
        ' ',
        format_type(pg_attribute.atttypid, pg_attribute.atttypmod),
        case
            when pg_attribute.attcollation <> pg_type.typcollation
                then 'collate ' || pg_attribute.attcollation::regcollation
        end,
        case when pg_attribute.attnotnull then 'not null' end,
        case pg_attribute.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
        case when pg_attribute.attgenerated = '' then 'default' else 'generated as' end
        || ' ' || pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid)
    ) as definition,
    col_description(relations.oid, pg_attribute.attnum) as description
from relations
inner join pg_catalog.pg_attribute on relations.oid = pg_attribute.attrelid
inner join pg_catalog.pg_type on pg_attribute.atttypid = pg_type.oid
left join pg_catalog.pg_attrdef
    on
        relations.oid = pg_attrdef.adrelid
        and pg_attribute.attnum = pg_attrdef.adnum
        -- People may give the columns of our views defaults of their own.
        and relations.relkind in ('r', 'p')
where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
union all
select
    'constraint' as kind,
    format('%s.%I', relations.name, pg_constraint.conname) as name,
    pg_get_constraintdef(pg_constraint.oid) as definition,
    obj_description(pg_constraint.oid, 'pg_constraint') as description
from relations
inner join pg_catalog.pg_constraint on relations.oid = pg_constraint.conrelid
-- Since PostgreSQL 18 these are constraints too; the column says it.
where pg_constraint.contype <> 'n'
union all
select
    'index' as kind,
    format('%s.%I', relations.name, index_relation.relname) as name,
    pg_get_indexdef(pg_index.indexrelid) || case when pg_index.indisvalid then '' else ' (not valid)' end
        as definition,
    obj_description(pg_index.indexrelid, 'pg_class') as description
from relations
inner join pg_catalog.pg_index on relations.oid = pg_index.indrelid
inner join pg_catalog.pg_class as index_relation on pg_index.indexrelid = index_relation.oid
union all
select
    'trigger' as kind,
    format('%s.%I', relations.name, pg_trigger.tgname) as name,
    pg_get_triggerdef(pg_trigger.oid) || case pg_trigger.tgenabled when 'O' then '' else ' (not as usual)' end
        as definition,
    obj_description(pg_trigger.oid, 'pg_trigger') as description
from relations
inner join pg_catalog.pg_trigger on relations.oid = pg_trigger.tgrelid
where not pg_trigger.tgisinternal and relations.relkind in ('r', 'p')
union all
select
    'function' as kind,
    pg_proc.oid::regprocedure::text as name,
    pg_get_functiondef(pg_proc.oid) as definition,
    obj_description(pg_proc.oid, 'pg_proc') as description
from pg_catalog.pg_proc
inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid
where
    pg_namespace.nspname in ('elt', 'staging', 'core', 'public', 'quality')
    and pg_proc.prokind in ('f', 'p');

comment on view elt.schema_object is
    'What the schema consists of, object by object, to be compared: elt migrate --verify.';
comment on column elt.schema_object.kind is
    'schema, table, column, constraint, index, trigger, view or function.';
comment on column elt.schema_object.name is 'With its schema, and of parts with their table; of a function with its arguments.';
comment on column elt.schema_object.definition is 'How PostgreSQL would write it; empty where there is no more than its name.';
comment on column elt.schema_object.description is 'Its comment.';
