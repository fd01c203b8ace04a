-- what:   validate the check that V0038 added
-- why:    a check that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source, which blocks no reader and no writer
-- time:   instant: it has a handful of rows
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source validate constraint source_max_shrink_is_a_share;
