-- grain:    one row per document
-- level:    warning
-- reads:    staging.practices, elt.live_load
create or replace view quality.epion_practices_with_unreadable_ids as
select
    staged._load_id,
    staged._row,
    staged.payload ->> 'emr_practice_id' as emr_practice_text,
    staged.payload ->> 'epion_practice_id' as epion_practice_text
from staging.practices as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'practices'
    )
    and (
        elt.integer_value(staged.payload ->> 'emr_practice_id') is null
        or elt.integer_value(staged.payload ->> 'epion_practice_id') is null
    );

comment on view quality.epion_practices_with_unreadable_ids is
    'Documents of epion_practices with an id that is missing, no integer or too large: null in the table.';
