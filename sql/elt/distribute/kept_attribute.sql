-- reads:    PostgreSQL's catalogue, elt.table_dependent, elt.table_statement, elt.view_attributes
-- used by:  elt.undistribute
-- careful:  undistribute_table() makes the table and all views that read it anew, without comments and grants
create or replace function elt.kept_attribute(target regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive readers as (
        select target::oid as oid, 'table' as kind
        union
        select dependent.view_id, 'view' as kind
        from readers
        cross join lateral elt.table_dependent(readers.oid) as dependent
        where dependent.view_id is not null
    )

    select
        case pg_description.objsubid
            when 0 then format('comment on %s %s is %L', readers.kind, readers.oid::regclass, pg_description.description)
            else format(
                'comment on column %s.%I is %L',
                readers.oid::regclass, pg_attribute.attname, pg_description.description
            )
        end
    from readers
    inner join pg_catalog.pg_description
        on readers.oid = pg_description.objoid and pg_description.classoid = 'pg_class'::regclass
    left join pg_catalog.pg_attribute
        on readers.oid = pg_attribute.attrelid and pg_description.objsubid = pg_attribute.attnum
    union all
    select attributes.statement
    from readers
    cross join lateral elt.view_attributes(readers.oid) as attributes (statement)
    where readers.kind = 'view'
    union all
    select table_statement.statement
    from elt.table_statement(target) as table_statement
    where table_statement.place = 4 or table_statement.statement like 'comment on %'
$$;

comment on function elt.kept_attribute(regclass) is
    'Returns the statements that restore comments, grants and options of a table, and of all views that read it, after both were made anew.';
