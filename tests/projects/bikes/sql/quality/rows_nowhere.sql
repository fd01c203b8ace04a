-- grain:    one row per row of a latest load at a place that cannot be
-- level:    error
-- reads:    core.incoming_bikes, core.incoming_pings, core.incoming_stations, core.incoming_trips
-- careful:  of a merge or append source a rule that reads the load's rows costs what the load costs
create or replace view quality.rows_nowhere as
with incoming as (
    select
        _load_id,
        _row,
        station as place
    from core.incoming_bikes
    union all
    select
        _load_id,
        _row,
        place
    from core.incoming_pings
    union all
    select
        _load_id,
        _row,
        name as place
    from core.incoming_stations
    union all
    select
        _load_id,
        _row,
        bike as place
    from core.incoming_trips
)

select
    incoming._load_id,
    incoming._row,
    incoming.place
from incoming
where incoming.place = 'nowhere';

comment on view quality.rows_nowhere is 'Things that are nowhere: must never be.';
