-- grain:    one row per document
-- level:    warning
-- reads:    core.epion_office_rows
create or replace view quality.epion_offices_with_unreadable_ids as
select
    epion_office_rows._load_id,
    epion_office_rows._row,
    epion_office_rows.office_name,
    epion_office_rows.epion_practice_text
from core.epion_office_rows
where epion_office_rows.epion_practice_id is null;

comment on view quality.epion_offices_with_unreadable_ids is
    'Documents of epion_offices whose practice is missing, not an integer or too large. It is null in the table.';
