-- grain:    one row per document of practices.json
-- reads:    staging.practices, elt.live_load
-- fills:    public.epion_practices
create or replace view core.incoming_epion_practices as
select
    elt.text_value(staged.payload ->> 'practice_name') as practice_name,
    elt.integer_value(staged.payload ->> 'emr_practice_id') as emr_practice_id,
    elt.integer_value(staged.payload ->> 'epion_practice_id') as epion_practice_id
from staging.practices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'practices'
)
order by staged._row;

comment on view core.incoming_epion_practices is
    'What the live load says that public.epion_practices holds.';
