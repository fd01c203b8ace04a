-- grain:    one row per column of public.{{ t.source }}: (column_name)
-- reads:    public.{{ t.source }}
-- used by:  the chart {{ t.source }}_filled (elt.chart), on the first page of elt serve
{%- if t.columns.len() > t.counted().len() %}
-- careful:  only the first {{ t.counted().len() }} columns
{%- endif %}
create or replace view public.{{ t.source }}_filled as
with counted as (
    select
        count(*) as row_count
{%- for column in t.counted() %},
        count({{ t.source }}.{{ column.name }}) as count_{{ loop.index }}
{%- endfor %}
    from public.{{ t.source }}
)

select
    filled.column_name,
    filled.value_count,
    counted.row_count
from counted
cross join lateral (
    values
{%- for column in t.counted() %}
    ({{ loop.index }}, '{{ column.name_literal() }}', counted.count_{{ loop.index }}){% if !loop.last %},{% endif %}
{%- endfor %}
) as filled (place, column_name, value_count)
order by filled.place;

comment on view public.{{ t.source }}_filled is
    'How many rows of {{ t.source }} have a value in each column.';
comment on column public.{{ t.source }}_filled.column_name is 'Column of {{ t.source }}.';
comment on column public.{{ t.source }}_filled.value_count is 'Rows with a value in this column.';
comment on column public.{{ t.source }}_filled.row_count is 'All rows.';
