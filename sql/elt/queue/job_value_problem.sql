-- used by:  elt.job_argument_problems
-- careful:  PostgreSQL 15 cannot try a cast, so errors are caught
create or replace function elt.job_value_problem(value jsonb, type text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    is_text constant boolean := jsonb_typeof(value) = 'string';
    word constant text := value #>> '{}';
    form text := 'a text';
    is_valid boolean := is_text;
begin
    case type
        when 'integer' then
            form := 'a whole number';
            is_valid := jsonb_typeof(value) = 'number' and word ~ '^-?[0-9]{1,18}$';
        when 'number' then
            form := 'a number';
            is_valid := jsonb_typeof(value) = 'number';
        when 'boolean' then
            form := 'true or false';
            is_valid := jsonb_typeof(value) = 'boolean';
        when 'date' then
            form := 'a day such as 2026-11-30';
            is_valid := is_text and elt.date_value(word) is not null;
        when 'time' then
            form := 'a time with its zone such as 2026-11-30T17:30:00Z';
            is_valid := is_text and elt.instant_value(word) is not null;
        when 'interval' then
            form := 'a time span such as 30 days or 90 minutes';
            is_valid := is_text and word::interval is not null;
        when 'json' then
            is_valid := true;
        else
            null;
    end case;
    return case when not is_valid then format('This must be %s.', form) end;
exception
    when data_exception then
        return format('This must be %s.', form);
end
$$;

comment on function elt.job_value_problem(jsonb, text) is
    'Returns why a value is not of a type of elt.job_argument, a sentence. Null if it is.';
