-- reads:    elt.numeric_value
-- used by:  elt.amount_value
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           U+00A0, U+2009 and U+202F are the no-break, thin and narrow no-break space, U+2212 is the
--           minus sign and U+2019 an apostrophe. Capturing groups and back references would make
--           the regular expression 10 times as slow, so pairs are checked after it
create or replace function elt.marked_amount_value(value text, is_percent boolean)
returns numeric
language sql
immutable
parallel safe
as $$
    select case
        when
            value !~ (
                '^[ \u00a0\u2009\u202f]*'
                -- A sign or a bracket, and a unit, in either order.
                || '(?:[-+\u2212(][ \u00a0\u2009\u202f]*(?:\u0001[ \u00a0\u2009\u202f]*)?'
                || '|\u0001[ \u00a0\u2009\u202f]*(?:[-+\u2212(][ \u00a0\u2009\u202f]*)?)?'
                -- A number with groups of one kind, or a plain one.
                || '(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+|(?:\u00a0[0-9]{3})+'
                || '|(?:\u2009[0-9]{3})+|(?:\u202f[0-9]{3})+|(?:''[0-9]{3})+|(?:\u2019[0-9]{3})+)'
                || '(?:\.[0-9]*)?'
                || '|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)'
                || '[ \u00a0\u2009\u202f]*'
                -- A bracket and a unit, in either order.
                || '(?:\)[ \u00a0\u2009\u202f]*(?:\u0001[ \u00a0\u2009\u202f]*)?'
                || '|\u0001[ \u00a0\u2009\u202f]*(?:\)[ \u00a0\u2009\u202f]*)?)?$'
            )
            then null
        when value like E'%\u0001%\u0001%'
            then null
        when (strpos(value, '(') > 0) <> (strpos(value, ')') > 0)
            then null
        when is_percent and right(rtrim(value, E') \u00a0\u2009\u202f'), 1) <> E'\u0001'
            then null
        when octet_length(value) <= 100
            then
                translate(
                    value, E'(\u2212)+\u0001,''\u2019 \u00a0\u2009\u202f', '--'
                )::numeric
        else
            elt.numeric_value(
                translate(value, E'(\u2212)+\u0001,''\u2019 \u00a0\u2009\u202f', '--')
            )
    end
$$;

comment on function elt.marked_amount_value(text, boolean) is
    'Reads an amount whose unit has been replaced by the character U+0001; see elt.amount_value. If is_percent is true, the unit is required after the number.';
