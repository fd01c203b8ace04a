-- what:   create elt.change and the trigger function that fills it
-- why:    the history of a table tells who changed what, also where it was changed in psql
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop the table and the function (loses the history)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.change (
    change_id bigint generated always as identity constraint change_pkey primary key,
    changed_at timestamptz not null default clock_timestamp(),
    table_name text not null,
    row_key jsonb not null,
    operation text not null,
    old_values jsonb,
    new_values jsonb,
    account_name text,
    role_name text not null default session_user,
    program text not null default current_setting('application_name', true),
    constraint change_operation_known check (operation in ('insert', 'update', 'delete')),
    constraint change_has_old_values check ((operation = 'insert') = (old_values is null)),
    constraint change_has_new_values check ((operation = 'delete') = (new_values is null))
);

create index change_row_key_idx on elt.change (table_name, row_key, change_id);

comment on table elt.change is
    'History: one row per row that was added, changed or deleted in a table with the trigger elt.note_change().';
comment on column elt.change.change_id is 'Number of the change.';
comment on column elt.change.changed_at is 'When.';
comment on column elt.change.table_name is 'Schema and name of the table.';
comment on column elt.change.row_key is 'Primary key of the row: an object, column by column.';
comment on column elt.change.operation is 'insert, update or delete.';
comment on column elt.change.old_values is
    'What it was: of an update only the columns that changed, of a delete the row; null of an insert.';
comment on column elt.change.new_values is
    'What it became: of an update only the columns that changed, of an insert the row; null of a delete.';
comment on column elt.change.account_name is
    'Account of the web application that did it (setting elt.account); null where somebody came another way.';
comment on column elt.change.role_name is 'Database role that connected.';
comment on column elt.change.program is 'What the connection calls itself.';

-- With its owner's rights: who may change the table needs none on the history, and cannot rewrite it.
create function elt.note_change()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
    old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    row_key jsonb;
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
            -- That it changed is said by the row itself.
            and changed.key <> 'updated_at';
        if new_row is null then
            return null;
        end if;
    end if;
    insert into elt.change (table_name, row_key, operation, old_values, new_values, account_name)
    values (
        tg_table_schema || '.' || tg_table_name,
        row_key,
        lower(tg_op),
        old_row,
        new_row,
        nullif(current_setting('elt.account', true), '')
    );
    return null;
end
$$;

comment on function elt.note_change() is
    'Trigger, after insert, update or delete of each row, with the names of the primary key''s columns: notes the change in elt.change.';
