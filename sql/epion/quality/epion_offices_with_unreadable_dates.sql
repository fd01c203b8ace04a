-- grain:    one row per document
-- level:    warning
-- reads:    core.epion_office_rows
create or replace view quality.epion_offices_with_unreadable_dates as
select
    epion_office_rows._load_id,
    epion_office_rows._row,
    epion_office_rows.office_name,
    epion_office_rows.launched_date_text,
    epion_office_rows.disabled_date_text
from core.epion_office_rows
where
    (
        epion_office_rows.launched_date is null
        and epion_office_rows.launched_date_text is not null
    )
    or (
        epion_office_rows.disabled_date is null
        and epion_office_rows.disabled_date_text is not null
    );

comment on view quality.epion_offices_with_unreadable_dates is
    'Documents of epion_offices whose launched or disabled date is not a date. It is null in the table.';
