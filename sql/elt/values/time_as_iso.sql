-- reads:    nothing
-- used by:  elt.date_as_iso
-- careful:  PL/pgSQL, because what its callers pass is too costly for PostgreSQL to inline it. A
--           function in SQL that is not inlined costs several times as much
create or replace function elt.time_as_iso(value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    hour integer;
    has_half boolean;
begin
    if
        value !~ (
            '^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?'
            || '([ \u00a0\u202f]*[aApP][mM])?$'
        )
    then
        return null;
    end if;
    hour := split_part(value, ':', 1)::integer;
    has_half := right(value, 1) in ('m', 'M');
    if has_half and hour not between 1 and 12 then
        return null;
    end if;
    -- 12 AM is midnight, and 12 PM is noon.
    if has_half then
        hour := hour % 12 + case when value ~ '[pP].$' then 12 else 0 end;
    end if;
    return lpad(hour::text, 2, '0')
        || rtrim(substr(value, strpos(value, ':')), E'aApPmM \u00a0\u202f');
end
$$;

comment on function elt.time_as_iso(text) is
    'Converts a time of day, such as 9:05, 09:05:30.5 or 9:05 PM, to ISO text. Null for any other text. Does not check that the time exists.';
