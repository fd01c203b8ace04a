-- Core queries that lack columns of the table that they fill. elt.core_columns refuses to publish them.
select
    filled_table.core_query_name,
    filled_table.table_name,
    string_agg(quote_ident(own.attname), ', ' order by own.attnum) as columns
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
group by filled_table.core_query_name, filled_table.table_name
order by filled_table.core_query_name;
