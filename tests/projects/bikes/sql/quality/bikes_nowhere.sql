-- grain:    one row per bike of the latest load at a place that cannot be
-- level:    error
-- reads:    core.incoming_bikes
-- careful:  of a merge source a rule that reads the load's rows costs what the load costs
create or replace view quality.bikes_nowhere as
select
    incoming_bikes._load_id,
    incoming_bikes._row,
    incoming_bikes.bike_id
from core.incoming_bikes
where incoming_bikes.station = 'nowhere';

comment on view quality.bikes_nowhere is 'Bikes that are nowhere: must never be.';
