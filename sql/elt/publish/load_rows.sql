-- reads:    elt.comparable_load, elt.filled_table, elt.core_columns, elt.override_live, elt.live_override
-- used by:  elt diff
-- careful:  runs with its owner's rights, because the role that loads may not override what is live. The override ends
--           with the function: only the rows stay, in a table that no other session sees. Readers cannot call it, because
--           it shows loads that were refused or held back
create or replace function elt.load_rows(load_id bigint, table_name text, kept_as text)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    parts record;
    row_count bigint;
begin
    if not exists (
        select 1
        from elt.comparable_load
        where comparable_load.load_id = load_rows.load_id
    ) then
        raise exception 'the rows of load % are not in staging', load_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    select filled_table.*
    into strict target
    from elt.filled_table
    where filled_table.table_name = load_rows.table_name;
    parts := elt.core_columns(target.filled, target.core_query_name::regclass);

    if to_regclass(format('pg_temp.%I', kept_as)) is not null then
        execute format('drop table pg_temp.%I', kept_as);
    end if;
    perform set_config('elt.merged_load_id', '', true);
    perform elt.override_live(array[load_id]);
    execute format(
        'create temporary table %I on commit drop as select %s from %s',
        kept_as, parts.column_list, target.core_query_name
    );
    get diagnostics row_count = row_count;
    delete from elt.live_override
    where live_override.load_id = load_rows.load_id;
    execute format('grant select on pg_temp.%I to public', kept_as);
    execute format('analyze pg_temp.%I', kept_as);
    return row_count;
end
$$;

comment on function elt.load_rows(bigint, text, text) is
    'Keeps the rows that the core query of a table returns for a load, which need not be live, in a temporary table, and returns their number. For the other sources that the core query reads, it sees the live loads.';

revoke execute on function elt.load_rows(bigint, text, text) from public;
