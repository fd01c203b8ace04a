-- reads:    elt.amount_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Points and commas are swapped, in the unit (Fr.) too
create or replace function elt.comma_amount_value(value text, unit text)
returns numeric
language sql
immutable
parallel safe
as $$
    select elt.amount_value(translate(value, '.,', ',.'), translate(unit, '.,', ',.'))
$$;

comment on function elt.comma_amount_value(text, text) is
    'Reads an amount with a decimal comma, such as 1.234,50 €. Points, spaces or apostrophes may group thousands. Otherwise the same as elt.amount_value.';
