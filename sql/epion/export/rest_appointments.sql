-- grain:    one row per record of the API, in the order of the API, repeats included
-- reads:    core.rest_appointment_rows
-- careful:  values are exported as the API returned them, neither trimmed nor cast
select
    nullif(rest_appointment_rows.emr_practice_id, '') as emr_practice_id,
    nullif(rest_appointment_rows.emr_appointment_id, '') as emr_appointment_id,
    nullif(rest_appointment_rows.emr_provider_id, '') as emr_provider_id,
    nullif(rest_appointment_rows.emr_department_id, '') as emr_department_id,
    nullif(rest_appointment_rows.appointment_status, '') as appointment_status,
    nullif(rest_appointment_rows.encounter_state, '') as encounter_state,
    nullif(rest_appointment_rows.encounter_status, '') as encounter_status,
    nullif(rest_appointment_rows.appointment_date, '') as appointment_date
from core.rest_appointment_rows
order by rest_appointment_rows._row asc
