-- grain:    one row per item_id
-- reads:    staging.items, elt.live_load
-- fills:    core.items
-- distribute: item_id
create or replace view core.incoming_items as
select distinct on (elt.bigint_value(staged.payload ->> 'id'))
    elt.bigint_value(staged.payload ->> 'id') as item_id,
    elt.text_value(staged.payload ->> 'name') as name,
    staged._load_id,
    staged._row
from staging.items as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'items'
    )
    and elt.bigint_value(staged.payload ->> 'id') is not null
order by elt.bigint_value(staged.payload ->> 'id') asc, staged._row desc;

comment on view core.incoming_items is 'What a load says that core.items holds.';
