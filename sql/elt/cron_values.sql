-- used by:  elt.next_run
create or replace function elt.cron_values(field text, lowest bigint, highest bigint)
returns bigint[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    part text;
    found_parts text[];
    first_value bigint;
    last_value bigint;
    all_values bigint[] := '{}';
begin
    foreach part in array string_to_array(field, ',') loop
        found_parts := regexp_match(part, '^(?:\*|([0-9]{1,4})(?:-([0-9]{1,4}))?)(?:/([1-9][0-9]{0,3}))?$');
        first_value := coalesce(found_parts[1]::bigint, lowest);
        last_value := case
            when found_parts[2] is not null then found_parts[2]::bigint
            when found_parts[1] is not null and found_parts[3] is null then first_value
            else highest
        end;
        if found_parts is null or first_value < lowest or last_value > highest or first_value > last_value then
            raise exception '"%" is no part of a schedule', part
                using
                    errcode = 'invalid_parameter_value',
                    detail = format('Values are from %s to %s: *, 5, 1-5, */15, or several with commas.', lowest, highest);
        end if;
        all_values := all_values || array(
            select generate_series(first_value, last_value, coalesce(found_parts[3]::bigint, 1))
        );
    end loop;
    return all_values;
end
$$;

comment on function elt.cron_values(text, bigint, bigint) is
    'The numbers that one field of a cron expression stands for.';
