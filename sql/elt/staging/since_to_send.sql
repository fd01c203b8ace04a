-- reads:    elt.rest_source, elt.load, elt.source_behind, elt.live_since, elt.utc_text
-- used by:  elt load
-- careful:  all records are read if core holds results of an older core query, because a load with the current query
--           would hide that (elt.source_behind looks at the latest load). An overlap is subtracted in UTC, where each
--           day has 24 hours
create or replace function elt.since_to_send(source text, is_full boolean)
returns table (since_column text, since_type text, value text, reason text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with reading as (
        select
            rest_source.since_column,
            rest_source.since_type,
            rest_source.since_overlap,
            rest_source.since_start,
            elt.live_since(
                rest_source.source, rest_source.since_column, rest_source.since_type
            ) as live_value,
            exists (
                select 1
                from elt.source_behind
                where source_behind.source = rest_source.source
            ) as is_behind,
            exists (
                select 1
                from elt.load
                where
                    load.source = rest_source.source
                    and load.live_publish_id is not null
                    and load.since_value is not null
            ) as has_value
        from elt.rest_source
        where rest_source.source = since_to_send.source and rest_source.since_column is not null
    )

    select
        reading.since_column,
        reading.since_type,
        case
            when is_full or reading.is_behind or reading.live_value is null then reading.since_start
            when reading.since_type = 'timestamp'
                then elt.utc_text(
                    greatest(
                        elt.timestamp_value(reading.live_value) at time zone 'UTC'
                        - coalesce(reading.since_overlap, '0')::interval,
                        '0001-01-01'
                    )
                )
            when reading.since_type = 'date'
                then to_char(
                    greatest(
                        elt.date_value(reading.live_value) - coalesce(reading.since_overlap, '0')::interval,
                        '0001-01-01'
                    ),
                    'YYYY-MM-DD'
                )
            when reading.since_type = 'number'
                then trim_scale(
                    elt.numeric_value(reading.live_value) - coalesce(reading.since_overlap, '0')::numeric
                )::text
            else reading.live_value
        end,
        case
            when is_full then null
            when reading.is_behind then 'its core query has changed'
            when reading.live_value is null and reading.has_value
                then 'since_column or since_type in elt.rest_source has changed'
        end
    from reading
$$;

comment on function elt.since_to_send(text, boolean) is
    'Returns the value that the next load of an API sends to get only newer records: the highest live value without the overlap, or since_start if everything is read. Null to send none. reason says why everything is read although an earlier load has a value. No row if the source is not loaded incrementally.';
