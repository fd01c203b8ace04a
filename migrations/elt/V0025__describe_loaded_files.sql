-- what:   add to elt.load how its file was written, and what was replayed and purged of it
-- why:    rules report files that are written oddly; rejects can be mended and loaded again (elt load
--         --replay); a load or a key can be removed (elt purge), and the record then says so
-- locks:  ACCESS EXCLUSIVE on elt.load, elt.reject and elt.publish, for an instant: the columns are
--         nullable or have constant defaults; SHARE ROW EXCLUSIVE for the two references
-- time:   instant; the references are validated by V0026
-- undo:   drop the columns (loses which rejects were replaced, and what was purged)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load add column header bytea;
alter table elt.load add column header_columns text[];
alter table elt.load add column compression text;
alter table elt.load add column encoding text;
alter table elt.load add column has_byte_order_mark boolean;
alter table elt.load add column line_ends text;
alter table elt.load add column replayed_load_id bigint;
alter table elt.load add column replay_location text;
alter table elt.load add column replay_after_row bigint;
alter table elt.load add column rows_purged bigint not null default 0;
alter table elt.load add column rejects_purged bigint not null default 0;
alter table elt.reject add column replaced_by_load_id bigint;

-- The guarantee is given again, with one state more. Older programs refuse a newer ledger.
-- squawk-ignore ban-drop-constraint
alter table elt.load drop constraint load_state_known;
alter table elt.load
add constraint load_state_known check (
    state in ('copying', 'staged', 'published', 'refused', 'failed', 'interrupted', 'purged')
) not valid;
alter table elt.load
add constraint load_compression_known check (compression in ('gzip', 'zstd')) not valid;
alter table elt.load
add constraint load_encoding_known check (
    encoding in ('utf-8', 'latin1', 'windows-1252', 'utf-16le', 'utf-16be')
) not valid;
alter table elt.load
add constraint load_line_ends_known check (line_ends in ('lf', 'crlf', 'mixed')) not valid;
alter table elt.load
add constraint load_replay_is_whole check (
    (replayed_load_id is null) = (replay_location is null)
    and (replayed_load_id is null) = (replay_after_row is null)
) not valid;
alter table elt.load
add constraint load_purged_not_negative check (rows_purged >= 0 and rejects_purged >= 0) not valid;
alter table elt.load
add constraint load_replayed_load_id_fkey
foreign key (replayed_load_id) references elt.load (load_id) not valid;
alter table elt.reject
add constraint reject_replaced_by_load_id_fkey
foreign key (replaced_by_load_id) references elt.load (load_id) not valid;
-- squawk-ignore ban-drop-constraint
alter table elt.publish drop constraint publish_cause_known;
alter table elt.publish
add constraint publish_cause_known check (
    cause in ('load', 'migrate', 'rollback', 'purge')
) not valid;

comment on column elt.publish.cause is
    'load: new loads. migrate: the core queries changed, and the live loads were published again. rollback: an earlier load was published again. purge: rows were removed, and the live loads were published without them.';
comment on column elt.load.state is
    'copying: rows are on their way. staged: all rows are in staging. published: they were made live. refused: a rule of level error found rows. failed: see error. interrupted: the program died. purged: its rows and rejects were removed for good.';
comment on column elt.load.header is
    'First record of a CSV file, as its bytes stand there; null for files that have none. elt rejects --out begins with it.';
comment on column elt.load.header_columns is 'Its names, trimmed, in the order of the file; null for files that have none.';
comment on column elt.load.compression is 'gzip or zstd; null for a file that was not compressed.';
comment on column elt.load.encoding is
    'What it was read as: utf-8, latin1, windows-1252, utf-16le or utf-16be; null for an API.';
comment on column elt.load.has_byte_order_mark is 'Whether the file begins with one; null for an API.';
comment on column elt.load.line_ends is 'How its lines end: lf, crlf or mixed; null for an API, and where there is no line end.';
comment on column elt.load.replayed_load_id is
    'Load whose rows this one has too, because it only adds mended rejects to them (elt load --replay); null for others.';
comment on column elt.load.replay_location is 'Absolute path of the file with the mended records; null for others.';
comment on column elt.load.replay_after_row is
    'Its _row up to this one are those of the load that it replays; beyond, the mended file''s, counted on from here; null for others.';
comment on column elt.load.rows_purged is 'How many of rows_staged were removed since (elt purge).';
comment on column elt.load.rejects_purged is 'How many of rows_rejected were removed since (elt purge).';
comment on column elt.reject.replaced_by_load_id is
    'Load that took a mended record in its place (elt load --replay); null while it is open.';
