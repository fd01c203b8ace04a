-- grain:    one row per (emr_practice_id, emr_appointment_id)
-- reads:    core.appointment_rows
-- fills:    core.appointments
-- distribute: emr_appointment_id
-- careful:  if an appointment is repeated, its last row wins: no row of the same appointment follows it, and its number
--           is their count. The window has the columns in the order of the primary key, so that rows come sorted by it,
--           and is in a plain subquery: behind WITH, PostgreSQL 15 sorts them again. Rows without both ids are in no
--           result (quality.appointments_without_id)
create or replace view core.incoming_appointments as
select
    numbered.emr_practice_id,
    numbered.emr_appointment_id,
    numbered.emr_provider_id,
    numbered.emr_department_id,
    numbered.appointment_status,
    numbered.encounter_state,
    numbered.encounter_status,
    numbered.appointment_date,
    numbered.row_count,
    numbered._load_id,
    numbered._row
from (
    select
        appointment_rows.*,
        row_number() over same_appointment as row_count,
        lead(appointment_rows._row) over same_appointment is null as is_last
    from core.appointment_rows
    where
        appointment_rows.emr_practice_id is not null
        and appointment_rows.emr_appointment_id is not null
    window
        same_appointment as (
            partition by appointment_rows.emr_appointment_id, appointment_rows.emr_practice_id
            order by appointment_rows._row asc
        )
) as numbered
where numbered.is_last;

comment on view core.incoming_appointments is
    'Rows that belong in core.appointments, from the live load.';
