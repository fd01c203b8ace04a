-- reads:    elt.core_columns, elt.earlier_row
-- used by:  elt.take_back
-- careful:  only for the latest live load, because changes by later loads are not considered. On Citus, a delete cannot
--           read a temporary table in a subquery, but can read the result of a common table expression
create or replace function elt.undo_rows(target regclass, load_id bigint, table_name text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Dates are kept as text in a format that does not depend on the session.
set datestyle = iso
set intervalstyle = postgres
as $$
declare
    parts record := elt.core_columns(target, target);
begin
    if parts.key_list is null then
        execute format('delete from %s where _load_id = $1', target) using load_id;
        return;
    end if;
    execute format(
        'create temporary table elt_earlier on commit drop as
        select %s
        from elt.earlier_row as image
        where image.load_id = %s and image.table_name = %L',
        parts.earlier, load_id, table_name
    );
    analyze pg_temp.elt_earlier;
    execute format(
        'with incoming as materialized (
            select %s
            from pg_temp.elt_earlier
        )

        delete from %s as have
        where
            have._load_id = $1
            and not exists (select 1 from incoming where %s)',
        parts.key_list, target, parts.key_matches
    )
    using load_id;
    execute format(
        'insert into %s (%2$s) select %2$s from pg_temp.elt_earlier on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        coalesce('do update set ' || parts.updates, 'do nothing')
    );
    drop table pg_temp.elt_earlier;
    delete from elt.earlier_row
    where earlier_row.load_id = undo_rows.load_id and earlier_row.table_name = undo_rows.table_name;
end
$$;

comment on function elt.undo_rows(regclass, bigint, text) is
    'Undoes the changes that the latest load of an append or merge source made to a core table: restores the rows that it changed and deletes the rows that it inserted.';
