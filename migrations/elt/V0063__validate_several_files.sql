-- what:   validate the constraints that V0062 added
-- why:    only a validated constraint holds for all rows
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source and elt.load: no reader and no writer waits
-- time:   scans of elt.source and of the record of loads
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.source
validate constraint source_file_is_a_path_or_address,
validate constraint source_order_by_known,
validate constraint source_settle_seconds_in_range;

alter table elt.load
validate constraint load_batch_load_id_fkey,
validate constraint load_replaced_by_load_id_fkey;
