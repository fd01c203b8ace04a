-- grain:    one row per key
-- level:    error
-- reads:    core.appointments
create or replace view quality.appointment_keys_twice as
select
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    count(*) as times
from core.appointments
group by
    appointments.emr_practice_id,
    appointments.emr_appointment_id
having count(*) > 1;

comment on view quality.appointment_keys_twice is
    'Appointments that core has twice: must never be.';
