-- reads:    elt.load
-- used by:  elt load
-- careful:  rows go by 1,024 to one lane after the other, as elt.open_staging divides them.
--           With its owner's rights, as elt.open_staging
create or replace function elt.open_lane(load_id bigint, lane bigint)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    partition text;
    leaf text;
    lane_count bigint;
begin
    select load.source || '_load_' || load.load_id, load.lane_count
    into strict partition, lane_count
    from elt.load
    where load.load_id = open_lane.load_id;

    if not exists (
        select 1
        from pg_catalog.pg_partitioned_table
        where partrelid = format('staging.%I', partition)::regclass
    ) then
        return format('staging.%I', partition);
    end if;
    leaf := format('%s_lane_%s', partition, lane);
    -- With a check that says the same as the bounds of both levels, nulls included, nobody looks at
    -- the rows when it is attached.
    execute format(
        'create table staging.%1$I (
            like staging.%2$I including defaults including constraints,
            constraint lane_check check (
                _load_id = %5$s and (_row & %3$s) is not null and (_row & %3$s) = %4$s
            )
        )',
        leaf, partition, 1024 * (lane_count - 1), 1024 * lane, load_id
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', leaf);
    end if;
    return format('staging.%I', leaf);
end
$$;

comment on function elt.open_lane(bigint, bigint) is
    'Says which table one of the connections of a load fills: the load''s partition, or one of its own, which is made here and attached by elt.close_lane.';

revoke execute on function elt.open_lane(bigint, bigint) from public;
