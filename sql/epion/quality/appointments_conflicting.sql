-- grain:    one row per row that differs from the last row of the same appointment
-- level:    warning
-- reads:    core.appointments, core.appointment_rows
create or replace view quality.appointments_conflicting as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id
from core.appointments
inner join core.appointment_rows
    on
        appointments.emr_practice_id = appointment_rows.emr_practice_id
        and appointments.emr_appointment_id = appointment_rows.emr_appointment_id
where
    appointments.row_count > 1
    and row(
        appointment_rows.emr_provider_id,
        appointment_rows.emr_department_id,
        appointment_rows.appointment_status,
        appointment_rows.encounter_state,
        appointment_rows.encounter_status,
        appointment_rows.appointment_date
    ) is distinct from row(
        appointments.emr_provider_id,
        appointments.emr_department_id,
        appointments.appointment_status,
        appointments.encounter_state,
        appointments.encounter_status,
        appointments.appointment_date
    );

comment on view quality.appointments_conflicting is
    'Repeats of an appointment that differ from its last row. The last row counts.';
