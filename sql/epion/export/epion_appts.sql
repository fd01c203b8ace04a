-- grain:    one row per appointment associated with Epion: (emr_practice_id, emr_appointment_id)
-- reads:    public.epion_appointments
select
    epion_appointments.emr_practice_id,
    epion_appointments.emr_appointment_id,
    epion_appointments.emr_provider_id,
    epion_appointments.emr_department_id,
    epion_appointments.appointment_status,
    epion_appointments.encounter_state,
    epion_appointments.encounter_status,
    epion_appointments.appointment_date
from public.epion_appointments
order by
    epion_appointments.appointment_date asc nulls last,
    epion_appointments.emr_practice_id asc,
    epion_appointments.emr_appointment_id asc
