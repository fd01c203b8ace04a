-- reads:    elt.job_kind, elt.job, elt.require_queue_name
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
        select job.job_id into job_number
        from elt.job
        where job.dedup_key = enqueue.dedup_key and job.state in ('queued', 'running');
        if found then
            return job_number;
        end if;
        -- The other one was done in between.
    end loop;
end
$$;

comment on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) is
    'Enqueues a job and says its number; with a dedup_key that a waiting or running job has, the number of that one. Part of the caller''s transaction.';

revoke execute on function elt.enqueue(
    text, jsonb, text, bigint, timestamptz, text, bigint, interval
) from public;
