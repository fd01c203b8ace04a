-- grain:    one row per (emr_practice_id, emr_appointment_id)
-- reads:    core.appointment_rows
-- fills:    core.appointments
-- careful:  if an appointment is repeated, its last row wins. Rows without both ids are in no result
--           (quality.appointments_without_id). The window and the query have the same order, so that the rows are
--           sorted once
create or replace view core.incoming_appointments as
select distinct on (appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id)
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_provider_id,
    appointment_rows.emr_department_id,
    appointment_rows.appointment_status,
    appointment_rows.encounter_state,
    appointment_rows.encounter_status,
    appointment_rows.appointment_date,
    count(*) over same_appointment as row_count,
    appointment_rows._load_id,
    appointment_rows._row
from core.appointment_rows
where
    appointment_rows.emr_practice_id is not null
    and appointment_rows.emr_appointment_id is not null
window
    same_appointment as (
        partition by appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id
        order by appointment_rows._row desc
        rows between unbounded preceding and unbounded following
    )
order by
    appointment_rows.emr_practice_id asc,
    appointment_rows.emr_appointment_id asc,
    appointment_rows._row desc;

comment on view core.incoming_appointments is
    'Rows that belong in core.appointments, from the live load.';
