-- reads:    elt.job, elt.requeue_job, elt.require_job_right
-- used by:  elt jobs retry, users in psql
create or replace function elt.retry_job(job_id bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    state_before text;
    kind text;
begin
    select job.state, job.kind into state_before, kind
    from elt.job
    where job.job_id = retry_job.job_id
    for update;
    if state_before is null then
        raise exception 'there is no job %', job_id
            using errcode = 'no_data_found', hint = 'Jobs are listed in elt.job_status.';
    end if;
    if state_before not in ('dead', 'cancelled') then
        raise exception 'job % is %: only dead and cancelled jobs can be retried',
            job_id, state_before
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform elt.require_job_right(kind);
    perform elt.requeue_job(job_id, now(), 0);
end
$$;

comment on function elt.retry_job(bigint) is
    'Queues a dead or cancelled job again with all its attempts. Its history is kept. Its dedup_key is removed if a newer queued job has it.';

revoke execute on function elt.retry_job(bigint) from public;
