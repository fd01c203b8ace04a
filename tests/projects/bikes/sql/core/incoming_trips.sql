-- grain:    one row per trip_id
-- reads:    staging.trips, elt.live_load
-- fills:    core.trips
-- distribute: trip_id
create or replace view core.incoming_trips as
select distinct on (elt.bigint_value(staged.trip_id))
    elt.bigint_value(staged.trip_id) as trip_id,
    elt.text_value(staged.bike) as bike,
    staged._load_id,
    staged._row
from staging.trips as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'trips'
    )
    and elt.bigint_value(staged.trip_id) is not null
order by elt.bigint_value(staged.trip_id) asc, staged._row desc;

comment on view core.incoming_trips is 'What a load says that core.trips holds.';
