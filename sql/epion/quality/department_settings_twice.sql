-- grain:    one row per key
-- level:    error
-- reads:    public.department_settings
create or replace view quality.department_settings_twice as
select
    department_settings.emr_practice_id,
    department_settings.emr_department_id,
    count(*) as times
from public.department_settings
group by
    department_settings.emr_practice_id,
    department_settings.emr_department_id
having count(*) > 1;

comment on view quality.department_settings_twice is
    'Departments with more than one setting.';
