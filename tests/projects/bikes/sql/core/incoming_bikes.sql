-- grain:    one row per bike_id
-- reads:    staging.bikes, elt.live_load
-- fills:    core.bikes
-- distribute: bike_id
create or replace view core.incoming_bikes as
select distinct on (elt.bigint_value(staged.bike_id))
    elt.bigint_value(staged.bike_id) as bike_id,
    elt.text_value(staged.station) as station,
    staged._load_id,
    staged._row
from staging.bikes as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'bikes'
    )
    and elt.bigint_value(staged.bike_id) is not null
order by elt.bigint_value(staged.bike_id) asc, staged._row desc;

comment on view core.incoming_bikes is 'What a load says that core.bikes holds.';
