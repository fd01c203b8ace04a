-- what:   add applied_text to both ledgers, and describe them
-- why:    of a file that was edited after it was applied, elt shows what is different
-- locks:  both ledgers, exclusively, for an instant; only elt migrate writes them, every command reads them
-- time:   instant; texts of what was applied before are filled in by elt migrate, from files that are still the same
-- undo:   alter table ... drop column applied_text (loses the texts; they are in version control too)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- The statement that writes a row is refinery's, and names its own columns only: by the default the text is in the
-- same row all the same. Set afterwards, so that rows which are there keep null.
alter table elt.engine_migration add column applied_text text;
alter table elt.engine_migration
alter column applied_text set default nullif(current_setting('elt.migration_text', true), '');

alter table elt.project_migration add column applied_text text;
alter table elt.project_migration
alter column applied_text set default nullif(current_setting('elt.migration_text', true), '');

comment on table elt.engine_migration is
    'Migrations of elt''s own that were applied: elt migrate --status.';
comment on column elt.engine_migration.applied_text is
    'Text of the file as it was applied; null if that was before elt kept it.';
comment on table elt.project_migration is
    'Migrations of the project''s that were applied: elt migrate --status.';
comment on column elt.project_migration.applied_text is
    'Text of the file as it was applied; null if that was before elt kept it.';
