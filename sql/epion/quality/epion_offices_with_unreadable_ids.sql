-- grain:    one row per document
-- level:    warning
-- reads:    staging.offices, elt.live_load
create or replace view quality.epion_offices_with_unreadable_ids as
select
    staged._load_id,
    staged._row,
    staged.payload ->> 'office_name' as office_name,
    staged.payload ->> 'epion_practice_id' as epion_practice_text
from staging.offices as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'offices'
    )
    and elt.integer_value(staged.payload ->> 'epion_practice_id') is null;

comment on view quality.epion_offices_with_unreadable_ids is
    'Documents of epion_offices whose practice is missing, no integer or too large: null in the table.';
