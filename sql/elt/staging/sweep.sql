-- reads:    elt.mark_dead_loads, elt.drop_prepared, elt.staging_leftover, elt.load, elt.drop_staging
-- used by:  elt load, before it starts and after a publish; elt gc
-- careful:  runs with its owner's rights, so that the role that loads can drop only rows that are no longer needed
create or replace function elt.sweep()
returns setof bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    candidate record;
begin
    return query
    select * from elt.mark_dead_loads();

    -- A publish holds the advisory lock (6646900, 4) from before it prepares until it has ended.
    if pg_try_advisory_xact_lock(6646900, 4) then
        perform elt.drop_prepared(null);
    end if;

    for candidate in
        -- Loads of a batch are dropped together.
        select min(staging_leftover.load_id) as load_id
        from elt.staging_leftover
        inner join elt.load on staging_leftover.load_id = load.load_id
        group by coalesce(load.batch_load_id, load.load_id)
        order by load_id
    loop
        perform elt.drop_staging(candidate.load_id);
    end loop;
end
$$;

comment on function elt.sweep() is
    'Marks loads whose program died as interrupted and returns their numbers. Drops what they prepared for a publish, and the rows of failed loads and of published loads beyond elt.source.keep_loads from staging. Keeps the latest refused load of a source for inspection.';

revoke execute on function elt.sweep() from public;
