-- reads:    elt.date_value, elt.timestamp_value, elt.instant_value
-- used by:  elt.staged_since
-- careful:  the usual form is cast, which takes a tenth of the time of elt.timestamp_value. It is checked before, because
--           a cast raises an error for 30 February. More than six decimal places are cut off, because a rounded time
--           could be later than the record
create or replace function elt.read_instant(value text)
returns timestamptz
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    cut text := value;
begin
    if value ~ '\.[0-9]{7}' then
        cut := regexp_replace(value, '(\.[0-9]{6})[0-9]+', '\1');
    end if;
    if
        cut ~ (
            '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?'
            || '(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$'
        )
        and elt.date_value(left(cut, 10)) is not null
    then
        return cut::timestamptz;
    end if;
    return coalesce(elt.timestamp_value(cut), elt.instant_value(cut));
end
$$;

comment on function elt.read_instant(text) is
    'Reads a point in time in any form that elt.timestamp_value or elt.instant_value reads. A text without a zone is read as UTC. Null for anything else.';
