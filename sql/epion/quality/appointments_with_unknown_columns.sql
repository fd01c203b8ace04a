-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_rows
-- holds if: appointments._extra is empty
create or replace view quality.appointments_with_unknown_columns as
select
    appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id
from core.appointment_rows
where appointment_rows._extra is not null;

comment on view quality.appointments_with_unknown_columns is
    'Rows with values in unknown columns. The values are kept in staging.appointments._extra.';
