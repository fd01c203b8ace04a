-- grain:    one row per office entry
-- level:    warning
-- reads:    core.office_rows
create or replace view quality.offices_with_unreadable_ids as
select
    office_rows._load_id,
    office_rows._row,
    office_rows.office_name,
    office_rows.epion_practice_text,
    office_rows.epion_office_text
from core.office_rows
where
    office_rows.epion_practice_id is null
    or office_rows.epion_office_id is null;

comment on view quality.offices_with_unreadable_ids is
    'Offices whose own id or child practice is missing or not an integer. It is null and has no other effect.';
