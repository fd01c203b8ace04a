-- grain:    one row per staged row of the live load of appointments, repeats included
-- reads:    staging.appointments, elt.live_load
-- used by:  core.incoming_appointments, the rules on appointments
-- careful:  what cannot be read as an integer or a date is null beside its text
create or replace view core.appointment_rows as
select
    staged._load_id,
    staged._row,
    elt.bigint_value(staged.emr_practice_id) as emr_practice_id,
    elt.bigint_value(staged.emr_appointment_id) as emr_appointment_id,
    elt.bigint_value(staged.emr_provider_id) as emr_provider_id,
    elt.bigint_value(staged.emr_department_id) as emr_department_id,
    elt.text_value(staged.emr_practice_id) as emr_practice_text,
    elt.text_value(staged.emr_appointment_id) as emr_appointment_text,
    elt.text_value(staged.emr_provider_id) as emr_provider_text,
    elt.text_value(staged.emr_department_id) as emr_department_text,
    elt.text_value(staged.appointment_status) as appointment_status,
    elt.text_value(staged.encounter_state) as encounter_state,
    elt.text_value(staged.encounter_status) as encounter_status,
    elt.text_value(staged.appointment_date) as appointment_date_text,
    elt.date_value(staged.appointment_date) as appointment_date,
    staged._extra
from staging.appointments as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'appointments'
);

comment on view core.appointment_rows is
    'Staged rows of the live load of appointments, each value trimmed, and cast where it can be.';
