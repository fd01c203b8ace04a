-- reads:    nothing
-- used by:  elt.relation_column, elt serve
create or replace function elt.list_words(value anyarray)
returns text
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case
        when cardinality(value) = 0 then 'empty list'
        else array_to_string(value, ', ', '–')
    end
$$;

comment on function elt.list_words(anyarray) is
    'Returns a list as people write it, with commas between the values and a dash for null.';
