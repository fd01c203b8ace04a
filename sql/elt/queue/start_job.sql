-- reads:    elt.job_kind, elt.account, elt.job_argument_problems, elt.enqueue
-- used by:  elt serve
-- careful:  unlike elt.enqueue, starts only kinds that are registered for the web application, with valid arguments and
--           for an account with the right role, so that the role of the web pages may call it
create or replace function elt.start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamptz)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    wrong record;
begin
    if not exists (
        select 1
        from elt.job_kind
        inner join elt.account on account.role = 'admin' or account.role = job_kind.web_role
        where
            job_kind.kind = start_job.kind
            and job_kind.web_role is not null
            and account.name = current_setting('elt.account', true)
            and account.disabled_at is null
    ) then
        raise exception 'the account may not start jobs of kind "%"', kind
            using errcode = 'insufficient_privilege', hint = 'See elt.job_kind.web_role.';
    end if;
    select problems.argument, problems.problem into wrong
    from elt.job_argument_problems(kind, args) as problems
    limit 1;
    if found then
        raise exception 'argument "%" is not valid: %', wrong.argument, wrong.problem
            using errcode = 'invalid_parameter_value';
    end if;
    return elt.enqueue(kind, args, queue => queue, priority => priority, run_at => run_at);
end
$$;

comment on function elt.start_job(text, jsonb, text, bigint, timestamptz) is
    'Enqueues a job for the account of the web application named by the setting elt.account, if its role may start such jobs, and returns its number.';

revoke execute on function elt.start_job(text, jsonb, text, bigint, timestamptz) from public;
