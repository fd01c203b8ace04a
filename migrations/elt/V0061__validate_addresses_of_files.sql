-- what:   validate the checks that V0060 added
-- why:    only a validated check holds for all rows
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source: no reader and no writer waits
-- time:   a scan of one small table
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.source
validate constraint source_file_is_a_name_or_address,
validate constraint source_file_has_no_secret;
