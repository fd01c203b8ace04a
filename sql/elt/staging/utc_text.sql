-- reads:    nothing
-- used by:  elt.staged_since, elt.since_to_send
create or replace function elt.utc_text(instant timestamp)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select
        to_char(instant, 'YYYY-MM-DD"T"HH24:MI:SS')
        || case
            when date_trunc('second', instant) <> instant then to_char(instant, '.US')
            else ''
        end
        || 'Z'
$$;

comment on function elt.utc_text(timestamp) is
    'Writes a time in UTC for an API: 2026-11-30T08:00:00Z, with microseconds unless they are zero.';
