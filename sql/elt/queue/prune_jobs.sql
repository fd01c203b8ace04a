-- reads:    elt.job, elt.worker, elt.job_attempt, elt.change
-- used by:  jobs of kind prune
create or replace function elt.prune_jobs(args jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    before constant timestamptz := now() - coalesce(args ->> 'keep', '30 days')::interval;
    job_count bigint;
    worker_count bigint;
begin
    if before > now() then
        raise exception 'keep must be an interval, not %', args ->> 'keep'
            using errcode = 'invalid_parameter_value';
    end if;
    delete from elt.job where job.finished_at < before;
    get diagnostics job_count = row_count;
    delete from elt.change where change.table_name = 'elt.job' and change.changed_at < before;
    delete from elt.worker
    where
        worker.stopped_at < before
        and not exists (
            select 1 from elt.job_attempt
            where job_attempt.worker_id = worker.worker_id
        );
    get diagnostics worker_count = row_count;
    return jsonb_build_object('jobs', job_count, 'workers', worker_count);
end
$$;

comment on function elt.prune_jobs(jsonb) is
    'Deletes jobs that finished longer ago than keep (default: 30 days), with their attempts and requests, and workers that have no jobs or attempts left.';

revoke execute on function elt.prune_jobs(jsonb) from public;
