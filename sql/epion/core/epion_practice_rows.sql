-- grain:    one row per document of the live practices.json
-- reads:    staging.practices, elt.live_load
-- used by:  core.incoming_epion_practices, quality.epion_practices_with_unreadable_ids
-- careful:  a value that is not a valid 32-bit integer is null, and its text is in the column beside it
create or replace view core.epion_practice_rows as
select
    staged._load_id,
    staged._row,
    elt.text_value(staged.payload ->> 'practice_name') as practice_name,
    elt.integer_value(staged.payload ->> 'emr_practice_id') as emr_practice_id,
    elt.integer_value(staged.payload ->> 'epion_practice_id') as epion_practice_id,
    elt.text_value(staged.payload ->> 'emr_practice_id') as emr_practice_text,
    elt.text_value(staged.payload ->> 'epion_practice_id') as epion_practice_text
from staging.practices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'practices'
);

comment on view core.epion_practice_rows is
    'Documents of the live practices.json, with each value trimmed and, if possible, cast.';
