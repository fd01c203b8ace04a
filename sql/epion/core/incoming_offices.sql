-- grain:    one row per entry of the office settings
-- reads:    core.office_rows
-- fills:    core.offices
create or replace view core.incoming_offices as
select
    office_rows._row as entry_number,
    office_rows.practice_name,
    office_rows.emr_practice_id,
    office_rows.epion_practice_id,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date,
    office_rows.disabled_date,
    case
        when office_rows.launched_date is null then null
        -- If the disabled date cannot be read, it is unknown when the period ended.
        when office_rows.disabled_date is null and office_rows.disabled_date_text is not null
            then null
        when office_rows.disabled_date < office_rows.launched_date then null
        else daterange(office_rows.launched_date, office_rows.disabled_date, '[]')
    end as live_period,
    office_rows._load_id,
    office_rows._row
from core.office_rows;

comment on view core.incoming_offices is
    'Rows that belong in core.offices, from the live load.';
