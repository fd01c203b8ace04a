-- reads:    elt.publish, elt.core_sha256, elt.sql_sha256
-- used by:  elt.publish_loads, elt.purge_load, elt.purge_key
create or replace function elt.open_publish(cause text, elt_version text)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    publish_number bigint;
begin
    -- One publish at a time, so that two of them never see half of each other.
    perform pg_advisory_xact_lock(6646900, 2);

    insert into elt.publish (state, cause, core_sha256, sql_sha256, elt_version, started_at)
    values (
        'published', cause, elt.core_sha256(), elt.sql_sha256(), elt_version, clock_timestamp()
    )
    returning publish.publish_id into publish_number;
    return publish_number;
end
$$;

comment on function elt.open_publish(text, text) is
    'Begins a publish: waits for another one to end, writes the record, and says its number.';
