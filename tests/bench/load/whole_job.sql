-- The same job by psql alone, as one would write it by hand for clean files: raw rows, a typed table
-- without repeats, views, three files. No record of what was loaded, no rejects, no rules.
\set ON_ERROR_STOP 1
set client_min_messages = warning;
drop schema if exists by_hand cascade;
create schema by_hand;
set search_path = by_hand;
set work_mem = '256MB';

create table raw (
    emr_practice_id text,
    emr_appointment_id text,
    emr_provider_id text,
    emr_department_id text,
    appointment_status text,
    encounter_state text,
    encounter_status text,
    appointment_date text
);
create table setting (document jsonb);
\copy raw from 'appointments.csv' (format csv, header)
\set settings `cat settings.json`
insert into setting
select jsonb_array_elements(:'settings'::jsonb);

create table appointment as
select distinct on (1, 2)
    emr_practice_id::integer as emr_practice_id,
    emr_appointment_id::bigint as emr_appointment_id,
    emr_provider_id::integer as emr_provider_id,
    emr_department_id::integer as emr_department_id,
    appointment_status,
    encounter_state,
    encounter_status,
    appointment_date::date as appointment_date
from raw
order by 1, 2;
analyze appointment;

create view valid as
select * from appointment
where
    (appointment_status is null or appointment_status not in ('x', 'f'))
    and (encounter_state is null or encounter_state <> 'DELETED');

create view department as
select
    (department #>> '{}')::integer as emr_department_id,
    range_agg(
        daterange(
            (document ->> 'launched_date')::date, (document ->> 'disabled_date')::date, '[]'
        )
    ) as live_periods
from setting
cross join jsonb_array_elements(document -> 'emr_department_ids') as department
where
    document ->> 'launched_date' is not null
    and coalesce(document ->> 'disabled_date', '9999-12-31') >= document ->> 'launched_date'
group by 1;

create view of_epion as
select valid.*
from valid
inner join department using (emr_department_id)
where valid.appointment_date <@ department.live_periods;

\copy (select emr_practice_id, emr_appointment_id, emr_provider_id, emr_department_id, appointment_status, encounter_state, encounter_status, appointment_date from valid order by appointment_date, emr_practice_id, emr_appointment_id) to 'valid_appts.csv' (format csv, header)
\copy (select emr_practice_id, emr_appointment_id, emr_provider_id, emr_department_id, appointment_status, encounter_state, encounter_status, appointment_date from of_epion order by appointment_date, emr_practice_id, emr_appointment_id) to 'epion_appts.csv' (format csv, header)
\copy (select to_char(valid.appointment_date, 'YYYY-MM') as month, count(department.emr_department_id) as valid_epion_appointments, count(*) as total_valid_appointments, round(count(department.emr_department_id)::numeric / count(*), 4) as utilization_rate from valid left join department on valid.emr_department_id = department.emr_department_id and valid.appointment_date <@ department.live_periods group by 1 order by 1) to 'epion_utilization.csv' (format csv, header)
