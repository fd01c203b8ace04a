-- grain:    one row per station_id
-- reads:    staging.stations, elt.live_load
-- fills:    core.stations
-- distribute: station_id
create or replace view core.incoming_stations as
select distinct on (elt.bigint_value(staged.station_id))
    elt.bigint_value(staged.station_id) as station_id,
    elt.text_value(staged.name) as name,
    staged._load_id,
    staged._row
from staging.stations as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'stations'
    )
    and elt.bigint_value(staged.station_id) is not null
order by elt.bigint_value(staged.station_id) asc, staged._row desc;

comment on view core.incoming_stations is 'What a load says that core.stations holds.';
