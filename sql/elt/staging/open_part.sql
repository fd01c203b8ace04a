-- reads:    elt.load
-- used by:  elt load
-- careful:  the program (src/copy) chooses the part of a row: the rows whose number has part_bits under part_mask. Runs
--           with its owner's rights, like elt.open_staging
create or replace function elt.open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    partition text;
    leaf text;
begin
    select load.source || '_load_' || load.load_id
    into strict partition
    from elt.load
    where load.load_id = open_part.load_id;

    if not exists (
        select 1
        from pg_catalog.pg_partitioned_table
        where partrelid = format('staging.%I', partition)::regclass
    ) then
        return format('staging.%I', partition);
    end if;
    leaf := format('%s_part_%s', partition, part);
    -- Another file of the load was copied before, with other columns.
    if to_regclass(format('staging.%I', leaf)) is not null then
        return format('staging.%I', leaf);
    end if;
    -- A check that implies the bounds of both levels, nulls included, makes attaching skip the scan
    -- of the rows.
    execute format(
        'create table staging.%1$I (
            like staging.%2$I including defaults including constraints,
            constraint part_check check (
                _load_id = %5$s and (_row & %3$s) is not null and (_row & %3$s) = %4$s
            )
        )',
        leaf, partition, part_mask, part_bits, load_id
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', leaf);
    end if;
    return format('staging.%I', leaf);
end
$$;

comment on function elt.open_part(bigint, bigint, bigint, bigint) is
    'Returns the table that one connection of a load fills: the partition of the load, or a separate table, which is created here and attached by elt.close_part.';

revoke execute on function elt.open_part(bigint, bigint, bigint, bigint) from public;
