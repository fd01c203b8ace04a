-- reads:    elt.range_words
-- used by:  elt.relation_column, elt serve
create or replace function elt.ranges_words(value anymultirange)
returns text
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(string_agg(elt.range_words(part.part), '; ' order by part.place), 'empty')
    from unnest(value) with ordinality as part (part, place)
    where value is not null
$$;

comment on function elt.ranges_words(anymultirange) is
    'Returns several ranges in words, with semicolons between them (elt.range_words).';
