-- grain:    one row per difference between the file of appointments and the REST API
-- level:    warning
-- reads:    core.appointment_differences
create or replace view quality.appointments_unlike_rest as
select
    coalesce(
        appointment_differences.file_load_id, appointment_differences.rest_load_id
    ) as _load_id,
    case
        when appointment_differences.file_load_id is not null then appointment_differences.file_row
        else appointment_differences.rest_row
    end as _row,
    appointment_differences.emr_practice_id,
    appointment_differences.emr_appointment_id,
    appointment_differences.difference,
    appointment_differences.file_surplus_count,
    appointment_differences.rest_surplus_count,
    appointment_differences.file_load_id,
    appointment_differences.file_row,
    appointment_differences.rest_load_id,
    appointment_differences.rest_row
from core.appointment_differences;

comment on view quality.appointments_unlike_rest is
    'Rows that differ between the file of appointments and the REST API, once both are loaded. The results come from the file. _load_id and _row identify the row of the file, or the record of the API if the file has no such row.';
