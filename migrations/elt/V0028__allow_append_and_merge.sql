-- what:   let elt.source.mode be append or merge too, and add elt.source.key
-- why:    a file per day holds what is new or changed, and not everything there is
-- locks:  ACCESS EXCLUSIVE on elt.source, for an instant: a nullable column, checks not validated yet
-- time:   instant; the checks are validated by V0031
-- undo:   set such sources to replace and load them whole, drop the column, put the old check back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source add column key text[];

-- The guarantee is given again, with two modes more. Older programs refuse a newer ledger.
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_mode_known;
alter table elt.source
add constraint source_mode_known check (mode in ('replace', 'append', 'merge')) not valid;
alter table elt.source
add constraint source_key_is_of_a_merge check ((key is not null) = (mode = 'merge')) not valid;
alter table elt.source
add constraint source_key_names_columns check (
    cardinality(key) > 0 and array_position(key, null) is null
) not valid;

comment on column elt.source.mode is
    'replace: a load says everything there is, and what it does not name is deleted from core. merge: a load says what is new or changed, and of each key the latest load''s row stays. append: a load''s rows come to those that are there; of a core table with a primary key, as with merge. No merge and no append deletes.';
comment on column elt.source.key is
    'merge: the columns of the core table that tell its rows apart, which are its primary key; null for other modes.';
