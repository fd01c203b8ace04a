-- reads:    elt.date_value
-- used by:  core queries
-- careful:  PL/pgSQL, because PostgreSQL does not inline elt.date_value over a costly argument, and a
--           call of a SQL function that is not inlined costs five times as much
create or replace function elt.iso_date_value(value text)
returns date
language plpgsql
immutable
parallel safe
as $$
begin
    return elt.date_value(value);
end
$$;

comment on function elt.iso_date_value(text) is
    'As elt.date_value, for text that another function returns: elt.iso_date_value(elt.day_first_as_iso(text)).';
