-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments.emr_provider_id is integer
create or replace view quality.appointments_with_unreadable_provider as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_provider_text
from core.appointment_rows
where
    appointment_rows.emr_provider_id is null
    and appointment_rows.emr_provider_text is not null;

comment on view quality.appointments_with_unreadable_provider is
    'Rows whose provider is not an integer. It is printed empty and has no other effect.';
