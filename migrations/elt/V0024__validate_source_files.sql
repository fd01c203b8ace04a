-- what:   validate the five checks that V0023 added
-- why:    a check that is validated is one that a reader can rely on
-- locks:  SHARE UPDATE EXCLUSIVE on elt.source, which blocks no reader and no writer
-- time:   instant: it has a handful of rows
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source validate constraint source_delimiter_is_one_sign;
alter table elt.source validate constraint source_quote_is_one_sign;
alter table elt.source validate constraint source_quote_is_no_delimiter;
alter table elt.source validate constraint source_encoding_known;
alter table elt.source validate constraint source_null_text_is_a_value;
