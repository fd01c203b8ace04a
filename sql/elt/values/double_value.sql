-- reads:    elt.numeric_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           The cast raises an error outside the range of double precision, so the range is checked
--           as numeric. The bounds still round to the smallest and the largest double
create or replace function elt.double_value(value text)
returns double precision
language sql
immutable
parallel safe
as $$
    select case
        when
            octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::double precision
        when
            lower(btrim(value, E' \t\n\r\f\x0B') collate "C")
            in ('inf', '+inf', 'infinity', '+infinity')
            then 'infinity'::double precision
        when lower(btrim(value, E' \t\n\r\f\x0B') collate "C") in ('-inf', '-infinity')
            then '-infinity'::double precision
        when
            elt.numeric_value(value) = 0
            or abs(elt.numeric_value(value)) between 4.9e-324 and 1.797693134862315807e308
            then btrim(value, E' \t\n\r\f\x0B')::double precision
    end
$$;

comment on function elt.double_value(text) is
    'Reads a floating-point number: what elt.numeric_value reads, or inf or infinity with an optional sign, in any case. Null for anything else, and for numbers outside the range of double precision.';
