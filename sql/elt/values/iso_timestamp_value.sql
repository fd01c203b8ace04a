-- reads:    elt.local_timestamp_value
-- used by:  core queries
-- careful:  PL/pgSQL for the same reason as elt.iso_date_value
create or replace function elt.iso_timestamp_value(value text)
returns timestamp
language plpgsql
immutable
parallel safe
as $$
begin
    return elt.local_timestamp_value(value);
end
$$;

comment on function elt.iso_timestamp_value(text) is
    'As elt.local_timestamp_value, for text that another function returns: elt.iso_timestamp_value(elt.day_first_as_iso(text)).';
