-- what:   validate the checks that V0047 added
-- why:    a check that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source and elt.load: no reader and no writer waits
-- time:   a scan of two tables of bookkeeping
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.source validate constraint source_escape_is_one_sign;
alter table elt.source validate constraint source_escape_is_no_other_sign;
alter table elt.source validate constraint source_header_line_in_range;
alter table elt.source validate constraint source_header_lines_in_range;
alter table elt.source validate constraint source_comment_is_a_prefix;
alter table elt.source validate constraint source_footer_lines_in_range;
alter table elt.source validate constraint source_member_is_a_name;
alter table elt.source validate constraint source_records_at_is_of_json;
alter table elt.source validate constraint source_encoding_known;
alter table elt.load validate constraint load_encoding_is_a_name;
alter table elt.load validate constraint load_compression_known;
alter table elt.load validate constraint load_lines_skipped_not_negative;
