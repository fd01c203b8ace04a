-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
create or replace view quality.appointments_without_date as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.appointment_date_text
from core.appointment_rows
where
    not (
        select
            elt.column_is('appointments', 'appointment_date', 'date')
            and elt.column_is('appointments', 'appointment_date', 'complete')
    )
    and appointment_rows.appointment_date is null;

comment on view quality.appointments_without_date is
    'Rows whose date is missing or impossible. They are never Epion''s and belong to no month.';
