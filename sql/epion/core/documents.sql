-- grain:    one row per document of the live JSON files
-- reads:    staging.office_settings, staging.offices, staging.practices, elt.live_load
-- used by:  the rules on documents
-- careful:  documents are as loaded, neither trimmed nor cast
create or replace view core.documents as
select
    staged._load_id,
    staged._row,
    'office_settings' as source,
    staged.payload,
    '{practice_name,emr_practice_id,epion_practice_id,epion_office_id,office_name,emr_department_ids,launched_date,disabled_date}'::text[] as expected_keys
from staging.office_settings as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'office_settings'
)
union all
select
    staged._load_id,
    staged._row,
    'offices' as source,
    staged.payload,
    '{epion_practice_id,launched_date,disabled_date,emr_department_ids,office_name}'::text[] as expected_keys
from staging.offices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'offices'
)
union all
select
    staged._load_id,
    staged._row,
    'practices' as source,
    staged.payload,
    '{practice_name,emr_practice_id,epion_practice_id}'::text[] as expected_keys
from staging.practices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'practices'
);

comment on view core.documents is
    'Documents of the live JSON files, as loaded, and the keys that core reads from them.';
