-- reads:    PostgreSQL's catalogue
-- used by:  the functions that ask Citus; elt distribute, elt migrate
create or replace function elt.has_citus()
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select to_regclass('pg_catalog.pg_dist_partition') is not null
$$;

comment on function elt.has_citus() is 'Whether the database has Citus, which distributes tables over several servers.';
