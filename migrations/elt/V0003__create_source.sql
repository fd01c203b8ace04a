-- what:   create elt.source
-- why:    what is loaded, from where and how, is a row that a migration of the project inserts
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.source (the rows come back with the project's migrations)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.source (
    source text constraint source_pkey primary key,
    format text not null,
    file text not null,
    mode text not null default 'replace',
    keep_loads bigint not null default 3,
    description text not null,
    constraint source_is_a_table_name check (
        source ~ '^[a-z][a-z0-9_]{0,39}$' and source !~ '_load_[0-9]+$'
    ),
    constraint source_format_known check (format in ('csv', 'json')),
    constraint source_mode_known check (mode in ('replace')),
    constraint source_keep_loads_in_range check (keep_loads between 1 and 1000),
    constraint source_file_is_a_name check (file <> '' and file !~ '[/\\]')
);

comment on table elt.source is
    'What elt load reads: one row per source. Its rows land in the table staging.<source>. Add one by a migration.';
comment on column elt.source.source is 'Name on the command line, and of the staging table.';
comment on column elt.source.format is
    'csv: a header, then records (RFC 4180). json: an array of objects, or one object a line (NDJSON).';
comment on column elt.source.file is 'File name in the data folder (--data).';
comment on column elt.source.mode is
    'replace: a load says everything there is, and what it does not name is deleted from core.';
comment on column elt.source.keep_loads is
    'How many published loads stay in staging, the live one included; older ones are dropped after a publish.';
comment on column elt.source.description is 'What the source is, for people.';
