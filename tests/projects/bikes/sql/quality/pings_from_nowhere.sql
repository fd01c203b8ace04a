-- grain:    one row per ping of the live load without a place
-- level:    warning
-- reads:    core.incoming_pings
create or replace view quality.pings_from_nowhere as
select
    incoming_pings._load_id,
    incoming_pings._row,
    incoming_pings.bike_id
from core.incoming_pings
where incoming_pings.place is null;

comment on view quality.pings_from_nowhere is 'Pings of the latest day without a place.';
