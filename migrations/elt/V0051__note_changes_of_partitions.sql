-- what:   let elt.note_change() record the partitioned table instead of the partition
-- why:    a trigger of a partitioned table fires in each partition, and the history of the table would not show the change
-- locks:  none on tables; existing triggers fire as before
-- time:   instant
-- undo:   create the function of V0019 again
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create or replace function elt.note_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    row_key jsonb;
    changed_table text;
begin
    select jsonb_object_agg(key_column, coalesce(old_row, new_row) -> key_column)
    into row_key
    from unnest(tg_argv) as key_column;
    if tg_op = 'UPDATE' then
        select
            jsonb_object_agg(changed.key, old_row -> changed.key),
            jsonb_object_agg(changed.key, changed.value)
        into old_row, new_row
        from jsonb_each(new_row) as changed
        where
            changed.value is distinct from old_row -> changed.key
            -- The row itself tells when it changed.
            and changed.key <> 'updated_at';
        if new_row is null then
            return null;
        end if;
    end if;
    select pg_namespace.nspname || '.' || pg_class.relname
    into changed_table
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_class.oid = coalesce(pg_partition_root(tg_relid), tg_relid);
    insert into elt.change (table_name, row_key, operation, old_values, new_values, account_name)
    values (
        changed_table,
        row_key,
        lower(tg_op),
        old_row,
        new_row,
        nullif(current_setting('elt.account', true), '')
    );
    return null;
end
$$;
