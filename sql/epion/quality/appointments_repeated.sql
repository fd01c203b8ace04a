-- grain:    one row per appointment that several rows name
-- level:    warning
-- reads:    core.appointments
create or replace view quality.appointments_repeated as
select
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count
from core.appointments
where appointments.row_count > 1;

comment on view quality.appointments_repeated is
    'Appointments that the file has more than once: each is counted once.';
