-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
create or replace view quality.appointments_without_department as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_department_text
from core.appointment_rows
where
    not (
        select
            elt.column_is('appointments', 'emr_department_id', 'integer')
            and elt.column_is('appointments', 'emr_department_id', 'complete')
    )
    and appointment_rows.emr_department_id is null;

comment on view quality.appointments_without_department is
    'Rows whose department is missing or not an integer. They are never Epion''s.';
