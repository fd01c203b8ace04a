-- reads:    elt.cron_values
-- used by:  elt.enqueue_due
-- careful:  days are gone through on the time zone's own calendar. A local time that does not exist
--           becomes what PostgreSQL makes of it, which is later; one that exists twice comes once
create or replace function elt.next_run(cron text, time_zone text, after timestamptz)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    fields constant text[] := regexp_split_to_array(btrim(cron), '\s+');
    minutes bigint[];
    hours bigint[];
    month_days bigint[];
    months bigint[];
    week_days bigint[];
    day date := (after at time zone time_zone)::date;
    is_month_day boolean;
    is_week_day boolean;
    is_due_day boolean;
    found_time timestamptz;
begin
    if cardinality(fields) <> 5 then
        raise exception 'schedule "%" has % fields, not 5', cron, cardinality(fields)
            using errcode = 'invalid_parameter_value';
    end if;
    minutes := elt.cron_values(fields[1], 0, 59);
    hours := elt.cron_values(fields[2], 0, 23);
    month_days := elt.cron_values(fields[3], 1, 31);
    months := elt.cron_values(fields[4], 1, 12);
    week_days := elt.cron_values(fields[5], 0, 7);
    -- The 29th of February may be eight years away.
    for distance in 0..3300 loop
        if extract(month from day) = any(months) then
            is_month_day := extract(day from day) = any(month_days);
            is_week_day := extract(dow from day) = any(week_days)
                or (extract(dow from day) = 0 and 7 = any(week_days));
            -- As cron has it: if both are restricted, either is enough.
            is_due_day := (is_month_day and is_week_day)
                or (
                    (is_month_day or is_week_day)
                    and left(fields[3], 1) <> '*'
                    and left(fields[5], 1) <> '*'
                );
            if is_due_day then
                select min(candidate.run_at) into found_time
                from unnest(hours) as hour
                cross join unnest(minutes) as minute
                cross join lateral (
                    select (
                        day + make_time(hour::integer, minute::integer, 0)
                    ) at time zone time_zone as run_at
                ) as candidate
                where candidate.run_at > after;
                if found_time is not null then
                    return found_time;
                end if;
            end if;
        end if;
        day := day + 1;
    end loop;
    return null;
end
$$;

comment on function elt.next_run(text, text, timestamptz) is
    'When a cron expression is due next after a moment, by the clock of a time zone; null if never.';
