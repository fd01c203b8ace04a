-- grain:    one row per core query that lacks columns of the table that it fills
-- reads:    PostgreSQL's catalogue, elt.filled_table
-- used by:  elt migrate
-- careful:  elt.core_columns refuses to publish such a core query
create or replace view elt.incomplete_core_query as
select
    filled_table.core_query_name,
    filled_table.table_name,
    string_agg(quote_ident(own.attname), ', ' order by own.attnum) as column_names
from elt.filled_table
inner join pg_catalog.pg_attribute as own on filled_table.filled = own.attrelid
where
    own.attnum > 0
    and not own.attisdropped
    and own.attgenerated = ''
    and not exists (
        select 1
        from pg_catalog.pg_attribute as theirs
        where
            theirs.attrelid = to_regclass(filled_table.core_query_name)
            and theirs.attname = own.attname
            and theirs.attnum > 0
            and not theirs.attisdropped
    )
group by filled_table.core_query_name, filled_table.table_name;

comment on view elt.incomplete_core_query is
    'Core queries that lack columns of the table that they fill. Their sources cannot be published.';
comment on column elt.incomplete_core_query.core_query_name is 'Schema and name of the core query.';
comment on column elt.incomplete_core_query.table_name is 'Schema and name of the table.';
comment on column elt.incomplete_core_query.column_names is 'Missing columns, in the order of the table.';
