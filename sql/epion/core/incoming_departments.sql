-- grain:    one row per (entry_number, emr_department_id)
-- reads:    core.office_department_rows
-- fills:    core.departments
-- careful:  a department is unique only within its EMR practice, so an entry without a readable practice names no
--           department
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
    'Rows that belong in core.departments, from the live load.';
