-- reads:    elt.job
-- used by:  elt jobs cancel, users in psql
create or replace function elt.cancel_job(job_id bigint)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    state_before text;
begin
    select job.state into state_before
    from elt.job
    where job.job_id = cancel_job.job_id
    for update;
    if state_before is null then
        raise exception 'there is no job %', job_id
            using errcode = 'no_data_found', hint = 'Jobs are listed in elt.job_status.';
    end if;
    case state_before
        when 'queued' then
            update elt.job
            set state = 'cancelled', finished_at = clock_timestamp()
            where job.job_id = cancel_job.job_id;
            return 'cancelled';
        when 'running' then
            update elt.job
            set cancel_requested_at = coalesce(job.cancel_requested_at, now())
            where job.job_id = cancel_job.job_id;
            perform pg_notify('elt_job_cancel', job_id::text);
            return 'running';
        else
            raise exception 'job % is already %', job_id, state_before
                using errcode = 'object_not_in_prerequisite_state';
    end case;
end
$$;

comment on function elt.cancel_job(bigint) is
    'Cancels a job. A queued job is cancelled at once. The worker of a running job is told to end it. Returns the state of the job.';

revoke execute on function elt.cancel_job(bigint) from public;
