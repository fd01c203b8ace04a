-- what:   create elt.reject
-- why:    what could not be staged is kept with its bytes, where it stood and why (elt rejects)
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.reject (loses the rejected bytes; they are still in the source files)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.reject (
    load_id bigint not null,
    reject_number bigint not null,
    row_number bigint not null,
    line_number bigint not null,
    byte_offset bigint not null,
    reason text not null,
    raw bytea not null,
    constraint reject_pkey primary key (load_id, reject_number),
    constraint reject_load_id_fkey foreign key (load_id) references elt.load (load_id)
);

comment on table elt.reject is
    'Records that could not be staged, one row each, with their original bytes. May hold personal data: not for readers.';
comment on column elt.reject.load_id is 'Load that met it.';
comment on column elt.reject.reject_number is 'Counts from 1 within the load.';
comment on column elt.reject.row_number is
    'Its _row, had it been staged: a CSV record''s first line, a JSON document''s position.';
comment on column elt.reject.line_number is 'Line of the file where it begins, from 1.';
comment on column elt.reject.byte_offset is 'Byte of the file where it begins, from 0.';
comment on column elt.reject.reason is 'What is wrong with it.';
comment on column elt.reject.raw is
    'Its bytes as they stand in the file, without the line end. Read them with convert_from(raw, ''UTF8'') where they are UTF-8.';
