-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.emr_practice_id is integer
--           and appointments.emr_appointment_id is integer
--           and appointments.emr_provider_id is integer
--           and appointments.emr_department_id is integer
create or replace view quality.appointments_with_rewritten_ids as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_text,
    appointment_rows.emr_appointment_text,
    appointment_rows.emr_provider_text,
    appointment_rows.emr_department_text
from core.appointment_rows
where
    appointment_rows.emr_practice_id::text <> appointment_rows.emr_practice_text
    or appointment_rows.emr_appointment_id::text <> appointment_rows.emr_appointment_text
    or appointment_rows.emr_provider_id::text <> appointment_rows.emr_provider_text
    or appointment_rows.emr_department_id::text <> appointment_rows.emr_department_text;

comment on view quality.appointments_with_rewritten_ids is
    'Rows with an id that is written with leading zeros or a plus sign, such as 007. It is read, compared and printed as the integer.';
