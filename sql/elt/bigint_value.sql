-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Most values are digits and nothing else: that is asked first, without a regular
--           expression, which costs several times as much
create or replace function elt.bigint_value(value text)
returns bigint
language sql
immutable
parallel safe
as $$
    select case
        when octet_length(value) between 1 and 18 and translate(value, '0123456789', '') = ''
            then value::bigint
        when btrim(value, E' \t\n\r\f\x0B') ~ '^[+-]?[0-9]{1,18}$'
            then btrim(value, E' \t\n\r\f\x0B')::bigint
    end
$$;

comment on function elt.bigint_value(text) is
    'The integer that the text says: an optional sign and at most 18 digits, white space around it allowed; null for anything else.';
