-- Locks of the current backend, except those for reading. Relations are given by OID, because a dropped relation has no
-- name. No view of the engine, because this runs in a scratch database while those are applied.
select
    pg_locks.relation,
    regexp_replace(upper(regexp_replace(pg_locks.mode, '([a-z])([A-Z])', '\1 \2', 'g')), ' LOCK$', '') as mode
from pg_catalog.pg_locks
where
    pg_locks.locktype = 'relation'
    and pg_locks.pid = pg_backend_pid()
    and pg_locks.granted
    and pg_locks.mode <> 'AccessShareLock';
