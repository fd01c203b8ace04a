-- grain:    one row per appointment that several rows name
-- level:    warning
-- reads:    core.appointments, core.appointment_rows
-- careful:  the row is asked of the live load, since core.appointments keeps the one of the load that
--           last changed it
create or replace view quality.appointments_repeated as
select
    appointment_rows._load_id,
    max(appointment_rows._row) as _row,
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count
from core.appointments
inner join core.appointment_rows
    on
        appointments.emr_practice_id = appointment_rows.emr_practice_id
        and appointments.emr_appointment_id = appointment_rows.emr_appointment_id
where appointments.row_count > 1
group by
    appointment_rows._load_id,
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count;

comment on view quality.appointments_repeated is
    'Appointments that the file has more than once: each is counted once, and its last row, which is named here, is kept.';
