-- what:   add to elt.source where the table is in a file and how its records are written, and to elt.load what was
--         found and skipped
-- why:    files have preambles, comments, totals, no header, backslash escapes, records below a key
-- locks:  ACCESS EXCLUSIVE on elt.source and elt.load, for an instant: nullable columns and constant defaults
-- time:   instant; the checks are validated by V0048
-- undo:   drop the columns (sources of such files can no longer be read)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source add column escape text;
alter table elt.source add column has_header boolean not null default true;
alter table elt.source add column header_line bigint;
alter table elt.source add column header_lines bigint not null default 1;
alter table elt.source add column comment text;
alter table elt.source add column footer_lines bigint not null default 0;
alter table elt.source add column trailing_delimiter boolean not null default false;
alter table elt.source add column short_records boolean not null default false;
alter table elt.source add column member text;
alter table elt.source add column records_at text;
alter table elt.load add column lines_skipped bigint;
alter table elt.load add column member text;
alter table elt.load add column is_also_utf8 boolean;

alter table elt.source
add constraint source_escape_is_one_sign check (
    escape ~ E'^[\x01-\x7e]$' and escape !~ E'[\r\n[:alnum:]]'
) not valid;
alter table elt.source
add constraint source_escape_is_no_other_sign check (
    escape is distinct from coalesce(quote, '') and escape is distinct from delimiter
) not valid;
alter table elt.source
add constraint source_header_line_in_range check (header_line between 1 and 10000) not valid;
alter table elt.source
add constraint source_header_lines_in_range check (
    header_lines between 1 and 5 and (has_header or header_lines = 1)
) not valid;
alter table elt.source
add constraint source_comment_is_a_prefix check (
    comment ~ '^[!-~]{1,8}$' and comment !~ '^[[:alnum:]]' and comment <> quote
) not valid;
alter table elt.source
add constraint source_footer_lines_in_range check (footer_lines between 0 and 1000) not valid;
alter table elt.source
add constraint source_member_is_a_name check (member <> '' and member !~ E'[\r\n]') not valid;
alter table elt.source
add constraint source_records_at_is_of_json check (
    records_at is null or (format = 'json' and records_at <> '')
) not valid;
-- The guarantee is given again, with more encodings. Older programs refuse a newer ledger.
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_encoding_known;
alter table elt.source
add constraint source_encoding_known check (
    encoding in (
        'utf-8', 'latin1', 'utf-16', 'utf-16le', 'utf-16be', 'windows-874', 'windows-1250', 'windows-1251',
        'windows-1252', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258',
        'iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-5', 'iso-8859-6', 'iso-8859-7', 'iso-8859-8',
        'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16', 'koi8-r', 'koi8-u', 'ibm866',
        'macintosh', 'x-mac-cyrillic', 'gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr'
    )
) not valid;
-- squawk-ignore ban-drop-constraint
alter table elt.load drop constraint load_encoding_known;
alter table elt.load
add constraint load_encoding_is_a_name check (encoding ~ '^[a-z0-9_-]+$') not valid;
-- squawk-ignore ban-drop-constraint
alter table elt.load drop constraint load_compression_known;
alter table elt.load
add constraint load_compression_known check (
    compression in ('gzip', 'zstd', 'xz', 'bzip2', 'zip')
) not valid;
alter table elt.load
add constraint load_lines_skipped_not_negative check (lines_skipped >= 0) not valid;

comment on column elt.source.escape is
    'csv: an ASCII sign that makes a following quote, delimiter, line end or escape part of the value. Null: none does.';
comment on column elt.source.has_header is
    'csv: whether the first record names the columns; if not, they are column_1, column_2 and so on. json: the same for records that are arrays.';
comment on column elt.source.header_line is
    'csv: line of the header, or of the first record if there is no header. Lines above it are skipped. Null: the first line that is neither blank nor a comment.';
comment on column elt.source.header_lines is
    'csv: lines of the header. The names of a column on several lines are joined by a space.';
comment on column elt.source.comment is
    'csv: lines that begin with this text are skipped. Null: none are.';
comment on column elt.source.footer_lines is
    'csv: how many lines at the end of the file are no records, such as totals. Blank lines do not count.';
comment on column elt.source.trailing_delimiter is
    'csv: whether records end in a delimiter that the header lacks. Their last field must be empty.';
comment on column elt.source.short_records is
    'csv: whether records may lack fields at their end, which are then null. If not, such a record is rejected.';
comment on column elt.source.member is
    'Name of the file in a zip archive. Null: the archive has one file.';
comment on column elt.source.records_at is
    'json: keys that lead to the records, separated by dots, such as data.items. An asterisk at the end takes each member of an object as a record {"key": ..., "value": ...}. Null: the file is an array of records, or one or more records.';
comment on column elt.source.encoding is
    'Encoding of the file, such as utf-8, utf-16, windows-1252, iso-8859-2 or shift_jis. A byte order mark takes precedence.';
comment on column elt.load.compression is
    'gzip, zstd, xz, bzip2 or zip; null for a file that was not compressed.';
comment on column elt.load.encoding is 'Encoding that the file was read as; null for an API.';
comment on column elt.load.lines_skipped is
    'csv: lines above the header, comments and lines at the end that were skipped; null for other formats.';
comment on column elt.load.member is 'File in the zip archive that was read; null for other files.';
comment on column elt.load.is_also_utf8 is
    'Whether the file was read in another encoding although it is valid UTF-8 with characters other than ASCII; null if it was read as UTF-8 or UTF-16, and for an API.';
