-- reads:    nothing
-- used by:  elt.purge_key
create or replace function elt.mentions(message text, key jsonb)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        bool_and(
            mentions.message ~ (
                '(^|[^[:alnum:]])'
                || regexp_replace(part.value, '([^[:alnum:]])', '\\\1', 'g')
                || '([^[:alnum:]]|$)'
            )
        ),
        false
    )
    from jsonb_each_text(key) as part (name, value)
$$;

comment on function elt.mentions(text, jsonb) is
    'Whether all values of a key appear in a message, each as a separate word. The key is an object of names and values. False for a null message.';
