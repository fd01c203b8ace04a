-- grain:    one row per staged row of the live load of appointments, repeats included
-- reads:    staging.appointments, elt.live_load
-- used by:  elt.api_endpoint, rules on the notation of values
-- careful:  values are as loaded, neither trimmed nor cast
create or replace view core.appointment_records as
select
    staged._load_id,
    staged._row,
    staged.emr_practice_id,
    staged.emr_appointment_id,
    staged.emr_provider_id,
    staged.emr_department_id,
    staged.appointment_status,
    staged.encounter_state,
    staged.encounter_status,
    staged.appointment_date
from staging.appointments as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'appointments'
);

comment on view core.appointment_records is
    'Staged rows of the live load of appointments, as loaded.';
