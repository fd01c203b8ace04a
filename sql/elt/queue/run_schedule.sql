-- reads:    elt.schedule, elt.job, elt.enqueue, elt.require_job_right
-- used by:  elt serve
-- careful:  if a job of the schedule is queued, returns its number and enqueues no other job. A running job does not
--           count, because it may have missed later changes. Only a job that this transaction created has its time, and
--           gets the schedule as its cause
create or replace function elt.run_schedule(schedule text)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    job_number bigint;
begin
    perform elt.require_job_right(wanted.kind)
    from elt.schedule as wanted
    where wanted.schedule = run_schedule.schedule;
    select
        elt.enqueue(
            wanted.kind,
            wanted.args,
            queue => wanted.queue,
            priority => wanted.priority,
            dedup_key => 'schedule:' || wanted.schedule
        )
    into job_number
    from elt.schedule as wanted
    where wanted.schedule = run_schedule.schedule;
    if job_number is null then
        raise exception 'there is no schedule "%"', run_schedule.schedule
            using errcode = 'no_data_found';
    end if;
    update elt.job
    set schedule = run_schedule.schedule
    where job.job_id = job_number and job.created_at = now();
    return job_number;
end
$$;

comment on function elt.run_schedule(text) is
    'Enqueues the job of a schedule now, whether the schedule is enabled or not, and returns the number of the job.';

revoke execute on function elt.run_schedule(text) from public;
