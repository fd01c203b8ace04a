-- grain:    one row per table with many dead rows, and per transaction that keeps vacuum from removing them
-- reads:    PostgreSQL's catalogue and statistics, elt.own_relation
-- used by:  elt.finding
-- careful:  the dead rows of partitions count for their table. A transaction is reported after an hour, or after the
--           value of the setting elt.long_transaction: alter database ... set elt.long_transaction = '10 minutes'.
--           Sessions of other roles are visible only with the rights of pg_read_all_stats
create or replace view elt.vacuum_finding as
select
    'vacuum' as area,
    format('%s: dead rows: %s', own_relation.name, sum(pg_stat_user_tables.n_dead_tup)) as what,
    'advice' as level,
    format(
        'There are %s live rows, and each scan of the table reads the dead ones too. Autovacuum has not run or could not remove them.',
        sum(pg_stat_user_tables.n_live_tup)
    ) as why,
    format('vacuum (analyze) %s', own_relation.name) as statement
from pg_catalog.pg_stat_user_tables
inner join elt.own_relation
    on coalesce(pg_partition_root(pg_stat_user_tables.relid), pg_stat_user_tables.relid)
    = own_relation.relation_id::oid
group by own_relation.name
having
    sum(pg_stat_user_tables.n_dead_tup) > 10000
    and sum(pg_stat_user_tables.n_dead_tup) > sum(pg_stat_user_tables.n_live_tup) / 2
union all
select
    'vacuum' as area,
    format('transaction of %s (process %s), %s', activity.usename, activity.pid, activity.application_name) as what,
    'advice' as level,
    format(
        'It has been open since %s and is %s: rows that died since then cannot be removed.',
        to_char(activity.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ'), activity.state
    ) as why,
    format('select pg_terminate_backend(%s)', activity.pid) as statement
from pg_catalog.pg_stat_activity as activity
where
    activity.datname = current_database()
    and activity.backend_type = 'client backend'
    and activity.pid <> pg_backend_pid()
    and activity.xact_start
    < clock_timestamp()
    - coalesce(nullif(current_setting('elt.long_transaction', true), ''), '1 hour')::interval
union all
select
    'vacuum' as area,
    format('prepared transaction %s of %s', prepared.gid, prepared.owner) as what,
    'advice' as level,
    format(
        'It was prepared at %s and neither committed nor rolled back: rows that died since then cannot be removed.',
        to_char(prepared.prepared, 'YYYY-MM-DD HH24:MI:SS TZ')
    ) as why,
    format('rollback prepared %L', prepared.gid) as statement
from pg_catalog.pg_prepared_xacts as prepared
where
    prepared.database = current_database()
    and prepared.prepared
    < clock_timestamp()
    - coalesce(nullif(current_setting('elt.long_transaction', true), ''), '1 hour')::interval;

comment on view elt.vacuum_finding is
    'Tables with many dead rows, and transactions that have been open for long. Empty if there is no problem.';
comment on column elt.vacuum_finding.area is 'vacuum.';
comment on column elt.vacuum_finding.what is 'What was found.';
comment on column elt.vacuum_finding.level is 'advice.';
comment on column elt.vacuum_finding.why is 'Why it matters.';
comment on column elt.vacuum_finding.statement is 'The statement that fixes it.';
