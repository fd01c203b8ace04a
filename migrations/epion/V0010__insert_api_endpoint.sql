-- what:   insert the API endpoint of appointments
-- why:    another elt, or any program, can load from here what was loaded here
-- locks:  none on existing tables
-- time:   instant; one row
-- undo:   delete the row
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.api_endpoint (path, relation, order_by, columns, description)
values (
    'appointments', 'core.appointment_records', '_row',
    '{emr_practice_id,emr_appointment_id,emr_provider_id,emr_department_id,appointment_status,encounter_state,encounter_status,appointment_date}',
    'Appointments as they stand in the file that is live, repeats included.'
);
