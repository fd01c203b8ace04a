-- grain:    one row per staged row without an appointment key
-- level:    warning
-- reads:    core.appointment_rows
create or replace view quality.appointments_without_id as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_text,
    appointment_rows.emr_appointment_text
from core.appointment_rows
where
    not (
        select
            elt.column_is('appointments', 'emr_practice_id', 'integer')
            and elt.column_is('appointments', 'emr_practice_id', 'complete')
            and elt.column_is('appointments', 'emr_appointment_id', 'integer')
            and elt.column_is('appointments', 'emr_appointment_id', 'complete')
    )
    and (
        appointment_rows.emr_practice_id is null
        or appointment_rows.emr_appointment_id is null
    );

comment on view quality.appointments_without_id is
    'Rows whose practice or appointment id is missing or not an integer. They are in no result.';
