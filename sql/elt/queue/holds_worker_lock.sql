-- reads:    the server's locks
-- used by:  elt.rescue_jobs, elt.worker_status
-- careful:  reads the list of locks instead of trying the lock, because a session can always take a lock that it
--           already holds
create or replace function elt.holds_worker_lock(worker_id bigint)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select 1
        from pg_catalog.pg_locks
        inner join pg_catalog.pg_database on pg_locks.database = pg_database.oid
        where
            pg_locks.locktype = 'advisory'
            and pg_database.datname = current_database()
            and pg_locks.classid = 6646903
            and pg_locks.objid = worker_id
            and pg_locks.objsubid = 2
            and pg_locks.granted
    )
$$;

comment on function elt.holds_worker_lock(bigint) is
    'Whether a session holds the advisory lock of a worker, which shows that the worker is alive.';
