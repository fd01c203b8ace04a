-- reads:    elt.load, staging tables, elt.live_since, elt.read_instant, elt.utc_text
-- used by:  elt load, when a load is staged
-- careful:  records that change while the pages are read are later than the start of the load. Continuing from them could
--           skip records that changed on pages that had been read, so they do not count. A value later than the end of
--           the load comes from a wrong clock. The values are read once (materialized) and not for each aggregate
create or replace function elt.staged_since(load_id bigint)
returns table (value text, unreadable_count bigint, future_count bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    reading record;
    read_value text;
    is_past text := 'true';
    is_future text := 'false';
    highest text;
begin
    select
        load.source,
        load.since_column,
        load.since_type,
        load.started_at
    into strict reading
    from elt.load
    where load.load_id = staged_since.load_id;
    if reading.since_column is null then
        return next;
        return;
    end if;

    case reading.since_type
        when 'timestamp' then
            read_value := 'elt.read_instant(said.value)';
            is_past := 'read.value <= $3';
            is_future := 'read.value > clock_timestamp()';
            highest := 'elt.utc_text(greatest(%s, elt.timestamp_value($4)) at time zone ''UTC'')';
        when 'date' then
            read_value :=
                'coalesce(elt.date_value(said.value), (elt.read_instant(said.value) at time zone ''UTC'')::date)';
            is_past := 'read.value <= ($3 at time zone ''UTC'')::date';
            -- The first time zones have the next day when it is ten o'clock in UTC.
            is_future := 'read.value > (clock_timestamp() at time zone ''UTC'' + interval ''14 hours'')::date';
            highest := 'to_char(greatest(%s, elt.date_value($4)), ''YYYY-MM-DD'')';
        when 'number' then
            read_value := 'elt.numeric_value(said.value)';
            -- An exponent can make a number longer than elt.numeric_value reads.
            is_past := 'abs(read.value) < 1e100 and scale(read.value) <= 100';
            highest := 'trim_scale(greatest(%s, elt.numeric_value($4)))::text';
        when 'text' then
            read_value := 'said.value collate "C"';
            highest := 'greatest(%s, $4 collate "C")';
    end case;
    execute format(
        'with said as (
            select coalesce(staged.payload ->> $2, staged.payload #>> string_to_array($2, ''.'')) as value
            from staging.%I as staged
            where staged._load_id = $1
        ),

        read as materialized (
            select %s as value
            from said
            where not elt.is_missing(said.value)
        )

        select
            %s,
            count(*) filter (where read.value is null),
            count(*) filter (where %s)
        from read',
        reading.source,
        read_value,
        format(highest, format('max(read.value) filter (where %s)', is_past)),
        is_future
    )
    into value, unreadable_count, future_count
    using
        staged_since.load_id,
        reading.since_column,
        reading.started_at,
        elt.live_since(reading.source, reading.since_column, reading.since_type);
    return next;
end
$$;

comment on function elt.staged_since(bigint) is
    'Returns how far a staged load of an API has read: the highest value of since_column in its rows, or the live value if that is higher. Also counts values that cannot be read as since_type, and values in the future. All are null if the load is not incremental.';
