-- what:   link departments of valid appointments to the reasons why they are Epion's or not
-- why:    who looks at an appointment asks why it is not Epion's
-- locks:  none on existing tables
-- time:   instant; one row
-- undo:   delete the row
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.row_link (relation, column_name, target, shared_columns)
values (
    'public.valid_appointments', 'emr_department_id', 'public.department_reasons',
    '{emr_practice_id,emr_department_id}'
);
