-- what:   create core.appointments, core.offices and core.departments
-- why:    the views read typed rows with keys; each publish brings them to what the live loads say
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the three tables (loses nothing: the next load or elt migrate fills them again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table core.appointments (
    emr_practice_id bigint not null,
    emr_appointment_id bigint not null,
    emr_provider_id bigint,
    emr_department_id bigint,
    appointment_status text,
    encounter_state text,
    encounter_status text,
    appointment_date date,
    row_count bigint not null,
    _load_id bigint not null,
    _row bigint not null,
    constraint appointments_pkey primary key (emr_practice_id, emr_appointment_id)
);

comment on table core.appointments is
    'One row per appointment: of the rows that repeat it, the last. Filled by core.incoming_appointments.';
comment on column core.appointments.emr_practice_id is 'Hospital or clinic, as its EMR numbers it.';
comment on column core.appointments.emr_appointment_id is 'Appointment, unique within the practice.';
comment on column core.appointments.emr_provider_id is 'Who it is with; null when missing or not an integer.';
comment on column core.appointments.emr_department_id is 'Where it takes place; null when missing or not an integer.';
comment on column core.appointments.appointment_status is 'Status code as it came, trimmed.';
comment on column core.appointments.encounter_state is 'State of the encounter as it came, trimmed.';
comment on column core.appointments.encounter_status is 'Status of the encounter as it came, trimmed.';
comment on column core.appointments.appointment_date is 'Day of the appointment; null when missing or no date.';
comment on column core.appointments.row_count is 'How many rows of the load name this appointment.';
comment on column core.appointments._load_id is 'Load that last changed the row; with _row for elt.origin().';
comment on column core.appointments._row is 'Line of that load''s file.';

create table core.offices (
    entry_number bigint not null,
    practice_name text,
    emr_practice_id bigint,
    epion_practice_id bigint,
    epion_office_id bigint,
    office_name text,
    launched_date date,
    disabled_date date,
    live_period daterange,
    _load_id bigint not null,
    _row bigint not null,
    constraint offices_pkey primary key (entry_number)
);

comment on table core.offices is
    'One row per entry of the office settings. Filled by core.incoming_offices.';
comment on column core.offices.entry_number is 'Position of the entry in the file, from 1: the only key that cannot be missing or repeated.';
comment on column core.offices.practice_name is 'Name of the child practice.';
comment on column core.offices.emr_practice_id is 'EMR practice that it belongs to.';
comment on column core.offices.epion_practice_id is 'Child practice.';
comment on column core.offices.epion_office_id is 'Office.';
comment on column core.offices.office_name is 'Name of the office.';
comment on column core.offices.launched_date is 'First day with Epion; null when not launched or no date.';
comment on column core.offices.disabled_date is 'Last day with Epion; null when still live or no date.';
comment on column core.offices.live_period is
    'Days on which its departments use Epion, both ends included; null when it contributes none: not launched, disabled before the launch, or disabled on a day that nobody can read.';
comment on column core.offices._load_id is 'Load that last changed the row; with _row for elt.origin().';
comment on column core.offices._row is 'Document of that load''s file.';

create table core.departments (
    entry_number bigint not null,
    emr_department_id bigint not null,
    emr_practice_id bigint not null,
    _load_id bigint not null,
    _row bigint not null,
    constraint departments_pkey primary key (entry_number, emr_department_id)
);

comment on table core.departments is
    'One row per office entry and department that it names. Filled by core.incoming_departments.';
comment on column core.departments.entry_number is 'Entry of the office settings (core.offices).';
comment on column core.departments.emr_department_id is 'Department; unique only within its EMR practice.';
comment on column core.departments.emr_practice_id is 'EMR practice of the department.';
comment on column core.departments._load_id is 'Load that last changed the row; with _row for elt.origin().';
comment on column core.departments._row is 'Document of that load''s file.';
