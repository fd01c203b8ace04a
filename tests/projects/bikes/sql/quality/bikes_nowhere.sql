-- grain:    one row per bike at a place that cannot be
-- level:    error
-- reads:    core.bikes
create or replace view quality.bikes_nowhere as
select
    bikes._load_id,
    bikes._row,
    bikes.bike_id
from core.bikes
where bikes.station = 'nowhere';

comment on view quality.bikes_nowhere is 'Bikes that are nowhere: must never be.';
