-- grain:    one row per document of the live offices.json
-- reads:    staging.offices, elt.live_load
-- used by:  core.incoming_epion_offices, the rules on epion_offices
-- careful:  what cannot be read as an integer of 32 bits or a date is null beside its text
create or replace view core.epion_office_rows as
select
    staged._load_id,
    staged._row,
    elt.integer_value(staged.payload ->> 'epion_practice_id') as epion_practice_id,
    elt.text_value(staged.payload ->> 'epion_practice_id') as epion_practice_text,
    elt.text_value(staged.payload ->> 'office_name') as office_name,
    elt.text_value(staged.payload ->> 'launched_date') as launched_date_text,
    elt.text_value(staged.payload ->> 'disabled_date') as disabled_date_text,
    elt.date_value(staged.payload ->> 'launched_date') as launched_date,
    elt.date_value(staged.payload ->> 'disabled_date') as disabled_date,
    staged.payload -> 'emr_department_ids' as emr_department_ids
from staging.offices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'offices'
);

comment on view core.epion_office_rows is
    'Documents of the live offices.json, each value trimmed, and cast where it can be.';
