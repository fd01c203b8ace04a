-- grain:    one row per column of a table or view
-- reads:    PostgreSQL's catalogue, elt.relation, elt.list_words, elt.range_words, elt.ranges_words
-- used by:  elt serve
-- careful:  types without an order are listed here. Types of extensions may be missing from the list, and then sorting
--           by such a column fails
create or replace view elt.relation_column as
select
    relation.relation_id,
    pg_attribute.attnum::bigint as place,
    pg_attribute.attname::text as column_name,
    format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as type_name,
    case pg_type.typcategory
        when 'N' then 'number'
        when 'S' then 'text'
        when 'D' then 'time'
        when 'B' then 'boolean'
        when 'A' then 'list'
        else 'other'
    end as category,
    pg_type.typname <> all(array['json', 'xml', 'point', 'box', 'path', 'polygon', 'circle', 'line', 'lseg'])
        as is_sortable,
    not pg_attribute.attnotnull as is_nullable,
    coalesce(col_description(pg_attribute.attrelid, pg_attribute.attnum), '') as description,
    format_type(pg_attribute.atttypid, -1) as cast_name,
    case
        when pg_type.typtype = 'm' then 'elt.ranges_words'
        when pg_type.typtype = 'r' then 'elt.range_words'
        when pg_type.typcategory = 'A' and pg_type.typname not in ('int2vector', 'oidvector') then 'elt.list_words'
    end as words_function
from elt.relation
inner join pg_catalog.pg_attribute on relation.relation_id = pg_attribute.attrelid::bigint
inner join pg_catalog.pg_type on pg_attribute.atttypid = pg_type.oid
where pg_attribute.attnum > 0 and not pg_attribute.attisdropped;

comment on view elt.relation_column is 'Columns of the tables and views of elt.relation, with their comments.';
comment on column elt.relation_column.relation_id is 'oid of the table or view.';
comment on column elt.relation_column.place is 'Position among its columns.';
comment on column elt.relation_column.column_name is 'Name.';
comment on column elt.relation_column.type_name is 'Type, as in create table.';
comment on column elt.relation_column.category is 'number, text, time, boolean, list or other.';
comment on column elt.relation_column.is_sortable is 'Whether its values can be sorted.';
comment on column elt.relation_column.is_nullable is 'Whether the column of a table may be null. True for views.';
comment on column elt.relation_column.description is 'Comment of the column.';
comment on column elt.relation_column.cast_name is
    'Type without length or precision, so that a cast to it truncates nothing.';
comment on column elt.relation_column.words_function is
    'Function that returns a value of the column in words. Null if its text is plain.';
