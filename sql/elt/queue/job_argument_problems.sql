-- grain:    one row per argument with a problem
-- reads:    elt.job_argument, elt.job_argument_choices, elt.job_value_problem
-- used by:  elt.start_job, elt jobs enqueue, elt serve
-- careful:  elt.enqueue does not check arguments, because triggers and schedules must not fail for one that a later
--           version describes differently: such a job is dead. elt.enqueue_task_job adds task_id to all kinds
create or replace function elt.job_argument_problems(kind text, args jsonb)
returns table (argument text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with described as (
        select
            job_argument.*,
            nullif(job_argument_problems.args -> job_argument.argument, 'null') as value,
            elt.job_argument_choices(job_argument.kind, job_argument.argument) as allowed
        from elt.job_argument
        where job_argument.kind = job_argument_problems.kind
    ),

    -- The elements of lists, or the value itself.
    element as (
        select
            described.argument,
            described.type,
            described.allowed,
            listed.value
        from described
        cross join lateral jsonb_array_elements(
            case when described.is_list then described.value else jsonb_build_array(described.value) end
        ) as listed (value)
        where
            described.value is not null
            and (not described.is_list or jsonb_typeof(described.value) = 'array')
    ),

    found as (
        select
            given.argument,
            2000000000 as place,
            'There is no such argument.' as problem
        from jsonb_object_keys(job_argument_problems.args) as given (argument)
        where
            given.argument <> 'task_id'
            and exists (select 1 from described)
            and given.argument not in (select described.argument from described)
        union all
        select
            described.argument,
            described.place,
            case
                when described.value is null then 'This argument is required.'
                else 'This must be a list.'
            end as problem
        from described
        where
            (described.is_required and coalesce(described.value, '""') in ('""', '[]'))
            or (described.is_list and jsonb_typeof(described.value) <> 'array')
        union all
        select
            described.argument,
            described.place,
            coalesce(
                elt.job_value_problem(element.value, element.type),
                format('There is no choice "%s".', element.value #>> '{}')
            ) as problem
        from element
        inner join described on element.argument = described.argument
        where
            elt.job_value_problem(element.value, element.type) is not null
            or element.value #>> '{}' <> all(element.allowed)
    )

    select
        found.argument,
        min(found.problem) as problem
    from found
    group by found.argument
    order by min(found.place), found.argument
$$;

comment on function elt.job_argument_problems(text, jsonb) is
    'Returns what is wrong with the arguments of a job, one sentence per argument. No row if they are valid, and for kinds without described arguments.';
