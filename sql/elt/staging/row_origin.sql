-- grain:    one row per table or view whose rows can be traced, and the view with the rows that they came from
-- reads:    elt.lineage, elt.relation, elt.relation_column
-- used by:  elt serve
-- careful:  uses the nearest view that has _load_id and _row. Rows belong together if their shared columns are equal
create or replace view elt.row_origin as
with recursive ways as (
    select
        lineage.name,
        lineage.reads,
        1 as depth
    from elt.lineage
    union
    select
        ways.name,
        lineage.reads,
        ways.depth + 1 as depth
    from ways
    inner join elt.lineage on ways.reads = lineage.name
    where ways.depth < 12
),

with_columns as (
    select
        format('%s.%s', relation.schema_name, relation.relation_name) as name,
        relation.key_columns,
        array_agg(relation_column.column_name) as column_names,
        array_agg(relation_column.column_name || ' ' || relation_column.type_name) as typed_names
    from elt.relation
    inner join elt.relation_column on relation.relation_id = relation_column.relation_id
    where relation.schema_name <> 'elt'
    group by relation.schema_name, relation.relation_name, relation.key_columns
)

select distinct on (ways.name)
    ways.name,
    ways.reads as origin,
    shared.shared_columns
from ways
inner join with_columns as followed on ways.name = followed.name
inner join with_columns as origin on ways.reads = origin.name
cross join lateral (
    select coalesce(array_agg(own.column_name order by own.column_name), '{}') as shared_columns
    from unnest(
        case when followed.key_columns <> '{}' then followed.key_columns else followed.column_names end
    ) as own (column_name)
    -- Types must be equal: an array, for example, cannot be compared with a document.
    inner join unnest(followed.column_names, followed.typed_names) as typed (column_name, typed_name)
        on own.column_name = typed.column_name
    where typed.typed_name = any(origin.typed_names) and left(own.column_name, 1) <> '_'
) as shared
where
    '_row' = any(origin.column_names)
    and '_load_id' = any(origin.column_names)
    and not '_row' = any(followed.column_names)
    -- A single shared column, such as a count, does not identify a row.
    and cardinality(shared.shared_columns) >= 2
order by ways.name asc, ways.depth asc, ways.reads asc;

comment on view elt.row_origin is 'Where to find the staged rows that a row was computed from.';
comment on column elt.row_origin.name is 'Schema and name of the table or view.';
comment on column elt.row_origin.origin is 'Schema and name of the view with _load_id and _row.';
comment on column elt.row_origin.shared_columns is
    'Columns that must be equal: the key, or all columns that both have.';
