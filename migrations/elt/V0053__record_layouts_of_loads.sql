-- what:   add to elt.load the layout that its file was read with
-- why:    after a change of the layout in elt.source, elt load must read an unchanged file again
-- locks:  ACCESS EXCLUSIVE on elt.load, for an instant: a nullable column
-- time:   instant
-- undo:   drop the column (a changed layout then needs elt load --force)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load add column layout jsonb;

comment on column elt.load.layout is
    'Columns of elt.source about the layout of its files, as they were when the load was read (elt.source_layout). Null for loads of earlier versions, which count as read with the present layout.';
