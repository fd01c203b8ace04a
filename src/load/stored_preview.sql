-- What a held load changes (elt.preview), and the columns of each relation in their order, which the report does not have.
select
    preview.report,
    coalesce(
        (
            select
                jsonb_object_agg(
                    named.relation,
                    array(
                        select pg_attribute.attname::text
                        from pg_catalog.pg_attribute
                        where
                            pg_attribute.attrelid = to_regclass(named.relation)
                            and pg_attribute.attnum > 0
                            and not pg_attribute.attisdropped
                        order by pg_attribute.attnum
                    )
                )
            from (
                select distinct listed.relation ->> 'name' as relation
                from jsonb_array_elements(preview.report -> 'relations') as listed (relation)
            ) as named
        ),
        '{}'
    ) as columns
from elt.preview
where $1::bigint = any(preview.load_ids)
