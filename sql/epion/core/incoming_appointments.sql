-- grain:    one row per (emr_practice_id, emr_appointment_id)
-- reads:    core.appointment_rows
-- fills:    core.appointments
-- careful:  if an appointment is repeated, its last row wins. Rows without both ids are in no result
--           (quality.appointments_without_id). Only the keys are sorted, and only repeated keys are kept for the
--           lookup. `offset 0` and the order of the keys keep the casts and the sort below them, where several
--           processes share the work
create or replace view core.incoming_appointments as
with identified as (
    select
        appointment_rows.emr_practice_id,
        appointment_rows.emr_appointment_id,
        appointment_rows.emr_provider_id,
        appointment_rows.emr_department_id,
        appointment_rows.appointment_status,
        appointment_rows.encounter_state,
        appointment_rows.encounter_status,
        appointment_rows.appointment_date,
        appointment_rows._load_id,
        appointment_rows._row
    from core.appointment_rows
    where
        appointment_rows.emr_practice_id is not null
        and appointment_rows.emr_appointment_id is not null
    offset 0 -- noqa: AM09
),

keys as (
    select
        appointment_rows.emr_practice_id,
        appointment_rows.emr_appointment_id,
        appointment_rows._row
    from core.appointment_rows
    order by
        appointment_rows.emr_practice_id asc,
        appointment_rows.emr_appointment_id asc
),

repeated as (
    select
        keys.emr_practice_id,
        keys.emr_appointment_id,
        count(*) as row_count,
        max(keys._row) as last_row
    from keys
    group by
        keys.emr_practice_id,
        keys.emr_appointment_id
    having count(*) > 1
)

select
    identified.emr_practice_id,
    identified.emr_appointment_id,
    identified.emr_provider_id,
    identified.emr_department_id,
    identified.appointment_status,
    identified.encounter_state,
    identified.encounter_status,
    identified.appointment_date,
    coalesce(repeated.row_count, 1) as row_count,
    identified._load_id,
    identified._row
from identified
left join repeated
    on
        identified.emr_practice_id = repeated.emr_practice_id
        and identified.emr_appointment_id = repeated.emr_appointment_id
where repeated.last_row is null or identified._row = repeated.last_row;

comment on view core.incoming_appointments is
    'Rows that belong in core.appointments, from the live load.';
