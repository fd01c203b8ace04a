-- reads:    elt.time_as_iso
-- used by:  elt.parts_as_iso, elt.month_name_as_iso
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           The callers have checked year, month and day
create or replace function elt.date_as_iso(year text, month text, day text, time_of_day text)
returns text
language sql
immutable
parallel safe
as $$
    select
        case
            when length(year) > 2 then ''
            when year < '70' then '20'
            else '19'
        end
        || year
        || '-'
        || lpad(month, 2, '0')
        || '-'
        || lpad(day, 2, '0')
        || case when time_of_day = '' then '' else ' ' || elt.time_as_iso(time_of_day) end
$$;

comment on function elt.date_as_iso(text, text, text, text) is
    'Builds ISO text from a year, a month, a day, and a time of day or an empty text. Two-digit years mean 1970 to 2069. Null if elt.time_as_iso cannot read the time.';
