-- grain:    one row per CSV file of a live load whose header differs from the columns of its staging table
-- level:    warning
-- reads:    elt.live_load, elt.live_file, elt.source
create or replace view quality.headers_unlike_staging as
with expected as (
    select
        live_load.source,
        array_agg(lower(pg_attribute.attname) order by pg_attribute.attnum) as column_names
    from elt.live_load
    inner join elt.source on live_load.source = source.source and source.format = 'csv'
    inner join pg_catalog.pg_attribute
        on pg_attribute.attrelid = to_regclass(format('staging.%I', live_load.source))
    where
        pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and left(pg_attribute.attname, 1) <> '_'
    group by live_load.source
)

select
    live_file.load_id as _load_id,
    live_file.source,
    live_file.location,
    array(
        select found.name
        from unnest(live_file.header_columns) with ordinality as found (name, place)
        where lower(found.name) <> all(expected.column_names)
        order by found.place
    ) as unknown_columns,
    live_file.header_columns,
    array(
        select known.name
        from unnest(expected.column_names) with ordinality as known (name, place)
        where known.name <> all(lower(live_file.header_columns::text)::text[])
        order by known.place
    ) as missing_columns
from elt.live_file
inner join expected on live_file.source = expected.source
where lower(live_file.header_columns::text)::text[] <> expected.column_names;

comment on view quality.headers_unlike_staging is
    'Files whose header has other columns than the staging table, or another order. Columns are matched by name. Values of unknown columns are kept in _extra; missing ones are null in all rows (elt.source.on_missing_column).';
