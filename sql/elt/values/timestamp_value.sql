-- reads:    elt.date_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query. A text without a zone is
--           read as UTC, whatever the time zone of the session is
create or replace function elt.timestamp_value(value text)
returns timestamptz
language sql
immutable
parallel safe
as $$
    select (
        elt.date_value(part[1])
        + make_interval(
            hours => part[2]::integer,
            mins => part[3]::integer,
            secs => coalesce(part[4], '0')::double precision
        )
        - case when part[5] = '-' then -1 else 1 end * make_interval(
            hours => coalesce(part[6], '0')::integer, mins => coalesce(part[7], '0')::integer
        )
    ) at time zone 'UTC'
    from regexp_match(
        btrim(value, E' \t\n\r\f\x0B'),
        '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?(?:Z|z|([+-])([01][0-9]):?([0-5][0-9])?)?$'
    ) as part
$$;

comment on function elt.timestamp_value(text) is
    'Reads a point in time: YYYY-MM-DD and HH:MM of a day that exists, optionally with seconds and a zone (Z, +01:00). A text without a zone is read as UTC. Null for anything else.';
