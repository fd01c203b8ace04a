-- grain:    one row per (emr_practice_id, emr_appointment_id)
-- reads:    core.appointment_rows
-- fills:    core.appointments
-- careful:  of repeats the last row wins; rows without both ids are in no result
--           (quality.appointments_without_id). The window has the order of the result, so that both
--           need one sort; `offset 0` keeps the casts below it, where several processes share them
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
)

select distinct on (identified.emr_practice_id, identified.emr_appointment_id)
    identified.emr_practice_id,
    identified.emr_appointment_id,
    identified.emr_provider_id,
    identified.emr_department_id,
    identified.appointment_status,
    identified.encounter_state,
    identified.encounter_status,
    identified.appointment_date,
    count(*) over (
        partition by identified.emr_practice_id, identified.emr_appointment_id
        order by identified._row desc
        rows between unbounded preceding and unbounded following
    ) as row_count,
    identified._load_id,
    identified._row
from identified
order by
    identified.emr_practice_id asc,
    identified.emr_appointment_id asc,
    identified._row desc;

comment on view core.incoming_appointments is
    'What the live load says that core.appointments holds.';
