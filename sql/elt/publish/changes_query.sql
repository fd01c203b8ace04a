-- reads:    elt.core_columns, elt.first_key_column
-- used by:  elt.replace_rows, elt.prepare_changes
-- careful:  a key column of core is null only if core has no such row. A core query may return null, which is an error
--           that the insert reports. incoming_where and have select the same keys of both sides
create or replace function elt.changes_query(
    target regclass, core_query regclass, with_origin boolean, incoming_where text, have text
)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    columns record := elt.core_columns(target, core_query);
begin
    return format(
        'select
            %1$s,
            have.%2$s is null as elt_is_new,
            incoming.elt_is_incoming is null as elt_is_gone
        from (select %3$s, true as elt_is_incoming from %4$s as incoming where %5$s) as incoming
        full join (%6$s) as have on %7$s
        where have.%2$s is null or incoming.elt_is_incoming is null or %8$s',
        columns.either,
        elt.first_key_column(target),
        columns.column_list,
        core_query,
        incoming_where,
        have,
        columns.key_matches,
        case
            when with_origin and columns.have_all is not null
                then format('row(%s) is distinct from row(%s)', columns.have_all, columns.incoming_all)
            when columns.have_data is not null
                then format('row(%s) is distinct from row(%s)', columns.have_data, columns.incoming_data)
            else 'false'
        end
    );
end
$$;

comment on function elt.changes_query(regclass, regclass, boolean, text, text) is
    'Returns a query for the rows in which a core table (have, a query) and its core query differ, by primary key. elt_is_new and elt_is_gone tell that only one side has the row. If with_origin is true, a row that only came from another place counts as different.';
