-- reads:    elt.marked_amount_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           The unit is any text and cannot be part of a regular expression: the character U+0001
--           replaces it first
create or replace function elt.amount_value(value text, unit text)
returns numeric
language sql
immutable
parallel safe
as $$
    select case
        when
            unit <> '%'
            and octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::numeric
        when strpos(value, E'\u0001') = 0
            then elt.marked_amount_value(
                replace(btrim(value, E' \t\n\r\f\x0B'), unit, E'\u0001'), unit = '%'
            )
    end
$$;

comment on function elt.amount_value(text, text) is
    'Reads an amount with a decimal point, such as $1,234.50. Commas, spaces or apostrophes may group thousands, and parentheses make the number negative. The unit, such as $ or EUR, may appear once, before or after the number; % is required after the number; an empty text allows no unit. Null for anything else, including another unit.';
