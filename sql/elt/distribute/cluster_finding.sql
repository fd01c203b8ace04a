-- grain:    one row per problem of the tables that Citus distributes; none without Citus
-- reads:    PostgreSQL's statistics, elt.has_citus, elt.node_finding, elt.distribution, elt.distribution_column
-- used by:  elt.finding
create or replace function elt.cluster_finding()
returns table (area text, what text, level text, why text, statement text, command text[])
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not elt.has_citus() then
        return;
    end if;
    return query
    select
        node_finding.*,
        null::text[]
    from elt.node_finding()
    union all
    select
        'cluster',
        'the maintenance daemon of Citus does not run',
        'problem',
        'Interrupted transactions are not finished, and keep their rows locked. Often max_worker_processes is too small: Citus needs one process for each database.',
        'alter system set max_worker_processes = 32',
        null
    where not exists (
        select 1
        from pg_catalog.pg_stat_activity
        where
            pg_stat_activity.datname = current_database()
            and pg_stat_activity.backend_type like 'Citus Maintenance Daemon%'
    )
    union all
    select
        'cluster',
        format('transactions that were prepared long ago: %s', count(*)),
        'problem',
        'They keep rows locked and dead rows in place. Citus finishes those that it began.',
        'select recover_prepared_transactions()',
        null
    from pg_catalog.pg_prepared_xacts
    where
        pg_prepared_xacts.database = current_database()
        and pg_prepared_xacts.prepared < now() - interval '5 minutes'
    having count(*) > 0
    union all
    select
        'cluster',
        format('role %s may not log in', pg_roles.rolname),
        'problem',
        'Citus connects to the workers as this role.',
        format('alter role %I login', pg_roles.rolname),
        null
    from pg_catalog.pg_roles
    where
        pg_roles.rolname in ('elt_migrate', 'elt_web')
        and not pg_roles.rolcanlogin
        and exists (select 1 from elt.distribution where distribution.distributed_by is not null)
    union all
    select
        'cluster',
        format('table %s is not distributed', distribution.table_name),
        'advice',
        'Its core query names a distribution column, and all rows are on the coordinator. This is so after a restore and for new tables.',
        null,
        '{distribute}'
    from elt.distribution
    where distribution.distributed_by is null and distribution.problem is null
    union all
    select
        'cluster',
        distribution.problem,
        'problem',
        format('The header of %s says -- distribute: %s. %s', distribution.core_query_name, distribution.column_name, distribution.hint),
        null,
        null
    from elt.distribution
    where distribution.problem is not null;
end
$$;

comment on function elt.cluster_finding() is
    'Returns problems of a database with Citus: nodes, the maintenance daemon, prepared transactions, roles, tables that are not distributed. Empty without Citus.';
