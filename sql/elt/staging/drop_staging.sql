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
begin
    select load.source || '_load_' || load.load_id
    into strict partition
    from elt.load
    where load.load_id = drop_staging.load_id;

    -- Dropping locks the staging table; who waits for a lock makes others wait behind him. Who holds
    -- it, a long query or autovacuum, is rarely done in a moment: every load would wait in vain.
    perform set_config('lock_timeout', '5ms', true);
    execute format('drop table if exists staging.%I', partition);
    -- Without its rows it cannot be undone either.
    delete from elt.earlier_row
    where earlier_row.load_id = drop_staging.load_id;
    update elt.load
    set staging_dropped_at = now()
    where load.load_id = drop_staging.load_id;
    return true;
exception
    when lock_not_available then
        return false;
end
$$;

comment on function elt.drop_staging(bigint) is
    'Drops the rows of a load from staging. False, and nothing done, if somebody reads them just now: the next sweep tries again.';

revoke execute on function elt.drop_staging(bigint) from public;
