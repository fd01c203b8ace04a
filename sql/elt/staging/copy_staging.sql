-- reads:    staging tables, elt.load, elt.load_file
-- used by:  elt load --replay
create or replace function elt.copy_staging(from_load_id bigint, to_load_id bigint)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    parent text;
    column_list text;
    copied bigint;
begin
    select load.source
    into strict parent
    from elt.load
    where load.load_id = to_load_id;

    select string_agg(quote_ident(pg_attribute.attname), ', ' order by pg_attribute.attnum)
    into column_list
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = format('staging.%I', parent)::regclass
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attname <> '_load_id';

    execute format(
        'insert into staging.%1$I (%2$s) select %2$s from staging.%3$I where _load_id = $1 order by _row',
        parent || '_load_' || to_load_id, column_list, parent
    )
    using from_load_id;
    get diagnostics copied = row_count;

    insert into elt.load_file
    select (jsonb_populate_record(load_file, jsonb_build_object('load_id', to_load_id))).*
    from elt.load_file
    where load_file.load_id = from_load_id;
    return copied;
end
$$;

comment on function elt.copy_staging(bigint, bigint) is
    'Copies the staged rows of a load into the partition of another load of the same source and returns their number.';
