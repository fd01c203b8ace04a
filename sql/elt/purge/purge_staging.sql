-- reads:    elt.load, elt.drop_staging, elt.earlier_row
-- used by:  elt.purge_load
create or replace function elt.purge_staging(load_id bigint)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    partition text;
begin
    select format('staging.%I', load.source || '_load_' || load.batch_load_id)
    into partition
    from elt.load
    where
        load.load_id = purge_staging.load_id
        and exists (
            select 1
            from elt.load as other
            where
                other.batch_load_id = load.batch_load_id
                and other.load_id <> load.load_id
                and other.staging_dropped_at is null
        );
    if partition is null then
        return elt.drop_staging(load_id);
    end if;

    execute format('delete from %s where _load_id = $1', partition) using load_id;
    delete from elt.earlier_row
    where earlier_row.load_id = purge_staging.load_id;
    update elt.load
    set staging_dropped_at = now()
    where load.load_id = purge_staging.load_id;
    return true;
end
$$;

comment on function elt.purge_staging(bigint) is
    'Removes the rows of a load from staging, and leaves those of loads that were staged together with it. Returns false and does nothing if another session is using the partition.';

revoke execute on function elt.purge_staging(bigint) from public;
