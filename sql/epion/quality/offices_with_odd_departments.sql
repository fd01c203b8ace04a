-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_with_odd_departments as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.emr_department_ids
from core.office_rows
where
    jsonb_typeof(office_rows.emr_department_ids) is distinct from 'array'
    or office_rows.emr_department_ids = '[]'
    or exists (
        select 1
        from jsonb_array_elements(elt.list_value(office_rows.emr_department_ids))
            as listed (value)
        where
            jsonb_typeof(listed.value) <> 'number'
            or elt.bigint_value(listed.value #>> '{}') is null
    );

comment on view quality.offices_with_odd_departments is
    'Offices whose departments are one value, none, or not all integers: one value is a list of one, the rest is left out.';
