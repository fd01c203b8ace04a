-- grain:    one row per record of the live load of rest_appointments, repeats included
-- reads:    staging.rest_appointments, elt.live_load
-- used by:  core.appointment_differences, export rest_appointments.csv
-- careful:  values are the texts of the API, neither trimmed nor cast
create or replace view core.rest_appointment_rows as
select
    staged._load_id,
    staged._row,
    staged._page,
    staged.payload ->> 'emr_practice_id' as emr_practice_id,
    staged.payload ->> 'emr_appointment_id' as emr_appointment_id,
    staged.payload ->> 'emr_provider_id' as emr_provider_id,
    staged.payload ->> 'emr_department_id' as emr_department_id,
    staged.payload ->> 'appointment_status' as appointment_status,
    staged.payload ->> 'encounter_state' as encounter_state,
    staged.payload ->> 'encounter_status' as encounter_status,
    staged.payload ->> 'appointment_date' as appointment_date
from staging.rest_appointments as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'rest_appointments'
);

comment on view core.rest_appointment_rows is
    'Records of the live load of rest_appointments, with each value as the text from the API.';
