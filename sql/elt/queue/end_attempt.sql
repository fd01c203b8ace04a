-- reads:    elt.job, elt.job_attempt
-- used by:  elt.succeed_job, elt.fail_job, elt.release_job
-- careful:  the fence: a worker whose lease ended and whose job was claimed by another worker gets an error, and its
--           transaction is rolled back
create or replace function elt.end_attempt(
    job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text
)
returns elt.job
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    held elt.job;
begin
    select job.* into held
    from elt.job
    where
        job.job_id = end_attempt.job_id
        and job.claim_count = end_attempt.claim_number
        and job.state = 'running'
    for update;
    if not found then
        raise exception 'claim % of job % is over', claim_number, job_id
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Its lease has ended, or another session finished the job.';
    end if;
    update elt.job_attempt
    set
        finished_at = clock_timestamp(),
        outcome = end_attempt.outcome,
        error = end_attempt.error,
        sqlstate = end_attempt.sqlstate_of_error
    where
        job_attempt.job_id = end_attempt.job_id
        and job_attempt.claim_number = end_attempt.claim_number;
    return held;
end
$$;

comment on function elt.end_attempt(bigint, bigint, text, text, text) is
    'Records how an attempt ended and returns the job as it was before. Raises an error if this claim no longer holds the job.';

revoke execute on function elt.end_attempt(bigint, bigint, text, text, text) from public;
