-- grain:    one row per row of the file
-- reads:    staging.pings, elt.live_load
-- fills:    core.pings
-- distribute: bike_id
create or replace view core.incoming_pings as
select
    elt.bigint_value(staged.bike_id) as bike_id,
    elt.text_value(staged.place) as place,
    staged._load_id,
    staged._row
from staging.pings as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'pings'
    )
    and elt.bigint_value(staged.bike_id) is not null
order by staged._row;

comment on view core.incoming_pings is 'What a load says that core.pings holds.';
