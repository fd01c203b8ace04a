-- what:   add to elt.source how often a load is expected, how many rows it has, and what happens to new and missing
--         columns; record in elt.load and elt.load_file which columns were new or missing, and in elt.load when its file
--         arrived again unchanged; let admins change these settings in the web application
-- why:    a file that does not arrive, is half empty or has other columns must be noticed before its rows are used
-- locks:  ACCESS EXCLUSIVE on elt.source, elt.load and elt.load_file, for an instant: nullable columns and constant
--         defaults; elt.source has few rows, so its checks are validated at once
-- time:   instant
-- undo:   drop the columns and the trigger, and delete the row of elt.admin_table
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source
add column expected_every interval
constraint source_expected_every_positive check (expected_every > interval '0'),
add column expected_rows int8range
constraint source_expected_rows_not_negative check (
    not isempty(expected_rows) and coalesce(lower(expected_rows), 0) >= 0
),
add column expected_keys text[]
constraint source_expected_keys_are_of_records check (format <> 'csv' or expected_keys is null)
constraint source_expected_keys_have_names check (
    expected_keys <> '{}' and array_position(expected_keys, null) is null and array_position(expected_keys, '') is null
),
add column on_new_column text not null default 'keep'
constraint source_on_new_column_known check (on_new_column in ('keep', 'warn', 'refuse'))
constraint source_on_new_column_needs_keys check (
    format = 'csv' or on_new_column = 'keep' or expected_keys is not null
),
add column on_missing_column text not null default 'refuse'
constraint source_on_missing_column_known check (on_missing_column in ('refuse', 'null'))
constraint source_on_missing_column_needs_keys check (
    format = 'csv' or on_missing_column = 'refuse' or expected_keys is not null
);

alter table elt.load
add column new_columns text[],
add column missing_columns text[],
add column confirmed_at timestamptz;

alter table elt.load_file
add column new_columns text[],
add column missing_columns text[];

comment on column elt.source.expected_every is
    'How often new data is expected: 1 day, 01:00:00. The source is late if its live load is older. A file that arrived again unchanged counts as new data, an old file that elt merely looked at does not. Null: nothing is expected.';
comment on column elt.source.expected_rows is
    'How many rows a load has: [900,1100] from 900 to 1100, [1,) at least one. Another number is a violation of quality.loads_of_unexpected_size, and is published. Null: any number.';
comment on column elt.source.expected_keys is
    'Keys of the records of a JSON file or an API, on their first level. on_new_column and on_missing_column are about these. Null: keys are not checked. For CSV, the columns of the staging table are expected.';
comment on column elt.source.on_new_column is
    'What a load does with columns or keys that are not expected. keep: loads them (columns of a CSV file into _extra); warn: the same, with a warning; refuse: fails, and nothing changes.';
comment on column elt.source.on_missing_column is
    'What a load does if an expected column is missing, or a key is in none of its records. refuse: fails, and nothing changes; null: loads it as null in all rows, with a warning. A file that has none of the columns is always refused.';
comment on column elt.load.new_columns is
    'Columns or keys that were not expected (elt.source.on_new_column). Null if there are none or they are not known.';
comment on column elt.load.missing_columns is
    'Expected columns or keys that were missing, so that they are null in all rows (elt.source.on_missing_column). Of several files, those that any file lacks. Null if there are none or they are not known.';
comment on column elt.load.confirmed_at is
    'When the file arrived again with the same bytes, so that it was not loaded again: the time of its last change, or, if only its server or bucket says that it is new, when elt read it. Null if it did not arrive again.';
comment on column elt.load_file.new_columns is 'As elt.load.new_columns, of this file.';
comment on column elt.load_file.missing_columns is 'As elt.load.missing_columns, of this file.';
comment on constraint source_expected_every_positive on elt.source is 'Write a positive time, such as 1 day.';
comment on constraint source_expected_rows_not_negative on elt.source is
    'Write a range of numbers of rows from 0 on, such as [900,1100] or [1,).';
comment on constraint source_expected_keys_are_of_records on elt.source is
    'A CSV file is compared with the columns of its staging table: leave the keys empty.';
comment on constraint source_expected_keys_have_names on elt.source is 'Write at least one key, and no empty one.';
comment on constraint source_on_new_column_needs_keys on elt.source is
    'Records of JSON files and APIs are compared with expected_keys: write these keys first.';
comment on constraint source_on_missing_column_needs_keys on elt.source is
    'Records of JSON files and APIs are compared with expected_keys: write these keys first.';

-- Everything else describes how files are read and core is filled: migrations change it.
insert into elt.admin_table (
    table_name, place, role, may_change, list_columns, filter_columns, read_only_columns, order_by
)
values (
    'elt.source', 104, 'admin', true,
    '{source,description,expected_every,expected_rows,on_new_column,on_missing_column}', '{format,mode}',
    array(
        select pg_attribute.attname::text
        from pg_catalog.pg_attribute
        where
            pg_attribute.attrelid = 'elt.source'::regclass
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
            and pg_attribute.attname not in (
                'expected_every', 'expected_rows', 'expected_keys', 'on_new_column', 'on_missing_column', 'hold'
            )
    ),
    'source'
);

create trigger source_note_change
after update on elt.source
for each row
execute function elt.note_change('source');
