-- grain:    one row per valid appointment of a department that was live with Epion on its date:
--           (emr_practice_id, emr_appointment_id)
-- reads:    public.valid_appointments
-- used by:  export epion_appts
create or replace view public.epion_appointments as
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
where valid_appointments.is_epion;

comment on view public.epion_appointments is
    'Valid appointments whose department was live with Epion on the date of the appointment.';
comment on column public.epion_appointments.emr_practice_id is 'Hospital or clinic: its id in the EMR.';
comment on column public.epion_appointments.emr_appointment_id is 'Appointment, unique within the practice.';
comment on column public.epion_appointments.emr_provider_id is
    'Provider. Null if missing or not an integer.';
comment on column public.epion_appointments.emr_department_id is 'Department in which it takes place.';
comment on column public.epion_appointments.appointment_status is 'Status code as loaded, trimmed.';
comment on column public.epion_appointments.encounter_state is 'State of the encounter as loaded, trimmed.';
comment on column public.epion_appointments.encounter_status is 'Status of the encounter as loaded, trimmed.';
comment on column public.epion_appointments.appointment_date is 'Day of the appointment.';
