-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_without_practice as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.emr_practice_text
from core.office_rows
where office_rows.emr_practice_id is null;

comment on view quality.offices_without_practice is
    'Offices whose EMR practice is missing or not an integer. Their departments belong to no practice and contribute nothing.';
