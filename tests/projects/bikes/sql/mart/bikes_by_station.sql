-- grain:    one row per station
-- reads:    core.stations, core.bikes
create or replace view public.bikes_by_station as
select
    stations.name as station,
    count(bikes.bike_id) as bike_count
from core.stations
left join core.bikes on stations.name = bikes.station
group by stations.name;

comment on view public.bikes_by_station is 'How many bikes stand at each station.';
comment on column public.bikes_by_station.station is 'Its name.';
comment on column public.bikes_by_station.bike_count is 'Bikes that were last seen there.';
