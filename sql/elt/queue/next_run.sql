-- reads:    elt.cron_values
-- used by:  elt.enqueue_due, elt.after_restore, elt.keep_next_run
-- careful:  clock changes are handled as in cron. A schedule with * in its hours or minutes is an interval: it is due
--           at each minute that passes and whose local time fits, so a repeated hour counts twice and a skipped hour
--           not at all. Any other schedule is a fixed time: it is due once the clock shows that time or, if the time is
--           skipped, a later one, and is not due again if the clock is set back
create or replace function elt.next_run(cron text, time_zone text, after timestamptz)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    written constant text := btrim(cron, E' \t\r\n');
    fields constant text[] := regexp_split_to_array(
        case lower(written)
            when '@hourly' then '0 * * * *'
            when '@daily' then '0 0 * * *'
            when '@midnight' then '0 0 * * *'
            when '@weekly' then '0 0 * * 0'
            when '@monthly' then '0 0 1 * *'
            when '@yearly' then '0 0 1 1 *'
            when '@annually' then '0 0 1 1 *'
            else written
        end,
        '\s+'
    );
    is_interval constant boolean := concat(fields[1], fields[2]) like '%*%';
    minutes bigint[];
    hours bigint[];
    month_days bigint[];
    months bigint[];
    week_days bigint[];
    furthest timestamp;
    day date;
    day_start timestamptz;
    fixed_time timestamp;
    latest_time timestamptz;
    is_month_day boolean;
    is_week_day boolean;
    is_due_day boolean;
    found_time timestamptz;
begin
    if lower(written) = '@reboot' then
        raise exception 'schedule "%" has no time', cron
            using
                errcode = 'invalid_parameter_value',
                detail = 'Workers start and stop at any time, and any of them may enqueue the jobs of a schedule.',
                hint = 'To run a job at startup, call elt jobs enqueue when the machine or its worker starts.';
    elsif cardinality(fields) = 1 and left(written, 1) = '@' then
        raise exception 'there is no schedule "%"', cron
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually.';
    elsif cardinality(fields) <> 5 then
        raise exception 'schedule "%" has % fields, not 5', cron, cardinality(fields)
            using errcode = 'invalid_parameter_value';
    end if;
    minutes := elt.cron_values(fields[1], 0, 59);
    hours := elt.cron_values(fields[2], 0, 23);
    month_days := elt.cron_values(fields[3], 1, 31);
    months := elt.cron_values(fields[4], 1, 12);
    week_days := elt.cron_values(fields[5], 0, 7);
    -- The latest local time so far. If the clock was set back, it is later than the current local time.
    select max(minute at time zone time_zone) into furthest
    from generate_series(after - interval '1 day', after, interval '1 minute') as minute;
    day := (case when is_interval then after at time zone time_zone else furthest end)::date;
    -- The next 29 February may be eight years away.
    for distance in 0..3300 loop
        if extract(month from day) = any(months) then
            is_month_day := extract(day from day) = any(month_days);
            is_week_day := extract(dow from day) = any(week_days)
                or (extract(dow from day) = 0 and 7 = any(week_days));
            -- As in cron: if both are restricted, either one is enough.
            is_due_day := (is_month_day and is_week_day)
                or (
                    (is_month_day or is_week_day)
                    and left(fields[3], 1) <> '*'
                    and left(fields[5], 1) <> '*'
                );
            if is_due_day and is_interval then
                day_start := day::timestamp at time zone time_zone;
                -- Every minute of a day, which may be a few hours longer than others.
                select min(minute) into found_time
                from generate_series(
                    greatest(date_trunc('minute', after) + interval '1 minute', day_start - interval '3 hours'),
                    day_start + interval '27 hours',
                    interval '1 minute'
                ) as minute
                cross join lateral (select minute at time zone time_zone as shown) as clock
                where
                    clock.shown::date = day
                    and extract(hour from clock.shown) = any(hours)
                    and extract(minute from clock.shown) = any(minutes);
            elsif is_due_day then
                select min(candidate.shown) into fixed_time
                from unnest(hours) as hour
                cross join unnest(minutes) as minute
                cross join lateral (
                    select day + make_time(hour::integer, minute::integer, 0) as shown
                ) as candidate
                where candidate.shown > furthest;
                -- PostgreSQL takes the later of two times, and keeps the old offset for a skipped one: never early.
                latest_time := fixed_time at time zone time_zone;
                select min(minute) into found_time
                from generate_series(latest_time - interval '1 day', latest_time, interval '1 minute') as minute
                where minute at time zone time_zone >= fixed_time;
            end if;
            if found_time is not null then
                return found_time;
            end if;
        end if;
        day := day + 1;
    end loop;
    return null;
end
$$;

comment on function elt.next_run(text, text, timestamptz) is
    'Returns the next time after a moment at which a cron expression is due, by the clock of a time zone. Null if there is none.';
