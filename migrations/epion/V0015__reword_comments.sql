-- what:   reword comments of the project's tables
-- why:    elt docs, the web application and psql show them; they now use the words of the manual
-- locks:  SHARE UPDATE EXCLUSIVE on each table, for an instant: no reader and no writer waits
-- time:   instant
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

comment on table core.appointments is
    'Appointments, without repeats: the last row of each one counts. Filled by core.incoming_appointments.';
comment on column core.appointments._load_id is
    'Load that last changed the row. Use it with _row in elt.origin().';
comment on column core.appointments.appointment_date is
    'Day of the appointment. Null if missing or not a date.';
comment on column core.appointments.appointment_status is 'Status code as loaded, trimmed.';
comment on column core.appointments.emr_department_id is
    'Department in which it takes place. Null if missing or not an integer.';
comment on column core.appointments.emr_practice_id is 'Hospital or clinic: its id in the EMR.';
comment on column core.appointments.emr_provider_id is
    'Provider. Null if missing or not an integer.';
comment on column core.appointments.encounter_state is 'State of the encounter as loaded, trimmed.';
comment on column core.appointments.encounter_status is
    'Status of the encounter as loaded, trimmed.';
comment on column core.appointments.row_count is 'Number of rows of the load for this appointment.';
comment on table core.departments is
    'Departments that the office settings name: one row per entry and department. Filled by core.incoming_departments.';
comment on column core.departments._load_id is
    'Load that last changed the row. Use it with _row in elt.origin().';
comment on column core.offices._load_id is
    'Load that last changed the row. Use it with _row in elt.origin().';
comment on column core.offices.disabled_date is
    'Last day with Epion. Null if still live or not a date.';
comment on column core.offices.emr_practice_id is 'EMR practice of the office.';
comment on column core.offices.entry_number is
    'Position of the entry in the file, from 1. No other key is always present and unique.';
comment on column core.offices.launched_date is
    'First day with Epion. Null if not launched or not a date.';
comment on column core.offices.live_period is
    'Days on which its departments use Epion, including both ends. Null if there are none: not launched, disabled before the launch, or disabled on a date that cannot be read.';
comment on column public.epion_offices.disabled_date is
    'Last day with Epion. Null if still live or not a date.';
comment on column public.epion_offices.emr_department_ids is
    'Departments in the order of the document, without values that are not integers. Null if the document has no list.';
comment on column public.epion_offices.epion_practice_id is
    'Child practice of the office. Null if not an integer.';
comment on column public.epion_offices.launched_date is
    'First day with Epion. Null if not launched or not a date.';
comment on column public.epion_practices.emr_practice_id is
    'EMR practice of the child practice. Null if not an integer.';
comment on column public.epion_practices.epion_practice_id is
    'Child practice. Null if not an integer.';
comment on table staging.appointments is
    'Appointments of the EMRs as loaded, one row per record, including repeats.';
comment on column staging.appointments._extra is
    'Values of columns of the file that this table lacks, by name. Null if there are none.';
comment on column staging.appointments._load_id is 'Load (elt.load). Each load has a partition.';
comment on column staging.appointments.appointment_status is 'Status code. x and f are not valid.';
comment on column staging.appointments.emr_appointment_id is
    'Appointment, unique within a practice except for repeats.';
comment on column staging.appointments.emr_department_id is 'Department in which it takes place.';
comment on column staging.appointments.emr_practice_id is 'Hospital or clinic: its id in the EMR.';
comment on column staging.appointments.emr_provider_id is 'Provider.';
comment on column staging.appointments.encounter_state is
    'State of the encounter. DELETED is not valid.';
comment on column staging.appointments.encounter_status is
    'Status of the encounter. Not used by any result.';
comment on table staging.office_settings is
    'Offices with their departments and the dates on which they went live, one document per office.';
comment on column staging.office_settings._load_id is 'Load (elt.load). Each load has a partition.';
comment on table staging.offices is
    'Offices for the table public.epion_offices, one document per row.';
comment on column staging.offices._load_id is 'Load (elt.load). Each load has a partition.';
comment on table staging.practices is 'Child practices, one document per row.';
comment on column staging.practices._load_id is 'Load (elt.load). Each load has a partition.';
comment on table staging.rest_appointments is
    'Appointments from the REST API, one document per row, including repeats.';
comment on column staging.rest_appointments._load_id is
    'Load (elt.load). Each load has a partition.';
comment on column staging.rest_appointments._page is 'Page that contains the record, from 1.';
comment on table public.tasks is
    'Tasks. Creating a task whose name is in elt.task_job starts that job; changing or saving it again does not.';
comment on column public.tasks.created_at is 'When the task was created. Set by the database.';
comment on column public.tasks.end_time is
    'When the task ends. Not before its start. Null if open.';
comment on column public.tasks.start_time is 'When the task starts.';
comment on column public.tasks.updated_at is 'When the task was last changed. Set by the database.';
