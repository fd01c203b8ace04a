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
    -- Only one publish runs at a time, so that none reads the partial result of another.
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
    'Starts a publish: waits until no other one is running, inserts its record and returns its number.';
