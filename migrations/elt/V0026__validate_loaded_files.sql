-- what:   validate the checks and references that V0025 added
-- why:    a check that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.load, elt.reject and elt.publish: no reader and no writer waits
-- time:   a scan of three tables of bookkeeping
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.load validate constraint load_state_known;
alter table elt.load validate constraint load_compression_known;
alter table elt.load validate constraint load_encoding_known;
alter table elt.load validate constraint load_line_ends_known;
alter table elt.load validate constraint load_replay_is_whole;
alter table elt.load validate constraint load_purged_not_negative;
alter table elt.load validate constraint load_replayed_load_id_fkey;
alter table elt.reject validate constraint reject_replaced_by_load_id_fkey;
alter table elt.publish validate constraint publish_cause_known;
