-- grain:    one row per column of a table of elt.admin_table
-- reads:    PostgreSQL's catalogue, elt.admin_table
-- used by:  elt serve
-- careful:  lengths and choices are read from the usual forms of a check. For other checks, the form shows only the
--           error of PostgreSQL
create or replace view elt.admin_column as
with single_check as (
    select
        pg_constraint.conrelid,
        pg_constraint.conkey[1] as attnum,
        pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_catalog.pg_constraint
    where pg_constraint.contype = 'c' and cardinality(pg_constraint.conkey) = 1
),

foreign_key as (
    select distinct on (pg_constraint.conrelid, pg_constraint.conkey[1])
        pg_constraint.conrelid,
        pg_constraint.conkey[1] as attnum,
        format('%s.%s', pg_namespace.nspname, pg_class.relname) as referenced_table,
        pg_attribute.attname::text as referenced_column
    from pg_catalog.pg_constraint
    inner join pg_catalog.pg_class on pg_constraint.confrelid = pg_class.oid
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    inner join pg_catalog.pg_attribute
        on pg_constraint.confrelid = pg_attribute.attrelid and pg_constraint.confkey[1] = pg_attribute.attnum
    where pg_constraint.contype = 'f' and cardinality(pg_constraint.conkey) = 1
    order by pg_constraint.conrelid, pg_constraint.conkey[1], pg_constraint.oid
)

select
    admin_table.table_name,
    pg_attribute.attnum::bigint as place,
    pg_attribute.attname::text as column_name,
    not pg_attribute.attnotnull as is_nullable,
    pg_attribute.atthasdef or pg_attribute.attidentity <> '' as has_default,
    case
        when pg_attribute.attidentity = '' and pg_attribute.attgenerated = ''
            then pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid)
    end as default_sql,
    pg_attribute.attidentity <> ''
    or pg_attribute.attgenerated <> ''
    or pg_attribute.attname = any(admin_table.read_only_columns) as is_read_only,
    least(
        case
            when pg_attribute.atttypid in ('varchar'::regtype, 'bpchar'::regtype) and pg_attribute.atttypmod > 4
                then pg_attribute.atttypmod - 4
        end,
        (
            select min(least(found.limits[1]::numeric, 1000000))
            from single_check
            cross join lateral regexp_matches(
                single_check.definition, '(?:char_length|length)\([^()]*(?:\([^()]*\)[^()]*)?\) <= (\d+)', 'g'
            ) as found (limits)
            where single_check.conrelid = pg_attribute.attrelid and single_check.attnum = pg_attribute.attnum
        )
    )::bigint as max_length,
    coalesce(
        (
            select array_agg(pg_enum.enumlabel::text order by pg_enum.enumsortorder)
            from pg_catalog.pg_enum
            where pg_enum.enumtypid = pg_attribute.atttypid
        ),
        (
            select array_agg(replace(found.labels[1], '''''', ''''))
            from single_check
            cross join lateral regexp_matches(single_check.definition, '''((?:[^'']|'''')*)''::', 'g')
                as found (labels)
            where
                single_check.conrelid = pg_attribute.attrelid
                and single_check.attnum = pg_attribute.attnum
                and single_check.definition ~ '^CHECK \(\(\(?\w+(\)::text)? = ANY \(+ARRAY\[[^]]*\](\)|::text\[\])*$'
        ),
        '{}'
    ) as choices,
    foreign_key.referenced_table,
    foreign_key.referenced_column
from elt.admin_table
inner join pg_catalog.pg_attribute on to_regclass(admin_table.table_name) = pg_attribute.attrelid
left join pg_catalog.pg_attrdef
    on pg_attribute.attrelid = pg_attrdef.adrelid and pg_attribute.attnum = pg_attrdef.adnum
left join foreign_key on pg_attribute.attrelid = foreign_key.conrelid and pg_attribute.attnum = foreign_key.attnum
where pg_attribute.attnum > 0 and not pg_attribute.attisdropped;

comment on view elt.admin_column is
    'Columns of the tables of elt.admin_table, as their forms use them. Names, types and comments are in elt.relation_column.';
comment on column elt.admin_column.table_name is 'Schema and name of the table.';
comment on column elt.admin_column.place is 'Position among the columns of the table.';
comment on column elt.admin_column.column_name is 'Name.';
comment on column elt.admin_column.is_nullable is 'Whether it may be null.';
comment on column elt.admin_column.has_default is 'Whether it gets a value if none is given.';
comment on column elt.admin_column.default_sql is
    'Default value as SQL. Null if there is none or PostgreSQL numbers the rows.';
comment on column elt.admin_column.is_read_only is 'Whether the form shows it without an input.';
comment on column elt.admin_column.max_length is
    'Maximum number of characters, from the type or a check. Null if there is no limit.';
comment on column elt.admin_column.choices is
    'Allowed values of an enum or a check. Empty if the values are not limited to a list.';
comment on column elt.admin_column.referenced_table is 'Table that it references. Null if there is none.';
comment on column elt.admin_column.referenced_column is 'Referenced column.';
