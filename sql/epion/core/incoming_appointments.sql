-- grain:    one row per (emr_practice_id, emr_appointment_id)
-- reads:    core.appointment_rows
-- fills:    core.appointments
-- careful:  of repeats the last row wins; rows without both ids are in no result
--           (quality.appointments_without_id)
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
    count(*) over (
        partition by appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id
    ) as row_count,
    appointment_rows._load_id,
    appointment_rows._row
from core.appointment_rows
where
    appointment_rows.emr_practice_id is not null
    and appointment_rows.emr_appointment_id is not null
order by
    appointment_rows.emr_practice_id asc,
    appointment_rows.emr_appointment_id asc,
    appointment_rows._row desc;

comment on view core.incoming_appointments is
    'What the live load says that core.appointments holds.';
