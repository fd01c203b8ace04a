-- reads:    nothing
-- used by:  elt.month_name_as_iso
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.month_as_iso(name text)
returns text
language sql
immutable
parallel safe
as $$
    select case
        when
            name in (
                'jan', 'january', 'feb', 'february', 'mar', 'march', 'apr', 'april', 'may',
                'jun', 'june', 'jul', 'july', 'aug', 'august', 'sep', 'sept', 'september',
                'oct', 'october', 'nov', 'november', 'dec', 'december'
            )
            then
                lpad(
                    (
                        strpos('janfebmaraprmayjunjulaugsepoctnovdec', left(name, 3)) / 3 + 1
                    )::text,
                    2,
                    '0'
                )
    end
$$;

comment on function elt.month_as_iso(text) is
    'Returns the two-digit number of a month, given its English name in lower case: in full, as three letters, or sept. Null for anything else.';
