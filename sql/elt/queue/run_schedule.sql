-- reads:    elt.schedule, elt.enqueue
-- used by:  elt serve
-- careful:  if a job of the schedule is queued, its number is returned, and no other is enqueued. One that runs
--           does not count: what has changed since it began needs another run
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
    return job_number;
end
$$;

comment on function elt.run_schedule(text) is
    'Enqueues now what a schedule enqueues when it is due, whether it is enabled or not, and says the job''s number.';

revoke execute on function elt.run_schedule(text) from public;
