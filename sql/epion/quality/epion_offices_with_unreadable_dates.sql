-- grain:    one row per document
-- level:    warning
-- reads:    staging.offices, elt.live_load
create or replace view quality.epion_offices_with_unreadable_dates as
select
    staged._load_id,
    staged._row,
    staged.payload ->> 'office_name' as office_name,
    staged.payload ->> 'launched_date' as launched_date_text,
    staged.payload ->> 'disabled_date' as disabled_date_text
from staging.offices as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'offices'
    )
    and (
        (
            elt.text_value(staged.payload ->> 'launched_date') is not null
            and elt.date_value(staged.payload ->> 'launched_date') is null
        )
        or (
            elt.text_value(staged.payload ->> 'disabled_date') is not null
            and elt.date_value(staged.payload ->> 'disabled_date') is null
        )
    );

comment on view quality.epion_offices_with_unreadable_dates is
    'Documents of epion_offices with a launched or disabled date that is no date: null in the table.';
