-- what:   add to elt.source how a file is written: delimiter, quote, encoding, null_text
-- why:    not every CSV file has commas, double quotes and UTF-8
-- locks:  ACCESS EXCLUSIVE on elt.source, for an instant: constant defaults
-- time:   instant
-- undo:   drop the four columns (loses how files of other kinds are read)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source add column delimiter text not null default ',';
alter table elt.source add column quote text default '"';
alter table elt.source add column encoding text not null default 'utf-8';
alter table elt.source add column null_text text;

-- One byte, and none that line ends, numbers and words need.
alter table elt.source
add constraint source_delimiter_is_one_sign check (
    delimiter ~ E'^[\x01-\x7e]$' and delimiter !~ E'[\r\n[:alnum:]]'
) not valid;
alter table elt.source
add constraint source_quote_is_one_sign check (
    quote ~ E'^[\x01-\x7e]$' and quote !~ E'[\r\n[:alnum:]]'
) not valid;
alter table elt.source
add constraint source_quote_is_no_delimiter check (quote is distinct from delimiter) not valid;
alter table elt.source
add constraint source_encoding_known check (
    encoding in ('utf-8', 'latin1', 'windows-1252', 'utf-16', 'utf-16le', 'utf-16be')
) not valid;
alter table elt.source
add constraint source_null_text_is_a_value check (null_text <> '' and null_text !~ E'[\r\n]') not valid;

comment on column elt.source.delimiter is
    'csv: what stands between fields, one ASCII sign. A tab is E''\t''.';
comment on column elt.source.quote is
    'csv: what stands around fields that hold a delimiter, a line end or a quote, which is then doubled; null: nothing does.';
comment on column elt.source.encoding is
    'Of a file: utf-8, latin1, windows-1252, utf-16 (its mark says which; without one little-endian), utf-16le or utf-16be. A byte order mark goes before it.';
comment on column elt.source.null_text is
    'csv: a value that stands for nothing, such as NULL or \N, beside the empty one; null: none does.';
