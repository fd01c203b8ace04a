-- reads:    elt.override_live, elt.table_to_prepare, elt.prepare_partition, elt.prepare_changes, elt.live_override
-- used by:  elt load and other commands that publish, over several connections side by side
-- careful:  call it in a transaction with the snapshot that all parts share, and commit. No reader sees the tables that it
--           creates. The connections use the cores, so that parallel workers would only cost time. work_mem is
--           maintenance_work_mem, because sorting takes as much memory as building an index. Runs with its owner's
--           rights, so that the role that loads need not own core tables
create or replace function elt.prepare_part(load_ids bigint[], part integer, parts integer)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set max_parallel_workers_per_gather = 0
set max_parallel_maintenance_workers = 0
set jit = off
as $$
declare
    target record;
begin
    perform set_config('work_mem', current_setting('maintenance_work_mem'), true);
    perform elt.override_live(load_ids);
    for target in
        select * from elt.table_to_prepare(load_ids)
    loop
        if exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhparent = target.filled
        ) then
            perform elt.prepare_changes(
                target.table_name, target.filled, target.core_query, target.reads_one_source, part, parts
            );
        else
            perform elt.prepare_partition(target.table_name, target.filled, target.core_query, part, parts);
        end if;
    end loop;
    delete from elt.live_override;
end
$$;

comment on function elt.prepare_part(bigint[], integer, integer) is
    'Prepares one part of the keys of each large core table for a publish of these loads: a future partition, or the rows that differ.';

revoke execute on function elt.prepare_part(bigint[], integer, integer) from public;
