-- reads:    elt.job_kind, elt.job, elt.job_difference, elt.require_queue_name
-- used by:  triggers, schedules, elt jobs enqueue, users in psql
-- careful:  the job exists once the caller's transaction commits, and not if it rolls back. Runs with its owner's
--           rights, so that the caller needs no rights on the tables. A role that may call it can make the worker run
--           any kind of job with any arguments, so grant it to few roles
create or replace function elt.enqueue(
    kind text,
    args jsonb default '{}',
    queue text default 'default',
    priority bigint default 0,
    run_at timestamptz default null,
    dedup_key text default null,
    max_attempts bigint default null,
    time_limit interval default null
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    job_number bigint;
    difference text[];
begin
    if not exists (select 1 from elt.job_kind where job_kind.kind = enqueue.kind) then
        raise exception 'there is no kind of job "%"', kind
            using
                errcode = 'invalid_parameter_value',
                hint = 'The kinds are: ' || (
                    select string_agg(job_kind.kind, ', ' order by job_kind.kind) from elt.job_kind
                ) || '.';
    end if;
    if jsonb_typeof(args) <> 'object' then
        raise exception 'the arguments of a job must be an object, not of type %', jsonb_typeof(args)
            using errcode = 'invalid_parameter_value', hint = 'For example {"force": true}.';
    end if;
    perform elt.require_queue_name(queue);
    loop
        insert into elt.job (
            kind, queue, args, priority, run_at, dedup_key, max_attempts, time_limit
        )
        select
            job_kind.kind,
            enqueue.queue,
            coalesce(enqueue.args, '{}'),
            enqueue.priority,
            coalesce(enqueue.run_at, now()),
            enqueue.dedup_key,
            coalesce(enqueue.max_attempts, job_kind.max_attempts),
            coalesce(enqueue.time_limit, job_kind.time_limit)
        from elt.job_kind
        where job_kind.kind = enqueue.kind
        -- Only the key can conflict.
        on conflict do nothing
        returning job.job_id into job_number;
        if found then
            return job_number;
        end if;
        -- The lock keeps the job from starting before the caller's transaction commits, because it would not see the
        -- changes. Several callers can hold the lock.
        select job.job_id into job_number
        from elt.job
        where job.dedup_key = enqueue.dedup_key and job.state = 'queued'
        for key share;
        if found then
            difference := elt.job_difference(
                job_number, kind, args, queue, priority, coalesce(run_at, now()), max_attempts, time_limit
            );
            if difference <> '{}' then
                raise notice 'job % already has the key and was not changed; it differs in: %',
                    job_number, array_to_string(difference, ', ')
                    using hint = 'Cancel that job first, or use another key.';
            end if;
            perform pg_notify('elt_job', '');
            return job_number;
        end if;
        -- A worker claimed the other job in between.
    end loop;
end
$$;

comment on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) is
    'Enqueues a job in the caller''s transaction and returns its number. If a queued job has the dedup_key, returns the number of that job, and a notice lists how it differs.';

revoke execute on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) from public;
