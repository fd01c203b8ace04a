-- grain:    one row per document of the live offices.json
-- reads:    staging.offices, elt.live_load
-- used by:  core.incoming_epion_offices, the rules on epion_offices
-- careful:  a value that is not a valid 32-bit integer or date is null, and its text is in the column beside it
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
    'Documents of the live offices.json, with each value trimmed and, if possible, cast.';
