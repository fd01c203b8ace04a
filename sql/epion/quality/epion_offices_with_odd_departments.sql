-- grain:    one row per document
-- level:    warning
-- reads:    core.epion_office_rows
create or replace view quality.epion_offices_with_odd_departments as
select
    epion_office_rows._load_id,
    epion_office_rows._row,
    epion_office_rows.office_name,
    epion_office_rows.emr_department_ids
from core.epion_office_rows
where
    jsonb_typeof(epion_office_rows.emr_department_ids) is distinct from 'array'
    or epion_office_rows.emr_department_ids = '[]'
    or exists (
        select 1
        from jsonb_array_elements(elt.list_value(epion_office_rows.emr_department_ids))
            as listed (value)
        where
            jsonb_typeof(listed.value) <> 'number'
            or elt.integer_value(listed.value #>> '{}') is null
    );

comment on view quality.epion_offices_with_odd_departments is
    'Documents of epion_offices whose departments are one value, none, or not all integers: one value is a list of one, the rest is left out.';
