-- grain:    one row per (entry_number, emr_department_id)
-- reads:    core.office_department_rows
-- fills:    core.departments
-- careful:  departments are told apart within their EMR practice, so that an entry without a readable
--           practice names none
create or replace view core.incoming_departments as
select distinct
    office_department_rows._row as entry_number,
    office_department_rows.emr_department_id,
    office_department_rows.emr_practice_id,
    office_department_rows._load_id,
    office_department_rows._row
from core.office_department_rows
where
    office_department_rows.emr_practice_id is not null
    and office_department_rows.emr_department_id is not null;

comment on view core.incoming_departments is
    'What the live load says that core.departments holds.';
