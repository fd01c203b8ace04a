-- what:   validate the check that V0054 added
-- why:    a check that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source: no reader and no writer waits
-- time:   a scan of one table of bookkeeping
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.source validate constraint source_encoding_known;
