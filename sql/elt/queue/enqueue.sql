-- reads:    elt.job_kind, elt.job, elt.job_difference, elt.require_queue_name
-- used by:  triggers, schedules, elt jobs enqueue, people in psql
-- careful:  the job exists when the caller's transaction commits, and not if it rolls back. With the
--           rights of its owner, so that who may call it needs none on the tables. Whoever may call it lets
--           the worker's program do what the kinds say, with any arguments: grant that to few
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
        raise exception 'the arguments of a job are an object, and not of type %', jsonb_typeof(args)
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
        -- The only conflict there can be is that of the key.
        on conflict do nothing
        returning job.job_id into job_number;
        if found then
            return job_number;
        end if;
        -- The lock keeps it from starting before the caller's transaction commits: it would not see what that
        -- did. Several callers may hold it.
        select job.job_id into job_number
        from elt.job
        where job.dedup_key = enqueue.dedup_key and job.state = 'queued'
        for key share;
        if found then
            difference := elt.job_difference(
                job_number, kind, args, queue, priority, coalesce(run_at, now()), max_attempts, time_limit
            );
            if difference <> '{}' then
                raise notice 'job % has the key and stays as it is: it differs in %',
                    job_number, array_to_string(difference, ', ')
                    using hint = 'Cancel that job first, or use another key.';
            end if;
            perform pg_notify('elt_job', '');
            return job_number;
        end if;
        -- A worker took the other one in between.
    end loop;
end
$$;

comment on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) is
    'Enqueues a job and returns its number; if a queued job has the dedup_key, the number of that one, and a notice says what is different of it. Part of the caller''s transaction.';

revoke execute on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) from public;
