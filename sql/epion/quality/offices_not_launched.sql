-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_not_launched as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name
from core.office_rows
where office_rows.launched_date_text is null;

comment on view quality.offices_not_launched is
    'Offices without a launched date. They are not live.';
