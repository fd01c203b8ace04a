-- reads:    elt.job_argument, and the table that it names
-- used by:  elt.job_argument_problems, elt jobs kinds, elt serve
create or replace function elt.job_argument_choices(kind text, argument text)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    described elt.job_argument;
    found_choices text[];
begin
    select job_argument.* into described
    from elt.job_argument
    where
        job_argument.kind = job_argument_choices.kind
        and job_argument.argument = job_argument_choices.argument;
    if described.choice_table is null then
        return described.choices;
    end if;
    execute format(
        'select array_agg(distinct %1$I::text order by %1$I::text) from %2$I.%3$I',
        described.choice_column,
        split_part(described.choice_table, '.', 1),
        split_part(described.choice_table, '.', 2)
    ) into found_choices;
    return coalesce(found_choices, '{}');
end
$$;

comment on function elt.job_argument_choices(text, text) is
    'Returns the allowed values of an argument. Null if any value is allowed.';
