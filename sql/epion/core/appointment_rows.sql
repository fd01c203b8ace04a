-- grain:    one row per staged row of the live load of appointments, repeats included
-- reads:    staging.appointments, elt.live_load
-- used by:  core.incoming_appointments, the rules on appointments
-- careful:  a value that is not a valid integer or date is null, and its text is in the column beside it. A seen_
--           function returns the same value as the function without seen_, and skips the test of each value if
--           elt.column_is knows the whole column. No other file uses these functions
create or replace view core.appointment_rows as
select
    staged._load_id,
    staged._row,
    elt.seen_bigint_value(
        staged.emr_practice_id, (select elt.column_is('appointments', 'emr_practice_id', 'integer'))
    ) as emr_practice_id,
    elt.seen_bigint_value(
        staged.emr_appointment_id, (select elt.column_is('appointments', 'emr_appointment_id', 'integer'))
    ) as emr_appointment_id,
    elt.seen_bigint_value(
        staged.emr_provider_id, (select elt.column_is('appointments', 'emr_provider_id', 'integer'))
    ) as emr_provider_id,
    elt.seen_bigint_value(
        staged.emr_department_id, (select elt.column_is('appointments', 'emr_department_id', 'integer'))
    ) as emr_department_id,
    elt.text_value(staged.emr_practice_id) as emr_practice_text,
    elt.text_value(staged.emr_appointment_id) as emr_appointment_text,
    elt.text_value(staged.emr_provider_id) as emr_provider_text,
    elt.text_value(staged.emr_department_id) as emr_department_text,
    elt.seen_text_value(
        staged.appointment_status, (select elt.column_is('appointments', 'appointment_status', 'trimmed'))
    ) as appointment_status,
    elt.seen_text_value(
        staged.encounter_state, (select elt.column_is('appointments', 'encounter_state', 'trimmed'))
    ) as encounter_state,
    elt.seen_text_value(
        staged.encounter_status, (select elt.column_is('appointments', 'encounter_status', 'trimmed'))
    ) as encounter_status,
    elt.text_value(staged.appointment_date) as appointment_date_text,
    elt.seen_date_value(
        staged.appointment_date, (select elt.column_is('appointments', 'appointment_date', 'date'))
    ) as appointment_date,
    staged._extra
from staging.appointments as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'appointments'
);

comment on view core.appointment_rows is
    'Staged rows of the live load of appointments, with each value trimmed and, if possible, cast.';
