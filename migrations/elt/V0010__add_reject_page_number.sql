-- what:   add elt.reject.page_number
-- why:    a record of a REST API stands on a page
-- locks:  ACCESS EXCLUSIVE on elt.reject, for an instant: the column is nullable
-- time:   instant
-- undo:   drop the column (loses on which page rejected records stood)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.reject add column page_number bigint;

comment on column elt.reject.page_number is
    'Page of the REST API on which it stood, from 1; null for files. Line and byte then count within the page.';
comment on column elt.reject.row_number is
    'Its _row, had it been staged: a CSV record''s first line, a JSON document''s position in the file or over all pages.';
comment on column elt.reject.line_number is 'Line of the file, or of the page, where it begins, from 1.';
comment on column elt.reject.byte_offset is 'Byte of the file, or of the page, where it begins, from 0.';
