-- reads:    elt.load, elt.analyze_staging
-- used by:  elt load
-- careful:  runs with its owner's rights, like elt.open_staging
create or replace function elt.close_part(load_id bigint, part bigint, part_bits bigint)
returns void
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
    where load.load_id = close_part.load_id;

    leaf := format('%s_part_%s', partition, part);
    if to_regclass(format('staging.%I', leaf)) is not null then
        execute format(
            'comment on table staging.%I is %L', leaf, 'Rows of load ' || load_id || ' (elt.load), in part.'
        );
        perform elt.analyze_staging(format('staging.%I', leaf)::regclass);
        if not exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhrelid = format('staging.%I', leaf)::regclass
        ) then
            execute format(
                'alter table staging.%I attach partition staging.%I for values in (%s)',
                partition, leaf, part_bits
            );
        end if;
    end if;
end
$$;

comment on function elt.close_part(bigint, bigint, bigint) is
    'Analyzes a table that elt.open_part created and attaches it as a partition, after it was filled and in the same transaction.';

revoke execute on function elt.close_part(bigint, bigint, bigint) from public;
