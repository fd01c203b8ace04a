-- reads:    elt.text_value, elt.bigint_value
-- used by:  elt.purge_key
create or replace function elt.is_same(value text, key text)
returns boolean
language sql
immutable
parallel safe
as $$
    select coalesce(
        elt.text_value(value) = elt.text_value(key) or elt.bigint_value(value) = elt.bigint_value(key),
        elt.text_value(value) = elt.text_value(key),
        false
    )
$$;

comment on function elt.is_same(text, text) is
    'Whether a raw value equals the value of a key: as text without white space around it, or as an integer (007 equals 7).';
