-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.appointment_date is date and appointments.appointment_date is complete
create or replace view quality.appointments_without_date as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.appointment_date_text
from core.appointment_rows
where appointment_rows.appointment_date is null;

comment on view quality.appointments_without_date is
    'Rows whose date is missing or impossible. They are never Epion''s and belong to no month.';
