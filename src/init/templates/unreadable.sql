-- grain:    one row per value
-- level:    warning
-- reads:    core.{{ t.source }}_values, elt.live_load
create or replace view quality.{{ t.source }}_with_unreadable_values as
select
    value._load_id,
    value._row,
    value.column_name,
    value.text
from core.{{ t.source }}_values as value
where
    value.is_unreadable
    and value._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = '{{ t.source }}'
    );

comment on view quality.{{ t.source }}_with_unreadable_values is
    'Values that are not the number, date or the like that their column holds: null in the results.';
