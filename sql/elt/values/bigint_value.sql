-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Most values are at most 18 digits and nothing else. They are tested first, without a
--           regular expression, which costs several times as much. Only 18 digits always fit
create or replace function elt.bigint_value(value text)
returns bigint
language sql
immutable
parallel safe
as $$
    select case
        when octet_length(value) between 1 and 18 and translate(value, '0123456789', '') = ''
            then value::bigint
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+$'
            then null
        when octet_length(ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')) <= 18
            then btrim(value, E' \t\n\r\f\x0B')::bigint
        when octet_length(ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')) > 19
            then null
        when
            ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')::numeric
            <= case left(btrim(value, E' \t\n\r\f\x0B'), 1)
                when '-' then 9223372036854775808
                else 9223372036854775807
            end
            then btrim(value, E' \t\n\r\f\x0B')::bigint
    end
$$;

comment on function elt.bigint_value(text) is
    'Reads an integer: digits with an optional sign. White space around it is allowed. Null for anything else, and if the number does not fit into 64 bits.';
