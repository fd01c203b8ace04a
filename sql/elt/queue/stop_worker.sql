-- reads:    elt.worker
-- used by:  elt worker
create or replace function elt.stop_worker(worker_id bigint)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    update elt.worker
    set stopped_at = now()
    where worker.worker_id = stop_worker.worker_id and worker.stopped_at is null
$$;

comment on function elt.stop_worker(bigint) is 'Records that a worker stopped normally.';

revoke execute on function elt.stop_worker(bigint) from public;
