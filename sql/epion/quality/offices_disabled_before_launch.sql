-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_disabled_before_launch as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date,
    office_rows.disabled_date
from core.office_rows
where office_rows.disabled_date < office_rows.launched_date;

comment on view quality.offices_disabled_before_launch is
    'Offices disabled before they were launched. They contribute nothing.';
