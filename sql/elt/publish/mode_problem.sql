-- grain:    one row per reason why a source does not fit its mode
-- reads:    elt.source, elt.rest_source, elt.filled_table
-- used by:  elt load, elt.require_mode
create or replace view elt.mode_problem as
with tables as materialized (
    select * from elt.filled_table
),

filled as (
    select
        source.source,
        source.mode,
        source.key,
        tables.core_query_name,
        tables.table_name,
        tables.sources,
        (
            select rest_source.since_column is not null
            from elt.rest_source
            where rest_source.source = source.source
        ) as is_incremental,
        (
            select count(*)
            from tables as another
            where another.filled = tables.filled
        ) as query_count,
        (
            select pg_attribute.atttypid = 'bigint'::regtype
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = tables.filled and pg_attribute.attname = '_load_id'
        ) as has_load_id,
        array(
            select pg_attribute.attname::text
            from pg_catalog.pg_index
            inner join pg_catalog.pg_attribute
                on
                    pg_index.indrelid = pg_attribute.attrelid
                    and pg_attribute.attnum = any(pg_index.indkey)
            where pg_index.indrelid = tables.filled and pg_index.indisprimary
            order by pg_attribute.attnum
        ) as primary_key
    from elt.source
    left join tables on source.source = any(tables.sources)
    where source.mode <> 'replace'
)

select
    filled.source,
    found.problem,
    found.hint
from filled
cross join lateral (
    values
    (
        filled.core_query_name is null,
        'no core query reads it',
        'Write a core query. Without one, a load is lost when its staged rows are dropped.'
    ),
    (
        cardinality(filled.sources) > 1,
        format('core query "%s" reads other sources too', filled.core_query_name),
        'Let the core query read only this source, and join the sources in a view of sql/mart.'
    ),
    (
        filled.query_count > 1,
        format('table "%s" is filled by other core queries too', filled.table_name),
        'Create one core table for each source, and combine them in a view of sql/mart.'
    ),
    (
        filled.has_load_id is not true,
        format('table "%s" has no column _load_id bigint', filled.table_name),
        'Add the column in a migration and to the core query. elt rollback needs it to find the rows of a load.'
    ),
    (
        filled.mode = 'append' and filled.primary_key = '{_row}',
        format('the primary key of table "%s" is (_row), which is not unique across files', filled.table_name),
        'Change it in a migration to (_load_id, _row) or to columns of the file.'
    ),
    (
        filled.mode = 'append'
        and filled.is_incremental
        and (filled.primary_key = '{}' or filled.primary_key && '{_load_id,_row}'),
        format('the primary key of table "%s" does not identify records', filled.table_name),
        'An incremental load may read a record again (elt.rest_source.since_column). Give the table a primary key of columns of the record, or set since_column and since_parameter to null.'
    ),
    (
        filled.mode = 'merge'
        and not (filled.primary_key @> filled.key and filled.primary_key <@ filled.key),
        case
            when filled.primary_key = '{}' then format('table "%s" has no primary key', filled.table_name)
            else format(
                'the primary key of table "%s" is (%s)',
                filled.table_name, array_to_string(filled.primary_key, ', ')
            )
        end,
        format('elt.source.key is (%s). Change one of them in a migration so that they are equal.', array_to_string(filled.key, ', '))
    )
) as found (is_so, problem, hint)
where found.is_so
union all
select
    source.source,
    'its loads read only new records (elt.rest_source.since_column)' as problem,
    'A replace load deletes the records that it does not read. Set elt.source.mode to merge or append, or since_column and since_parameter to null.' as hint
from elt.source
inner join elt.rest_source on source.source = rest_source.source
where source.mode = 'replace' and rest_source.since_column is not null;

comment on view elt.mode_problem is
    'Sources that cannot be loaded because core or elt.rest_source does not fit their mode. Empty if there is no problem.';
comment on column elt.mode_problem.source is 'Source.';
comment on column elt.mode_problem.problem is 'Why the source cannot be loaded.';
comment on column elt.mode_problem.hint is 'How to fix it.';
