-- what:   create staging.rest_appointments
-- why:    elt load copies the records of the REST API there
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop the table (loses staged records; load the source again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table staging.rest_appointments (
    _load_id bigint not null,
    _row bigint not null,
    _page bigint not null,
    payload jsonb
) partition by list (_load_id);

comment on table staging.rest_appointments is
    'Appointments as the REST API gives them, one document each, repeats included.';
comment on column staging.rest_appointments._load_id is 'Load (elt.load); one partition each.';
comment on column staging.rest_appointments._row is 'Position of the record over all pages, from 1.';
comment on column staging.rest_appointments._page is 'Page on which it stood, from 1.';
comment on column staging.rest_appointments.payload is
    'The record: emr_practice_id, emr_appointment_id, emr_provider_id, emr_department_id, appointment_status, encounter_state, encounter_status, appointment_date.';
