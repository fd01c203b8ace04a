-- reads:    PostgreSQL's catalogue, elt.has_value
-- used by:  elt.take_back
create or replace function elt.key_condition(target regclass, key jsonb)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select string_agg(
        case
            when pg_attribute.attname is null then 'false'
            else format('elt.has_value(have.%I, %L)', part.name, part.value)
        end,
        ' and '
    )
    from jsonb_each_text(key) as part (name, value)
    left join pg_catalog.pg_attribute
        on
            pg_attribute.attrelid = target
            and part.name = pg_attribute.attname
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
$$;

comment on function elt.key_condition(regclass, jsonb) is
    'Returns the condition that selects the rows of a core table (have) with all values of a key, an object of names and values. Null if the key is null.';
