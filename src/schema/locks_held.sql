-- The locks of the session that asks, other than those of mere reading; of an index, on its table.
select distinct
    format('%I.%I', pg_namespace.nspname, locked.relname) as name,
    regexp_replace(upper(regexp_replace(pg_locks.mode, '([a-z])([A-Z])', '\1 \2', 'g')), ' LOCK$', '') as mode
from pg_catalog.pg_locks
left join pg_catalog.pg_index on pg_locks.relation = pg_index.indexrelid
inner join pg_catalog.pg_class as locked on locked.oid = coalesce(pg_index.indrelid, pg_locks.relation)
inner join pg_catalog.pg_namespace on locked.relnamespace = pg_namespace.oid
where
    pg_locks.locktype = 'relation'
    and pg_locks.pid = pg_backend_pid()
    and pg_locks.granted
    and pg_locks.mode <> 'AccessShareLock'
    and pg_namespace.nspname !~ '^pg_'
    and pg_namespace.nspname <> 'information_schema'
    and locked.relpersistence <> 't'
order by name, mode;
