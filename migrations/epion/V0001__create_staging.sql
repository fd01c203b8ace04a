-- what:   create the staging tables of the four sources
-- why:    elt load copies the rows of a source into a partition of staging.<source>
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the four tables (loses staged rows; load the sources again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table staging.appointments (
    _load_id bigint not null,
    _row bigint not null,
    emr_practice_id text,
    emr_appointment_id text,
    emr_provider_id text,
    emr_department_id text,
    appointment_status text,
    encounter_state text,
    encounter_status text,
    appointment_date text,
    _extra jsonb
) partition by list (_load_id);

comment on table staging.appointments is
    'Appointments of the EMRs, as they stand in the file. One row per record, repeats included.';
comment on column staging.appointments._load_id is 'Load (elt.load); one partition each.';
comment on column staging.appointments._row is 'Line of the file where the record begins.';
comment on column staging.appointments.emr_practice_id is 'Hospital or clinic, as the EMR numbers it.';
comment on column staging.appointments.emr_appointment_id is 'Appointment; unique within a practice, but for repeats.';
comment on column staging.appointments.emr_provider_id is 'Who the appointment is with.';
comment on column staging.appointments.emr_department_id is 'Department where it takes place.';
comment on column staging.appointments.appointment_status is 'Status code; x and f are not valid.';
comment on column staging.appointments.encounter_state is 'State of the encounter; DELETED is not valid.';
comment on column staging.appointments.encounter_status is 'Status of the encounter; decides nothing.';
comment on column staging.appointments.appointment_date is 'Day of the appointment, YYYY-MM-DD.';
comment on column staging.appointments._extra is 'Values of columns that the file has and this table has not, by name; null when there are none.';

create table staging.office_settings (
    _load_id bigint not null,
    _row bigint not null,
    payload jsonb
) partition by list (_load_id);

comment on table staging.office_settings is
    'Offices with their departments and the dates when they went live, one document per office.';
comment on column staging.office_settings._load_id is 'Load (elt.load); one partition each.';
comment on column staging.office_settings._row is 'Position of the document in the file, from 1.';
comment on column staging.office_settings.payload is
    'The document: practice_name, emr_practice_id, epion_practice_id, epion_office_id, office_name, emr_department_ids, launched_date, disabled_date.';

create table staging.practices (
    _load_id bigint not null,
    _row bigint not null,
    payload jsonb
) partition by list (_load_id);

comment on table staging.practices is 'Child practices, one document each.';
comment on column staging.practices._load_id is 'Load (elt.load); one partition each.';
comment on column staging.practices._row is 'Position of the document in the file, from 1.';
comment on column staging.practices.payload is
    'The document: practice_name, emr_practice_id, epion_practice_id.';

create table staging.offices (
    _load_id bigint not null,
    _row bigint not null,
    payload jsonb
) partition by list (_load_id);

comment on table staging.offices is 'Offices for table public.epion_offices, one document each.';
comment on column staging.offices._load_id is 'Load (elt.load); one partition each.';
comment on column staging.offices._row is 'Position of the document in the file, from 1.';
comment on column staging.offices.payload is
    'The document: epion_practice_id, launched_date, disabled_date, emr_department_ids, office_name.';
