-- $1 text: name of a view or function in the session's temporary schema
-- $2 text: the schema of the object that it is a copy of
-- The rows that elt.schema_object would have for it.
select
    'view' as kind,
    '' as part,
    pg_get_viewdef(pg_class.oid) as definition,
    obj_description(pg_class.oid, 'pg_class') as description
from pg_catalog.pg_class
where pg_class.relnamespace = pg_my_temp_schema() and pg_class.relname = $1
union all
select
    'column' as kind,
    format('.%I', pg_attribute.attname) as part,
    concat_ws(
        ' ',
        format_type(pg_attribute.atttypid, pg_attribute.atttypmod),
        case
            when pg_attribute.attcollation <> pg_type.typcollation
                then 'collate ' || pg_attribute.attcollation::regcollation
        end
    ) as definition,
    col_description(pg_class.oid, pg_attribute.attnum) as description
from pg_catalog.pg_class
inner join pg_catalog.pg_attribute on pg_class.oid = pg_attribute.attrelid
inner join pg_catalog.pg_type on pg_attribute.atttypid = pg_type.oid
where
    pg_class.relnamespace = pg_my_temp_schema()
    and pg_class.relname = $1
    and pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
union all
select
    'function' as kind,
    regexp_replace(pg_proc.oid::regprocedure::text, '^[^(]*', '') as part,
    regexp_replace(pg_get_functiondef(pg_proc.oid), 'pg_temp(_\d+)?\.', $2 || '.') as definition,
    obj_description(pg_proc.oid, 'pg_proc') as description
from pg_catalog.pg_proc
where pg_proc.pronamespace = pg_my_temp_schema() and pg_proc.proname = $1;
