-- reads:    elt.job, elt.job_kind
-- used by:  elt.enqueue, elt jobs enqueue
-- careful:  returns names and no values, because only roles that may read elt.job may see arguments
create or replace function elt.job_difference(
    job_id bigint,
    kind text,
    args jsonb,
    queue text,
    priority bigint,
    run_at timestamptz,
    max_attempts bigint,
    time_limit interval
)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select array(
        select compared.name
        from elt.job
        inner join elt.job_kind on job_kind.kind = job_difference.kind
        cross join lateral (
            values
            (1, 'kind', job.kind <> job_difference.kind),
            (2, 'args', job.args <> coalesce(job_difference.args, '{}')),
            (3, 'queue', job.queue <> job_difference.queue),
            (4, 'priority', job.priority <> job_difference.priority),
            -- Two times in the past both mean now.
            (5, 'run_at', greatest(job.run_at, now()) <> greatest(job_difference.run_at, now())),
            (6, 'max_attempts', job.max_attempts <> coalesce(job_difference.max_attempts, job_kind.max_attempts)),
            (7, 'time_limit', job.time_limit <> coalesce(job_difference.time_limit, job_kind.time_limit))
        ) as compared (place, name, is_other)
        where job.job_id = job_difference.job_id and compared.is_other
        order by compared.place
    )
$$;

comment on function elt.job_difference(
    bigint, text, jsonb, text, bigint, timestamptz, bigint, interval
) is
    'Returns the names of the settings in which a job differs from the arguments of elt.enqueue(), such as args and priority.';
