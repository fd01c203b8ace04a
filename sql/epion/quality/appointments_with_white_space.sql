-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_records
-- holds if: appointments.emr_practice_id is trimmed
--           and appointments.emr_appointment_id is trimmed
--           and appointments.emr_provider_id is trimmed
--           and appointments.emr_department_id is trimmed
--           and appointments.appointment_status is trimmed
--           and appointments.encounter_state is trimmed
--           and appointments.encounter_status is trimmed
--           and appointments.appointment_date is trimmed
create or replace view quality.appointments_with_white_space as
with trimmed as (
    select
        records._load_id,
        records._row,
        elt.bigint_value(records.emr_practice_id) as emr_practice_id,
        elt.bigint_value(records.emr_appointment_id) as emr_appointment_id,
        concat_ws(
            ', ',
            case
                when elt.text_value(records.emr_practice_id) is distinct from records.emr_practice_id
                    then 'emr_practice_id'
            end,
            case
                when
                    elt.text_value(records.emr_appointment_id)
                    is distinct from records.emr_appointment_id
                    then 'emr_appointment_id'
            end,
            case
                when elt.text_value(records.emr_provider_id) is distinct from records.emr_provider_id
                    then 'emr_provider_id'
            end,
            case
                when
                    elt.text_value(records.emr_department_id)
                    is distinct from records.emr_department_id
                    then 'emr_department_id'
            end,
            case
                when
                    elt.text_value(records.appointment_status)
                    is distinct from records.appointment_status
                    then 'appointment_status'
            end,
            case
                when elt.text_value(records.encounter_state) is distinct from records.encounter_state
                    then 'encounter_state'
            end,
            case
                when
                    elt.text_value(records.encounter_status)
                    is distinct from records.encounter_status
                    then 'encounter_status'
            end,
            case
                when
                    elt.text_value(records.appointment_date)
                    is distinct from records.appointment_date
                    then 'appointment_date'
            end
        ) as trimmed_columns
    from core.appointment_records as records
)

select
    trimmed._load_id,
    trimmed._row,
    trimmed.emr_practice_id,
    trimmed.emr_appointment_id,
    trimmed.trimmed_columns
from trimmed
where trimmed.trimmed_columns <> '';

comment on view quality.appointments_with_white_space is
    'Rows with white space at the edges of a value. It is trimmed, and a value with nothing else is null.';
