-- grain:    one row per event_id
-- reads:    staging.events, elt.live_load
-- fills:    core.events
-- distribute: event_id
create or replace view core.incoming_events as
select distinct on (elt.bigint_value(staged.payload ->> 'id'))
    elt.bigint_value(staged.payload ->> 'id') as event_id,
    elt.text_value(staged.payload ->> 'name') as name,
    staged._load_id,
    staged._row
from staging.events as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'events'
    )
    and elt.bigint_value(staged.payload ->> 'id') is not null
order by elt.bigint_value(staged.payload ->> 'id') asc, staged._row desc;

comment on view core.incoming_events is 'What a load says that core.events holds.';
