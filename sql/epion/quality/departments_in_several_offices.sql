-- grain:    one row per department
-- level:    warning
-- reads:    public.department_settings
create or replace view quality.departments_in_several_offices as
select
    department_settings.emr_practice_id,
    department_settings.emr_department_id,
    department_settings.epion_office_ids,
    department_settings.live_periods
from public.department_settings
where department_settings.office_count > 1;

comment on view quality.departments_in_several_offices is
    'Departments that several offices name: live whenever one of them is, and counted once.';
