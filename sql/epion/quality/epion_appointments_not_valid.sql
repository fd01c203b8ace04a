-- grain:    one row per appointment
-- level:    error
-- reads:    public.epion_appointments
create or replace view quality.epion_appointments_not_valid as
select
    epion_appointments.emr_practice_id,
    epion_appointments.emr_appointment_id
from public.epion_appointments
where
    epion_appointments.appointment_status in ('x', 'X', 'f', 'F')
    or upper(epion_appointments.encounter_state) = 'DELETED';

comment on view quality.epion_appointments_not_valid is
    'Epion''s appointments that are not valid.';
