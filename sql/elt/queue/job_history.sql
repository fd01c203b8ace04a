-- reads:    elt.job, elt.job_attempt
-- used by:  elt serve
-- careful:  computed from the times of jobs and attempts, without a process that takes samples, so it knows only jobs
--           that were not pruned. Attempts of earlier versions did not record since when they were due and count as
--           not queued. An attempt may take seven days, so it may have started that long before it finished
create or replace function elt.job_history(span interval, step interval)
returns table (from_time timestamptz, succeeded_count bigint, failed_count bigint, queued_count bigint)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with bounds as (
        select
            date_bin(step, now() - span, 'epoch') + step as first_time,
            date_bin(step, now(), 'epoch') as last_time
    ),

    finished as (
        select
            date_bin(step, job_attempt.finished_at, 'epoch') as from_time,
            count(*) filter (where job_attempt.outcome = 'succeeded') as succeeded_count,
            count(*) filter (where job_attempt.outcome in ('failed', 'lost')) as failed_count
        from bounds
        inner join elt.job_attempt
            on
                job_attempt.started_at > bounds.first_time - interval '7 days'
                and bounds.first_time <= job_attempt.finished_at
        group by date_bin(step, job_attempt.finished_at, 'epoch')
    ),

    -- Times during which a job could have been claimed, and was not. The end is null if it is still queued.
    waits as (
        select
            job_attempt.due_at as wait_start,
            job_attempt.started_at as wait_end
        from bounds
        inner join elt.job_attempt on bounds.first_time <= job_attempt.started_at
        where job_attempt.due_at is not null
        union all
        select
            greatest(job.run_at, job.created_at) as wait_start,
            null as wait_end
        from elt.job
        where job.state = 'queued' and job.run_at <= now()
        union all
        select
            greatest(job.run_at, job.created_at) as wait_start,
            job.finished_at as wait_end
        from bounds
        inner join elt.job on bounds.first_time <= job.finished_at
        where
            job.state = 'cancelled'
            and job.run_at < job.finished_at
            and (job.started_at is null or job.started_at < job.run_at)
    ),

    -- Each wait adds one in the step in which it starts and subtracts one in the step in which it ends.
    change as (
        select
            greatest(date_bin(step, waits.wait_start, 'epoch'), bounds.first_time) as from_time,
            1 as difference
        from waits
        cross join bounds
        union all
        select
            date_bin(step, waits.wait_end, 'epoch') as from_time,
            -1 as difference
        from waits
        where waits.wait_end is not null
    ),

    changed as (
        select
            change.from_time,
            sum(change.difference) as difference
        from change
        group by change.from_time
    )

    select
        steps.from_time,
        coalesce(finished.succeeded_count, 0) as succeeded_count,
        coalesce(finished.failed_count, 0) as failed_count,
        coalesce(sum(changed.difference) over (order by steps.from_time), 0)::bigint as queued_count
    from bounds
    cross join lateral generate_series(bounds.first_time, bounds.last_time, step) as steps (from_time)
    left join finished on steps.from_time = finished.from_time
    left join changed on steps.from_time = changed.from_time
    order by steps.from_time
$$;

comment on function elt.job_history(interval, interval) is
    'Attempts that finished within each step of the span before now, and the jobs that were due and waited for a worker at its end: elt.job_history(''1 hour'', ''1 minute''). The last step has not ended.';
