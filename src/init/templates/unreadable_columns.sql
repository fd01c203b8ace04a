-- grain:    one row per column
-- level:    error
-- reads:    quality.{{ t.source }}_with_unreadable_values, core.{{ t.source }}_values, elt.live_load, elt.load
-- careful:  compares with the previous load. The first load is compared with the file that elt init read
create or replace view quality.{{ t.source }}_with_unreadable_columns as
with unreadable as (
    select
        value._load_id,
        value.column_name,
        count(*) as unreadable_count,
        (array_agg(value.text order by value._row))[1:3] as examples
    from quality.{{ t.source }}_with_unreadable_values as value
    group by value._load_id, value.column_name
),

earlier as (
    select max(load.load_id) as load_id
    from elt.live_load
    inner join elt.load on live_load.source = load.source and live_load.load_id > load.load_id
    where
        live_load.source = '{{ t.source }}'
        and load.state = 'published'
        and load.staging_dropped_at is null
        and load.rolled_back_at is null
)

select
    unreadable._load_id,
    unreadable.column_name,
    unreadable.unreadable_count,
    live.value_count,
    unreadable.examples
from unreadable
cross join lateral (
    select count(*) as value_count
    from core.{{ t.source }}_values as value
    where value._load_id = unreadable._load_id and value.column_name = unreadable.column_name
) as live
cross join lateral (
    select
        count(*) as value_count,
        count(*) filter (where value.is_unreadable) as unreadable_count
    from core.{{ t.source }}_values as value
    where
        value._load_id = (
            select earlier.load_id
            from earlier
        )
        and value.column_name = unreadable.column_name
) as before
where
    unreadable.unreadable_count > 0.2 * live.value_count
    and before.unreadable_count <= 0.01 * before.value_count;

comment on view quality.{{ t.source }}_with_unreadable_columns is {{ t.unreadable_columns_comment() }};
