-- grain:    one row per document
-- level:    warning
-- reads:    core.epion_practice_rows
create or replace view quality.epion_practices_with_unreadable_ids as
select
    epion_practice_rows._load_id,
    epion_practice_rows._row,
    epion_practice_rows.practice_name,
    epion_practice_rows.emr_practice_text,
    epion_practice_rows.epion_practice_text
from core.epion_practice_rows
where
    epion_practice_rows.emr_practice_id is null
    or epion_practice_rows.epion_practice_id is null;

comment on view quality.epion_practices_with_unreadable_ids is
    'Documents of epion_practices with an id that is missing, not an integer or too large. It is null in the table.';
