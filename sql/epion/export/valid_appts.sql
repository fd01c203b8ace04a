-- grain:    one row per valid appointment: (emr_practice_id, emr_appointment_id)
-- reads:    public.valid_appointments
select
    valid_appointments.emr_practice_id,
    valid_appointments.emr_appointment_id,
    valid_appointments.emr_provider_id,
    valid_appointments.emr_department_id,
    valid_appointments.appointment_status,
    valid_appointments.encounter_state,
    valid_appointments.encounter_status,
    valid_appointments.appointment_date
from public.valid_appointments
order by
    valid_appointments.appointment_date asc nulls last,
    valid_appointments.emr_practice_id asc,
    valid_appointments.emr_appointment_id asc
