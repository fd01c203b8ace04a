-- grain:    one row per valid appointment: (emr_practice_id, emr_appointment_id)
-- reads:    core.appointments, public.department_settings
-- used by:  public.epion_appointments, public.epion_utilization, public.appointment_funnel,
--           export valid_appts
-- careful:  status and state are compared without regard to case, and a missing value is valid
create or replace view public.valid_appointments as
select
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.emr_provider_id,
    appointments.emr_department_id,
    appointments.appointment_status,
    appointments.encounter_state,
    appointments.encounter_status,
    appointments.appointment_date,
    department_settings.emr_department_id is not null as is_epion,
    appointments.row_count
from core.appointments
left join public.department_settings
    on
        appointments.emr_practice_id = department_settings.emr_practice_id
        and appointments.emr_department_id = department_settings.emr_department_id
        and appointments.appointment_date <@ department_settings.live_periods
where
    (
        appointments.appointment_status is null
        or appointments.appointment_status not in ('x', 'X', 'f', 'F')
    )
    and (
        appointments.encounter_state is null
        or upper(appointments.encounter_state) <> 'DELETED'
    );

comment on view public.valid_appointments is
    'Appointments whose status is neither x nor f and whose encounter is not DELETED.';
comment on column public.valid_appointments.emr_practice_id is 'Hospital or clinic: its id in the EMR.';
comment on column public.valid_appointments.emr_appointment_id is 'Appointment, unique within the practice.';
comment on column public.valid_appointments.emr_provider_id is
    'Provider. Null if missing or not an integer.';
comment on column public.valid_appointments.emr_department_id is
    'Department in which it takes place. Null if missing or not an integer.';
comment on column public.valid_appointments.appointment_status is 'Status code as loaded, trimmed.';
comment on column public.valid_appointments.encounter_state is 'State of the encounter as loaded, trimmed.';
comment on column public.valid_appointments.encounter_status is 'Status of the encounter as loaded, trimmed.';
comment on column public.valid_appointments.appointment_date is
    'Day of the appointment. Null if missing or not a date.';
comment on column public.valid_appointments.is_epion is
    'Whether the department was live with Epion on that day.';
comment on column public.valid_appointments.row_count is
    'Number of rows of the load for this appointment; more than 1 if it is repeated.';
