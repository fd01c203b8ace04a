-- grain:    one row per department and office entry that names it
-- level:    warning
-- reads:    core.office_department_rows, core.offices
create or replace view quality.departments_in_several_offices as
with named as (
    -- A list may contain a department twice.
    select distinct
        office_department_rows._load_id,
        office_department_rows._row,
        office_department_rows.emr_practice_id,
        office_department_rows.emr_department_id
    from core.office_department_rows
    where
        office_department_rows.emr_practice_id is not null
        and office_department_rows.emr_department_id is not null
),

counted as (
    select
        named._load_id,
        named._row,
        named.emr_practice_id,
        named.emr_department_id,
        count(*) over (
            partition by named.emr_practice_id, named.emr_department_id
        ) as office_count
    from named
)

select
    counted._load_id,
    counted._row,
    counted.emr_practice_id,
    counted.emr_department_id,
    counted.office_count,
    offices.epion_office_id,
    offices.office_name,
    offices.live_period
from counted
inner join core.offices on counted._row = offices.entry_number
where counted.office_count > 1;

comment on view quality.departments_in_several_offices is
    'Departments that several offices name, with each of these offices. A department is live whenever one of them is, and counts once.';
comment on column quality.departments_in_several_offices.live_period is
    'Period that this office contributes. Null if none.';
