-- grain:    one row per (emr_practice_id, emr_department_id)
-- reads:    core.departments, core.offices, core.office_rows, core.office_department_rows, public.department_settings,
--           public.valid_appointments
-- careful:  if several offices name a department, the reason is that of the office that is closest to being live
create or replace view public.department_reasons as
with counted as (
    select
        valid_appointments.emr_practice_id,
        valid_appointments.emr_department_id,
        count(*) as valid_appointment_count,
        count(*) filter (where valid_appointments.is_epion) as epion_appointment_count
    from public.valid_appointments
    where valid_appointments.emr_department_id is not null
    group by
        valid_appointments.emr_practice_id,
        valid_appointments.emr_department_id
),

named as (
    select
        departments.emr_practice_id,
        departments.emr_department_id,
        min(
            case
                when offices.live_period is not null then 1
                when office_rows.launched_date_text is null then 5
                when office_rows.launched_date is null then 4
                when office_rows.disabled_date is null then 2
                else 3
            end
        ) as closest
    from core.departments
    inner join core.offices on departments.entry_number = offices.entry_number
    inner join core.office_rows on offices.entry_number = office_rows._row
    group by
        departments.emr_practice_id,
        departments.emr_department_id
),

-- Named by offices whose practice is missing or no integer.
unassigned as (
    select distinct office_department_rows.emr_department_id
    from core.office_department_rows
    where office_department_rows.emr_practice_id is null
)

select
    coalesce(counted.emr_practice_id, named.emr_practice_id) as emr_practice_id,
    coalesce(counted.emr_department_id, named.emr_department_id) as emr_department_id,
    coalesce(named.closest = 1, false) as is_launched,
    case
        when named.closest = 1 and counted.valid_appointment_count is null then 'launched, without valid appointments'
        when named.closest = 1 and counted.epion_appointment_count = 0
            then 'launched, but live on no day of its appointments'
        when named.closest = 1 then 'launched'
        when named.closest = 2 then 'the disabled date of its office cannot be read'
        when named.closest = 3 then 'its office was disabled before it was launched'
        when named.closest = 4 then 'the launched date of its office cannot be read'
        when named.closest = 5 then 'its office was not launched'
        when unassigned.emr_department_id is not null then 'its office has no readable practice'
        else 'no office names it'
    end as reason,
    department_settings.live_periods,
    department_settings.office_names,
    coalesce(counted.valid_appointment_count, 0) as valid_appointment_count,
    coalesce(counted.epion_appointment_count, 0) as epion_appointment_count
from counted
full join named
    on
        counted.emr_practice_id = named.emr_practice_id
        and counted.emr_department_id = named.emr_department_id
left join unassigned on counted.emr_department_id = unassigned.emr_department_id
left join public.department_settings
    on
        named.emr_practice_id = department_settings.emr_practice_id
        and named.emr_department_id = department_settings.emr_department_id;

comment on view public.department_reasons is
    'Why a department is Epion''s or not: one row per department that the office settings or a valid appointment name.';
comment on column public.department_reasons.emr_practice_id is 'EMR practice of the department.';
comment on column public.department_reasons.emr_department_id is
    'Department; unique only within its EMR practice.';
comment on column public.department_reasons.is_launched is
    'Whether an office of the department was launched and so was live on some day. Appointments on other days are not Epion''s.';
comment on column public.department_reasons.reason is
    'Why the department is not Epion''s. launched: it is, on the days of live_periods.';
comment on column public.department_reasons.live_periods is
    'All days on which a launched office of the department is live. Null if no office names the department.';
comment on column public.department_reasons.office_names is
    'Names of the offices that name the department, in the order of the settings file.';
comment on column public.department_reasons.valid_appointment_count is 'Number of valid appointments.';
comment on column public.department_reasons.epion_appointment_count is 'Number of those that are Epion''s.';
