-- grain:    one row per key
-- level:    error
-- reads:    core.appointments
-- careful:  the primary key already prevents this. The rows are read only if the primary key was dropped
create or replace view quality.appointment_keys_twice as
select
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    count(*) as times
from core.appointments
where not exists (
    select 1
    from pg_catalog.pg_index
    where
        pg_index.indrelid = 'core.appointments'::regclass
        and pg_index.indisprimary
        and pg_index.indisvalid
)
group by
    appointments.emr_practice_id,
    appointments.emr_appointment_id
having count(*) > 1;

comment on view quality.appointment_keys_twice is
    'Appointments that appear twice in core.';
