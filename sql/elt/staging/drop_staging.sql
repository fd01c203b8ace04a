-- reads:    elt.load, elt.earlier_row
-- used by:  elt.sweep
create or replace function elt.drop_staging(load_id bigint)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    partition text;
    load_ids bigint[];
begin
    select
        load.source || '_load_' || coalesce(load.batch_load_id, load.load_id),
        array(
            select part.load_id
            from elt.load as part
            where
                part.load_id = load.load_id
                or (part.batch_load_id = load.batch_load_id and part.staging_dropped_at is null)
        )
    into strict partition, load_ids
    from elt.load
    where load.load_id = drop_staging.load_id;

    -- Dropping locks the staging table, and waiting for this lock blocks other sessions. Its holder is a
    -- long query or autovacuum and rarely finishes soon, so a longer wait would only delay each load.
    perform set_config('lock_timeout', '5ms', true);
    execute format('drop table if exists staging.%I', partition);
    -- A load without staged rows cannot be undone either.
    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    update elt.load
    set staging_dropped_at = now()
    where load.load_id = any(load_ids);
    return true;
exception
    when lock_not_available then
        return false;
end
$$;

comment on function elt.drop_staging(bigint) is
    'Drops the partition with the rows of a load, and of the other loads of its batch, from staging. Returns false and does nothing if another session is using them. The next sweep tries again.';

revoke execute on function elt.drop_staging(bigint) from public;
