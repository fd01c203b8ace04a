-- grain:    one row per (emr_practice_id, emr_department_id)
-- reads:    core.departments, core.offices
-- used by:  public.valid_appointments
-- careful:  range_agg merges periods that overlap or touch and keeps gaps, so that no day counts twice
create or replace view public.department_settings as
select
    departments.emr_practice_id,
    departments.emr_department_id,
    coalesce(range_agg(offices.live_period), '{}'::datemultirange) as live_periods,
    count(*) as office_count,
    array_agg(offices.epion_office_id order by offices.entry_number) as epion_office_ids,
    array_agg(offices.office_name order by offices.entry_number) as office_names
from core.departments
inner join core.offices on departments.entry_number = offices.entry_number
group by
    departments.emr_practice_id,
    departments.emr_department_id;

comment on view public.department_settings is
    'Periods in which each department uses Epion: one row per department, combined from all offices that name it.';
comment on column public.department_settings.emr_practice_id is 'EMR practice of the department.';
comment on column public.department_settings.emr_department_id is
    'Department; unique only within its EMR practice.';
comment on column public.department_settings.live_periods is
    'All days on which a launched office of the department is live; {} if there are none. To test a day: day <@ live_periods.';
comment on column public.department_settings.office_count is 'Number of offices that name the department.';
comment on column public.department_settings.epion_office_ids is
    'These offices, in the order of the settings file.';
comment on column public.department_settings.office_names is
    'Names of these offices, in the same order.';
