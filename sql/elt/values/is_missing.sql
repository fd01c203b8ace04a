-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           This is the only list of markers: the program reads it from this file when it is
--           compiled, so it must stay a single list of plain literals
create or replace function elt.is_missing(value text)
returns boolean
language sql
immutable
parallel safe
as $$
    select
        value is null
        or lower(btrim(value, E' \t\n\r\f\x0B') collate "C")
        in ('', 'na', 'n/a', 'null', 'none', 'nan', 'nat', '-', '--', '.', '?', '\n')
$$;

comment on function elt.is_missing(text) is
    'Returns whether a value is missing: null, empty, or a marker such as NA, N/A, null, NaN, -, ? or \N, in any case. White space around it is allowed.';
