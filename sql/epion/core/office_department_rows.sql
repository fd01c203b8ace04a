-- grain:    one row per value in the list of departments of an office entry
-- reads:    core.office_rows
-- used by:  core.incoming_departments
-- careful:  a single value counts as a list of one
create or replace view core.office_department_rows as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.emr_practice_id,
    elt.bigint_value(listed.value) as emr_department_id,
    listed.value as emr_department_text
from core.office_rows
cross join
    lateral jsonb_array_elements_text(elt.list_value(office_rows.emr_department_ids))
        as listed (value);

comment on view core.office_department_rows is
    'Departments in the live office settings, one row per value of a list.';
