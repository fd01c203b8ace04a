-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.appointment_status is lowercase and appointments.encounter_state is uppercase
create or replace view quality.appointments_in_other_case as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.appointment_status,
    appointment_rows.encounter_state
from core.appointment_rows
where
    appointment_rows.appointment_status in ('X', 'F')
    or (
        upper(appointment_rows.encounter_state) = 'DELETED'
        and appointment_rows.encounter_state <> 'DELETED'
    );

comment on view quality.appointments_in_other_case is
    'Rows in which X, F or Deleted is written in another case. They are read as x, f and DELETED.';
