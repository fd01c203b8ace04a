-- grain:    one row per entry of the live office settings
-- reads:    staging.office_settings, elt.live_load
-- used by:  core.incoming_offices, core.office_department_rows, the rules on offices
-- careful:  a value that is not a valid integer or date is null, and its text is in the column beside it
create or replace view core.office_rows as
select
    staged._load_id,
    staged._row,
    elt.text_value(staged.payload ->> 'practice_name') as practice_name,
    elt.bigint_value(staged.payload ->> 'emr_practice_id') as emr_practice_id,
    elt.bigint_value(staged.payload ->> 'epion_practice_id') as epion_practice_id,
    elt.bigint_value(staged.payload ->> 'epion_office_id') as epion_office_id,
    elt.text_value(staged.payload ->> 'emr_practice_id') as emr_practice_text,
    elt.text_value(staged.payload ->> 'epion_practice_id') as epion_practice_text,
    elt.text_value(staged.payload ->> 'epion_office_id') as epion_office_text,
    elt.text_value(staged.payload ->> 'office_name') as office_name,
    elt.text_value(staged.payload ->> 'launched_date') as launched_date_text,
    elt.text_value(staged.payload ->> 'disabled_date') as disabled_date_text,
    elt.date_value(staged.payload ->> 'launched_date') as launched_date,
    elt.date_value(staged.payload ->> 'disabled_date') as disabled_date,
    staged.payload -> 'emr_department_ids' as emr_department_ids
from staging.office_settings as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'office_settings'
);

comment on view core.office_rows is
    'Entries of the live office settings, with each value trimmed and, if possible, cast.';
