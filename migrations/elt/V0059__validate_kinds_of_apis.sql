-- what:   validate the checks that V0057 added
-- why:    only a validated check holds for all rows
-- locks:  SHARE UPDATE EXCLUSIVE on elt.rest_source: no reader and no writer waits
-- time:   a scan of one small table
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '5min';

alter table elt.rest_source
validate constraint rest_source_pagination_known,
validate constraint rest_source_cursor_has_key,
validate constraint rest_source_method_known,
validate constraint rest_source_body_is_object,
validate constraint rest_source_body_has_no_secret,
validate constraint rest_source_parameters_in_known,
validate constraint rest_source_sign_in_known,
validate constraint rest_source_sign_in_has_address,
validate constraint rest_source_sign_in_url_is_encrypted,
validate constraint rest_source_sign_in_parameters_are_texts,
validate constraint rest_source_sign_in_parameters_have_no_secret,
validate constraint rest_source_max_restarts_in_range,
validate constraint rest_source_on_change_known,
validate constraint rest_source_since_is_whole,
validate constraint rest_source_since_type_known,
validate constraint rest_source_since_overlap_fits_type,
validate constraint rest_source_since_format_has_value;
