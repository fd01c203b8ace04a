-- $1 text, $2 text: two relations
-- $3 text[]: the columns of their key, or null
-- The names of their columns, without those that only tell where a row came from: those of the key, then those of the
-- second relation in their order, then those that only the first one has.
select coalesce(array_agg(listed.name order by listed.place), '{}')
from (
    select
        pg_attribute.attname::text as name,
        min(
            array[
                coalesce(array_position($3::text[], pg_attribute.attname::text), 10000),
                case when pg_attribute.attrelid = $2::text::regclass then 0 else 1 end,
                pg_attribute.attnum
            ]
        ) as place
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid in ($1::text::regclass, $2::text::regclass)
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attname not like '\_%'
    group by pg_attribute.attname
) as listed;
