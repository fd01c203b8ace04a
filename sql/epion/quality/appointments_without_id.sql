-- grain:    one row per staged row without an appointment key
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.emr_practice_id is integer
--           and appointments.emr_practice_id is complete
--           and appointments.emr_appointment_id is integer
--           and appointments.emr_appointment_id is complete
create or replace view quality.appointments_without_id as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_text,
    appointment_rows.emr_appointment_text
from core.appointment_rows
where
    appointment_rows.emr_practice_id is null
    or appointment_rows.emr_appointment_id is null;

comment on view quality.appointments_without_id is
    'Rows whose practice or appointment id is missing or not an integer. They are in no result.';
