-- reads:    PostgreSQL's catalogue, elt.has_citus
-- used by:  elt.metric
-- careful:  a node that does not answer is left out; elt.cluster_finding reports it
create or replace function elt.database_bytes()
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    bytes bigint;
begin
    if elt.has_citus() then
        execute
            'select sum(case when success then result::bigint end)
            from run_command_on_all_nodes(''select pg_database_size(current_database())'')'
        into bytes;
    end if;
    return coalesce(bytes, pg_database_size(current_database()));
end
$$;

comment on function elt.database_bytes() is
    'Returns the size of the database, on Citus on all nodes together.';
