-- reads:    elt.load, elt.staging_leftover, elt.drop_staging
-- used by:  elt load, before it begins and after a publish; elt gc
create or replace function elt.sweep()
returns setof bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
    candidate record;
begin
    -- A living load holds the advisory lock (6646901, its number); a free lock tells a dead one.
    for candidate in
        select load.load_id
        from elt.load
        where load.state in ('copying', 'staged')
        order by load.load_id
    loop
        if pg_try_advisory_xact_lock(6646901, candidate.load_id::integer) then
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

    for candidate in
        select staging_leftover.load_id
        from elt.staging_leftover
        order by staging_leftover.load_id
    loop
        perform elt.drop_staging(candidate.load_id);
    end loop;
end
$$;

comment on function elt.sweep() is
    'Marks loads whose program died as interrupted and returns their numbers; drops from staging what failed, and published loads beyond elt.source.keep_loads. The latest refused load of a source stays to be looked at.';
