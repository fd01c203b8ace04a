-- what:   validate the checks that V0071 added
-- why:    only a validated check holds for all rows
-- locks:  SHARE UPDATE EXCLUSIVE on elt.load: no reader and no writer waits
-- time:   one scan of elt.load
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.load
validate constraint load_state_known,
validate constraint load_is_counted_when_staged;
