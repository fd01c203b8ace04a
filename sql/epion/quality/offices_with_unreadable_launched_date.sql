-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_with_unreadable_launched_date as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date_text
from core.office_rows
where
    office_rows.launched_date is null
    and office_rows.launched_date_text is not null;

comment on view quality.offices_with_unreadable_launched_date is
    'Offices whose launched date is not a date. They are treated as not launched.';
