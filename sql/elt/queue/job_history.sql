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
    with steps as (
        select
            extract(epoch from step) as seconds,
            floor(extract(epoch from now()) / extract(epoch from step)) as last_number,
            ceil(extract(epoch from span) / extract(epoch from step)) as step_count
    ),

    bounds as (
        select
            steps.seconds,
            steps.last_number - steps.step_count + 1 as first_number,
            steps.last_number,
            to_timestamp((steps.last_number - steps.step_count + 1) * steps.seconds) as start_time
        from steps
    ),

    finished as (
        select
            floor(extract(epoch from job_attempt.finished_at) / bounds.seconds) as number,
            count(*) filter (where job_attempt.outcome = 'succeeded') as succeeded_count,
            count(*) filter (where job_attempt.outcome in ('failed', 'lost')) as failed_count
        from bounds
        inner join elt.job_attempt
            on
                job_attempt.started_at > bounds.start_time - interval '7 days'
                and bounds.start_time <= job_attempt.finished_at
        group by floor(extract(epoch from job_attempt.finished_at) / bounds.seconds)
    ),

    -- Times during which a job could have been claimed, and was not. The end is null if it is still queued.
    waits as (
        select
            job_attempt.due_at as wait_start,
            job_attempt.started_at as wait_end
        from bounds
        inner join elt.job_attempt on bounds.start_time < job_attempt.started_at
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
        inner join elt.job on bounds.start_time < job.finished_at
        where
            job.state = 'cancelled'
            and job.run_at < job.finished_at
            and (job.started_at is null or job.started_at < job.run_at)
    ),

    -- Each wait adds one in the step in which it starts and subtracts one in the step in which it ends.
    change as (
        select
            greatest(floor(extract(epoch from waits.wait_start) / bounds.seconds), bounds.first_number) as number,
            1 as difference
        from waits
        cross join bounds
        union all
        select
            floor(extract(epoch from waits.wait_end) / bounds.seconds) as number,
            -1 as difference
        from waits
        cross join bounds
        where waits.wait_end is not null
    ),

    changed as (
        select
            change.number,
            sum(change.difference) as difference
        from change
        group by change.number
    )

    select
        to_timestamp(step_number.number * bounds.seconds) as from_time,
        coalesce(finished.succeeded_count, 0) as succeeded_count,
        coalesce(finished.failed_count, 0) as failed_count,
        coalesce(sum(changed.difference) over (order by step_number.number), 0)::bigint as queued_count
    from bounds
    cross join lateral generate_series(bounds.first_number, bounds.last_number) as step_number (number)
    left join finished on step_number.number = finished.number
    left join changed on step_number.number = changed.number
    order by step_number.number
$$;

comment on function elt.job_history(interval, interval) is
    'Attempts that finished within each step of the span before now, and the jobs that were due and waited for a worker at its end: elt.job_history(''1 hour'', ''1 minute''). The last step has not ended.';
