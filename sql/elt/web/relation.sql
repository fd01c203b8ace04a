-- grain:    one row per table or view that users may look at
-- reads:    PostgreSQL's catalogue, elt.own_relation, elt.row_estimate
-- used by:  elt serve
-- careful:  lists only what the current role may read. Secret tables are hidden even from their owner. In schema
--           public, lists only objects known to belong to the project or owned by the owner of schema elt
create or replace view elt.relation as
select
    pg_class.oid::bigint as relation_id,
    pg_namespace.nspname::text as schema_name,
    pg_class.relname::text as relation_name,
    case pg_class.relkind when 'v' then 'view' else 'table' end as kind,
    coalesce(obj_description(pg_class.oid, 'pg_class'), '') as description,
    case when pg_class.relkind <> 'v' then elt.row_estimate(pg_class.oid) end as row_estimate,
    coalesce(
        (
            select array_agg(pg_attribute.attname::text order by key_column.place)
            from pg_catalog.pg_index
            cross join lateral unnest(pg_index.indkey::int2[]) with ordinality as key_column (attnum, place)
            inner join pg_catalog.pg_attribute
                on pg_index.indrelid = pg_attribute.attrelid and key_column.attnum = pg_attribute.attnum
            where pg_index.indrelid = pg_class.oid and pg_index.indisprimary
        ),
        '{}'
    ) as key_columns
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
where
    pg_class.relkind in ('r', 'v', 'p')
    and not pg_class.relispartition
    and pg_namespace.nspname in ('public', 'core', 'quality', 'staging', 'elt')
    and has_table_privilege(pg_class.oid, 'select')
    and (
        pg_namespace.nspname <> 'public'
        or pg_class.relowner = (
            select engine.nspowner
            from pg_catalog.pg_namespace as engine
            where engine.nspname = 'elt'
        )
        or pg_class.oid::bigint in (select own_relation.relation_id from elt.own_relation)
    )
    and (
        pg_namespace.nspname <> 'elt'
        or pg_class.relname not in (
            'account', 'session', 'api_token', 'device', 'sign_in', 'sent_form', 'earlier_row', 'audit'
        )
    );

comment on view elt.relation is 'Tables and views of the project and the engine, with their comments.';
comment on column elt.relation.relation_id is 'Its oid.';
comment on column elt.relation.schema_name is 'Schema.';
comment on column elt.relation.relation_name is 'Name.';
comment on column elt.relation.kind is 'table or view.';
comment on column elt.relation.description is 'Comment of the table or view.';
comment on column elt.relation.row_estimate is
    'Estimated number of rows of a table, from the statistics of PostgreSQL. Null for views.';
comment on column elt.relation.key_columns is 'Columns of the primary key, in order. Empty if there is none.';
