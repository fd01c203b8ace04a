-- grain:    one row per appointment
-- level:    error
-- reads:    public.epion_appointments, core.appointments
create or replace view quality.epion_appointments_not_valid as
select
    epion_appointments.emr_practice_id,
    epion_appointments.emr_appointment_id
from public.epion_appointments
left join core.appointments
    on
        epion_appointments.emr_practice_id = appointments.emr_practice_id
        and epion_appointments.emr_appointment_id = appointments.emr_appointment_id
where
    appointments.emr_appointment_id is null
    or lower(coalesce(appointments.appointment_status, '')) in ('x', 'f')
    or upper(coalesce(appointments.encounter_state, '')) = 'DELETED';

comment on view quality.epion_appointments_not_valid is
    'Epion''s appointments that are not valid: must never be.';
