-- reads:    elt.mark_dead_loads, elt.staging_leftover, elt.drop_staging
-- used by:  elt load, before it begins and after a publish; elt gc
-- careful:  with its owner's rights, so that who loads can drop what nobody needs, and nothing else
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

revoke execute on function elt.sweep() from public;
