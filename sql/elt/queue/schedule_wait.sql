-- reads:    elt.schedule
-- used by:  elt worker, in the statement that calls elt.enqueue_due
-- careful:  a schedule that is due and was not enqueued is locked by another worker, which enqueues it
create or replace function elt.schedule_wait()
returns bigint
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select ceil(extract(epoch from min(schedule.next_run_at) - clock_timestamp()) * 1000)::bigint
    from elt.schedule
    where
        schedule.is_enabled
        and schedule.next_run_at > now()
        and schedule.next_run_at < 'infinity'
$$;

comment on function elt.schedule_wait() is
    'Milliseconds until the next schedule is due. Null if there is none.';

revoke execute on function elt.schedule_wait() from public;
