-- what:   validate the checks that V0069 added
-- why:    only a validated check holds for all rows
-- locks:  SHARE UPDATE EXCLUSIVE on elt.chart and elt.saved_query: no reader and no writer waits
-- time:   scans of two small tables
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.saved_query validate constraint saved_query_chart_known;
alter table elt.chart
validate constraint chart_kind_known,
validate constraint chart_title_not_blank,
validate constraint chart_unit_not_blank,
validate constraint chart_relation_at_most_127_characters,
validate constraint chart_label_column_at_most_63_characters,
validate constraint chart_value_column_at_most_63_characters,
validate constraint chart_part_column_at_most_63_characters,
validate constraint chart_rate_column_at_most_63_characters,
validate constraint chart_title_at_most_200_characters,
validate constraint chart_unit_at_most_100_characters,
validate constraint chart_part_name_at_most_100_characters,
validate constraint chart_rows_relation_at_most_127_characters,
validate constraint chart_rows_column_at_most_63_characters,
validate constraint chart_rows_relation_has_a_schema,
validate constraint chart_rows_have_a_column,
validate constraint chart_shows_no_rejects;
