-- what:   validate what V0028 and V0030 added
-- why:    a constraint that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source, elt.load and elt.rule_result, ROW SHARE on elt.publish:
--         they block no reader and no writer
-- time:   reads the tables once: milliseconds for thousands of loads
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source validate constraint source_mode_known;
alter table elt.source validate constraint source_key_is_of_a_merge;
alter table elt.source validate constraint source_key_names_columns;
alter table elt.load validate constraint load_live_publish_id_fkey;
alter table elt.load validate constraint load_is_published_when_live;
alter table elt.rule_result validate constraint rule_result_run_publish_id_fkey;
