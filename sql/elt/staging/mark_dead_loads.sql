-- reads:    elt.load
-- used by:  elt.sweep, elt gc
create or replace function elt.mark_dead_loads()
returns setof bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    candidate record;
begin
    -- A running load holds the advisory lock (6646901, its number), for a batch that of the first load. If the lock is
    -- free, the load is dead.
    for candidate in
        select
            load.load_id,
            coalesce(load.batch_load_id, load.load_id) as locked_id
        from elt.load
        where load.state in ('copying', 'staged')
        order by load.load_id
    loop
        if pg_try_advisory_xact_lock(6646901, candidate.locked_id::integer) then
            update elt.load
            set
                state = 'interrupted',
                finished_at = now(),
                error = 'the program ended before the load was published'
            where
                load.load_id = candidate.load_id
                and load.state in ('copying', 'staged');
            if found then
                return next candidate.load_id;
            end if;
        end if;
    end loop;
end
$$;

comment on function elt.mark_dead_loads() is
    'Marks loads whose program died as interrupted, and returns their numbers.';
