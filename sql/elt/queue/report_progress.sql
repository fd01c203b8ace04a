-- reads:    elt.job
-- used by:  elt worker
create or replace function elt.report_progress(job_id bigint, claim_number bigint, progress jsonb)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    update elt.job
    set progress = report_progress.progress
    where
        job.job_id = report_progress.job_id
        and job.claim_count = report_progress.claim_number
        and job.state = 'running'
$$;

comment on function elt.report_progress(bigint, bigint, jsonb) is
    'Records the progress of a job. Does nothing if this claim no longer holds the job.';

revoke execute on function elt.report_progress(bigint, bigint, jsonb) from public;
