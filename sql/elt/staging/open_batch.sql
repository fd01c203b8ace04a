-- reads:    elt.load, elt.open_staging
-- used by:  elt load, for small files of a source whose file is a pattern
-- careful:  the numbers of the loads follow the order of the files. Runs with its owner's rights, because the role that
--           loads may not choose the numbers of its loads
create or replace function elt.open_batch(
    source text,
    elt_version text,
    layout jsonb,
    file_names text[],
    locations text[],
    file_stamps text[]
)
returns setof bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    load_ids bigint[];
begin
    select array_agg(nextval(pg_get_serial_sequence('elt.load', 'load_id')) order by each)
    into load_ids
    from generate_series(1, cardinality(file_names)) as each;
    -- Another session may have drawn numbers in between, but not changed their order.
    insert into elt.load (
        load_id, source, location, elt_version, layout, file_name, file_stamp, batch_load_id
    )
    overriding system value
    select
        file.load_id,
        open_batch.source,
        file.location,
        open_batch.elt_version,
        open_batch.layout,
        file.file_name,
        file.file_stamp,
        load_ids[1]
    from unnest(load_ids, file_names, locations, file_stamps) as file (load_id, file_name, location, file_stamp);
    perform elt.open_staging(load_ids[1], null);
    return query
    select unnest(load_ids);
end
$$;

comment on function elt.open_batch(text, text, jsonb, text[], text[], text[]) is
    'Records the loads of several files that are staged together and creates their empty partition, which is named for the first load. Returns their numbers in the order of the files.';

revoke execute on function elt.open_batch(text, text, jsonb, text[], text[], text[]) from public;
