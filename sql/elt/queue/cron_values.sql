-- used by:  elt.next_run
-- careful:  the limits distinguish months (1 to 12) and days of the week (0 to 7), which have names, from other fields
create or replace function elt.cron_values(field text, lowest bigint, highest bigint)
returns bigint[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The first one is the lowest value.
    names constant text[] := case highest
        when 12 then array['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
        when 7 then array['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
    end;
    part text;
    found_parts text[];
    first_value bigint;
    last_value bigint;
    all_values bigint[] := '{}';
begin
    foreach part in array string_to_array(field, ',') loop
        found_parts := regexp_match(
            lower(part),
            '^(?:\*|([0-9]{1,4}|[a-z]{3})(?:-([0-9]{1,4}|[a-z]{3}))?)(?:/([1-9][0-9]{0,3}))?$'
        );
        first_value := case
            when found_parts[1] is null then lowest
            when found_parts[1] ~ '^[0-9]' then found_parts[1]::bigint
            else array_position(names, found_parts[1]) - 1 + lowest
        end;
        last_value := case
            when found_parts[2] ~ '^[0-9]' then found_parts[2]::bigint
            -- Sunday is both 0 and 7.
            when found_parts[2] = 'sun' and highest = 7 and first_value > 0 then 7
            when found_parts[2] is not null then array_position(names, found_parts[2]) - 1 + lowest
            when found_parts[1] is not null and found_parts[3] is null then first_value
            else highest
        end;
        if
            found_parts is null
            or (first_value >= lowest and last_value <= highest and first_value <= last_value) is not true
        then
            raise exception '"%" is not a valid field of a schedule', part
                using
                    errcode = 'invalid_parameter_value',
                    detail = format(
                        'Values are from %s to %s%s. Write *, 5, 1-5, */15 or a list with commas.',
                        lowest, highest, ', or ' || upper(names[1] || ' to ' || names[cardinality(names)])
                    );
        end if;
        all_values := all_values || array(
            select generate_series(first_value, last_value, coalesce(found_parts[3]::bigint, 1))
        );
    end loop;
    return all_values;
end
$$;

comment on function elt.cron_values(text, bigint, bigint) is
    'Returns the numbers that a field of a cron expression stands for.';
