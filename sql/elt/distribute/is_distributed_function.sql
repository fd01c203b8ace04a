-- reads:    the catalogue of Citus, if there is one
-- used by:  elt.distribution_statement
create or replace function elt.is_distributed_function(routine regprocedure)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    is_known boolean := false;
begin
    if elt.has_citus() then
        execute
            'select exists (
                select 1 from pg_catalog.pg_dist_object where classid = ''pg_proc''::regclass and objid = $1 limit 1
            )'
        into is_known
        using routine::oid;
    end if;
    return is_known;
end
$$;

comment on function elt.is_distributed_function(regprocedure) is
    'Whether Citus keeps a function on all nodes.';
