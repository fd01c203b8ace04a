-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.emr_department_id is integer and appointments.emr_department_id is complete
create or replace view quality.appointments_without_department as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_department_text
from core.appointment_rows
where appointment_rows.emr_department_id is null;

comment on view quality.appointments_without_department is
    'Rows whose department is missing or not an integer. They are never Epion''s.';
