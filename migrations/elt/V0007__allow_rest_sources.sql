-- what:   let elt.source name REST APIs: format rest, which has no file
-- why:    elt load reads pages of a REST API like a file (elt.rest_source has the rest of its settings)
-- locks:  ACCESS EXCLUSIVE on elt.source, for an instant: it has a handful of rows
-- time:   instant
-- undo:   delete the sources of format rest, then put the two constraints back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- Both guarantees are given again below, to all who may rely on them: older programs refuse a
-- newer ledger.
-- squawk-ignore ban-drop-not-null
alter table elt.source alter column file drop not null;
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_format_known;
alter table elt.source
add constraint source_format_known check (format in ('csv', 'json', 'rest')) not valid;
alter table elt.source
add constraint source_file_unless_rest check ((file is null) = (format = 'rest')) not valid;

comment on column elt.source.format is
    'csv: a header, then records (RFC 4180). json: an array of objects, or one object a line (NDJSON). rest: pages of a REST API (elt.rest_source).';
comment on column elt.source.file is 'File name in the data folder (--data); null for format rest.';
comment on column elt.load.location is
    'Absolute path of the file, or address of the API without what may be secret in it.';
comment on column elt.load.size_bytes is 'Bytes read: of the file, or of all responses, unpacked.';
comment on column elt.load.sha256 is
    'SHA-256 of the bytes read, in hexadecimal; of an API, of its records alone, one a line.';
comment on column elt.load.rows_read is 'Records that the reader found in the file, or on all pages.';
