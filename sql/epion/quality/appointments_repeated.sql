-- grain:    one row per appointment that several rows name
-- level:    warning
-- reads:    core.appointments
-- careful:  the row shown is the last one in the load that last changed the appointment
create or replace view quality.appointments_repeated as
select
    appointments._load_id,
    appointments._row,
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count
from core.appointments
where appointments.row_count > 1;

comment on view quality.appointments_repeated is
    'Appointments that appear more than once in the file. Each is counted once, and its last row is kept. The row shown is the last one in the load that last changed the appointment.';
