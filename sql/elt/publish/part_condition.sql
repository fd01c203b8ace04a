-- reads:    PostgreSQL's catalogue
-- used by:  elt.prepare_partition, elt.prepare_changes
-- careful:  the same expression as the bounds of a partition, with the same types of constants, so that PostgreSQL sees
--           that one implies the other
create or replace function elt.part_condition(target regclass, part integer, parts integer, alias text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'satisfies_hash_partition(%L::oid, %s, %s, %s)',
        target::oid,
        parts,
        part,
        string_agg(
            format('%s%I::%s', alias, pg_attribute.attname, format_type(pg_attribute.atttypid, pg_attribute.atttypmod)),
            ', ' order by keys.place
        )
    )
    from pg_catalog.pg_partitioned_table
    cross join unnest(pg_partitioned_table.partattrs::smallint[]) with ordinality as keys (number, place)
    inner join pg_catalog.pg_attribute
        on pg_partitioned_table.partrelid = pg_attribute.attrelid and keys.number = pg_attribute.attnum
    where pg_partitioned_table.partrelid = target
    group by pg_partitioned_table.partrelid
$$;

comment on function elt.part_condition(regclass, integer, integer, text) is
    'Returns the condition that selects one part of the keys of a table that is partitioned by hash. alias comes before the name of each column, such as "incoming.".';
