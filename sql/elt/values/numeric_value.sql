-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           A regular expression that counts to 100 is 15 times as slow, so only texts of more than
--           100 bytes are counted
create or replace function elt.numeric_value(value text)
returns numeric
language sql
immutable
parallel safe
as $$
    select case
        when
            octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::numeric
        when
            btrim(value, E' \t\n\r\f\x0B')
            !~ '^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$'
            then null
        when
            octet_length(btrim(value, E' \t\n\r\f\x0B')) <= 100
            or btrim(value, E' \t\n\r\f\x0B') ~ '^[+-]?[0-9]{0,100}(\.[0-9]{0,100})?([eE].*)?$'
            then btrim(value, E' \t\n\r\f\x0B')::numeric
    end
$$;

comment on function elt.numeric_value(text) is
    'Reads a number: at most 100 digits before and after a decimal point, an optional sign, and an optional exponent of up to 3 digits (1e-05). White space around it is allowed. Null for anything else.';
