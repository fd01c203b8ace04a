-- grain:    one row per job
-- reads:    elt.cancel_job, elt.retry_job
-- used by:  elt serve
-- careful:  a job that cannot be cancelled or retried does not keep the others from it
create or replace function elt.act_on_jobs(request text, job_ids bigint[])
returns table (job_id bigint, is_done boolean, message text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    -- In one order, so that two sessions do not wait for each other.
    for number in select distinct listed.id from unnest(job_ids) as listed (id) order by listed.id loop
        job_id := number;
        is_done := true;
        begin
            if request = 'retry' then
                perform elt.retry_job(number);
                message := 'queued again';
            else
                message := case elt.cancel_job(number)
                    when 'running' then 'its worker was asked to cancel it'
                    else 'cancelled'
                end;
            end if;
        exception
            when no_data_found or object_not_in_prerequisite_state or lock_not_available or insufficient_privilege then
                is_done := false;
                message := sqlerrm;
        end;
        return next;
    end loop;
end
$$;

comment on function elt.act_on_jobs(text, bigint[]) is
    'Cancels (request cancel) or retries (request retry) each of the jobs, and returns what became of each.';

revoke execute on function elt.act_on_jobs(text, bigint[]) from public;
