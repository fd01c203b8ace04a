-- grain:    one row per appointment that several rows name
-- level:    warning
-- reads:    core.appointments, core.appointment_rows, elt.live_load
-- careful:  core.appointments names a row of the load that last changed the appointment. If that is not the live load,
--           the last row is looked up in the live load. A correlated exists over core would not run on Citus
create or replace view quality.appointments_repeated as
select
    appointments._load_id,
    appointments._row,
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count
from core.appointments
where
    appointments.row_count > 1
    and appointments._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'appointments'
    )
union all
select
    appointment_rows._load_id,
    max(appointment_rows._row) as _row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    count(*) as row_count
from core.appointment_rows
where
    (appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id) in (
        select
            appointments.emr_practice_id,
            appointments.emr_appointment_id
        from core.appointments
        where
            appointments.row_count > 1
            and appointments._load_id <> (
                select live_load.load_id
                from elt.live_load
                where live_load.source = 'appointments'
            )
    )
group by
    appointment_rows._load_id,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id;

comment on view quality.appointments_repeated is
    'Appointments that appear more than once in the file. Each is counted once, and its last row, which is shown here, is kept.';
