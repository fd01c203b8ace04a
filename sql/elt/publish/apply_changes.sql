-- reads:    elt.core_columns
-- used by:  elt.replace_rows, elt.use_prepared
-- careful:  plain DML on the table itself, so that readers see the old rows or the new rows and never wait
create or replace function elt.apply_changes(
    target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    columns record := elt.core_columns(target, changes);
begin
    if has_gone_rows then
        execute format(
            'delete from %s as have using %s as incoming where incoming.elt_is_gone and %s',
            target, changes, columns.key_matches
        );
    end if;
    if has_changed_rows then
        execute format(
            'insert into %1$s (%2$s)
            select %2$s
            from %3$s
            where not elt_is_gone
            on conflict (%4$s) do %5$s',
            target,
            columns.column_list,
            changes,
            columns.key_list,
            coalesce('update set ' || columns.updates, 'nothing')
        );
    end if;
end
$$;

comment on function elt.apply_changes(regclass, regclass, boolean, boolean) is
    'Deletes from a core table, inserts and updates the rows that the table of changes (elt.changes_query) names.';
