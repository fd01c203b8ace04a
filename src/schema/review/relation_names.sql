-- Names of tables, views and sequences by OID. An index has the name of its table. No view of the
-- engine, because this runs in a scratch database before those are applied.
select
    pg_class.oid,
    format('%I.%I', pg_namespace.nspname, named.relname) as name
from pg_catalog.pg_class
left join pg_catalog.pg_index on pg_class.oid = pg_index.indexrelid
inner join pg_catalog.pg_class as named on named.oid = coalesce(pg_index.indrelid, pg_class.oid)
inner join pg_catalog.pg_namespace on named.relnamespace = pg_namespace.oid
where
    pg_namespace.nspname !~ '^pg_'
    and pg_namespace.nspname <> 'information_schema'
    and named.relpersistence <> 't';
