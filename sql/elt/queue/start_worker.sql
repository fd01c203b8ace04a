-- reads:    elt.worker, elt.require_queue_name
-- used by:  elt worker
create or replace function elt.start_worker(
    host text,
    process_id bigint,
    elt_version text,
    queues text[],
    concurrency bigint,
    holds_lock boolean
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    perform elt.require_queue_name(queue) from unnest(queues) as queue;
    insert into elt.worker (host, process_id, elt_version, queues, concurrency, holds_lock)
    values (host, process_id, elt_version, queues, concurrency, holds_lock)
    returning worker.worker_id into number;
    return number;
end
$$;

comment on function elt.start_worker(text, bigint, text, text[], bigint, boolean) is
    'Registers a worker and returns its number.';

revoke execute on function elt.start_worker(text, bigint, text, text[], bigint, boolean) from public;
