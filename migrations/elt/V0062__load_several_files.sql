-- what:   let elt.source.file be a path or a pattern in the data folder, or the address of an object in a bucket. Create
--         elt.load_file. Record in elt.load which file of a pattern a load has, and which loads were staged together. Index
--         elt.live_override
-- why:    a source may have a file per day, a folder that fills up, or a bucket
-- locks:  ACCESS EXCLUSIVE on elt.source and elt.load, for an instant: nullable columns and constant defaults, and checks
--         without a scan
-- time:   instant
-- undo:   delete the sources with a path, pattern or bucket, drop the table and the columns, put the old check back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- The new check allows more values. Older programs refuse a newer schema.
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_file_is_a_name_or_address;
alter table elt.source
add column order_by text not null default 'name',
add column settle_seconds numeric not null default 2,
add constraint source_file_is_a_path_or_address check (
    (
        file ~ '^[^/\\]+(/[^/\\]+)*$'
        and file !~ '(^|/)[.][.]?(/|$)'
    )
    or file ~ '^https?://[^/?#@\\[:space:]]+(/[^?#[:space:]]*)?(\?[^#[:space:]]*)?$'
    or file ~ '^s3://[a-z0-9][a-z0-9.-]+[a-z0-9]/[^/[:cntrl:]][^[:cntrl:]]*$'
) not valid,
add constraint source_order_by_known check (order_by in ('name', 'modified')) not valid,
add constraint source_settle_seconds_in_range check (settle_seconds between 0 and 86400) not valid;

alter table elt.load
add column file_name text,
add column file_stamp text,
add column batch_load_id bigint,
add column replaced_by_load_id bigint,
add constraint load_batch_load_id_fkey foreign key (batch_load_id) references elt.load (load_id) not valid,
add constraint load_replaced_by_load_id_fkey
foreign key (replaced_by_load_id) references elt.load (load_id) not valid;

-- Several loads of a source are published together. The table has rows only in the transaction that publishes.
-- squawk-ignore require-concurrent-index-creation
create index live_override_load_id_idx on elt.live_override (load_id);
-- squawk-ignore require-concurrent-index-creation
create index live_override_source_idx on elt.live_override (source);

create table elt.load_file (
    load_id bigint not null,
    file_number bigint not null,
    file_name text not null,
    location text not null,
    after_row bigint not null,
    rows_read bigint not null,
    size_bytes bigint not null,
    sha256 text not null,
    file_stamp text,
    header bytea,
    header_columns text[],
    compression text,
    encoding text,
    has_byte_order_mark boolean,
    line_ends text,
    lines_skipped bigint,
    member text,
    is_also_utf8 boolean,
    constraint load_file_pkey primary key (load_id, file_number),
    constraint load_file_load_id_fkey foreign key (load_id) references elt.load (load_id),
    constraint load_file_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint load_file_not_negative check (after_row >= 0 and rows_read >= 0 and size_bytes >= 0)
);

comment on column elt.source.file is
    'File in the data folder (--data): a name or a path (2026/orders.csv), or a pattern of several files (orders-*.csv, 2026/*/day.csv.gz), in which * stands for any characters but a slash, ? for one of them, and **/ for any folders. Or address of a file: https://host/path/orders.csv.gz, s3://bucket/orders-*.csv. An address has no user, no password and no secret; credentials are in the environment (elt.rest_source). Null for format rest.';
comment on column elt.source.order_by is
    'Order in which the files of a pattern are loaded: name, or modified (the time of their last change, then name).';
comment on column elt.source.settle_seconds is
    'elt load --watch loads a file when it has not changed for this time, in seconds.';
comment on column elt.load.file_name is
    'Path of the file in the data folder, or key in the bucket, if elt.source.file is a pattern and the load has one file. Null for other loads.';
comment on column elt.load.file_stamp is
    'What the file system or the bucket said about the file when it was read: if it says the same again, the file is not read again. Null if not known.';
comment on column elt.load.batch_load_id is
    'First of the loads of small files that were staged together: one partition of the staging table, named for that load, has the rows of all. Null if the load was staged alone.';
comment on column elt.load.replaced_by_load_id is
    'Load of the same file with new bytes that took the place of this one (mode append). Null if there is none.';
comment on table elt.load_file is
    'Files of the loads that read several files (mode replace, and elt.source.file is a pattern). elt.load.location is the pattern then.';
comment on column elt.load_file.load_id is 'Load.';
comment on column elt.load_file.file_number is 'Position of the file in the load, from 1.';
comment on column elt.load_file.file_name is 'Path of the file in the data folder, or key in the bucket.';
comment on column elt.load_file.location is 'Absolute path of the file, or address.';
comment on column elt.load_file.after_row is
    'Number after which _row continues: _row minus this number is the line in the file, or the position of the document.';
comment on column elt.load_file.rows_read is 'Records in the file, with those that were rejected.';
comment on column elt.load_file.size_bytes is 'Size of the file.';
comment on column elt.load_file.sha256 is 'SHA-256 of the file, in hexadecimal.';
comment on column elt.load_file.file_stamp is 'As elt.load.file_stamp.';
comment on column elt.load_file.header is 'First record of a CSV file, as it is in the file. Null for other formats.';
comment on column elt.load_file.header_columns is 'Column names of the header.';
comment on column elt.load_file.compression is 'gzip, zstd, xz, bzip2 or zip. Null for a file that is not compressed.';
comment on column elt.load_file.encoding is 'Encoding that the file was read in.';
comment on column elt.load_file.has_byte_order_mark is 'Whether the file begins with a byte order mark.';
comment on column elt.load_file.line_ends is 'lf, crlf or mixed. Null if not known.';
comment on column elt.load_file.lines_skipped is 'Lines of a CSV file that are no records.';
comment on column elt.load_file.member is 'File in the zip archive that was read.';
comment on column elt.load_file.is_also_utf8 is
    'Whether the file is valid UTF-8 with other characters than ASCII although it was read in another encoding.';
