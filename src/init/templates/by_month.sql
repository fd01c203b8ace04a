-- grain:    one row per month of {{ d.name_literal() }}, and one for the rows without it
-- reads:    public.{{ t.source }}
-- used by:  the chart {{ t.source }}_by_month (elt.chart), on the first page of elt serve
create or replace view public.{{ t.source }}_by_month as
select
    {{ t.month_of(d) }}::date as month,
    count(*) as row_count
{%- for column in t.summed() %},
    sum({{ t.source }}.{{ column.name }}) as {{ column.name_literal() }}_sum
{%- endfor %}
from public.{{ t.source }}
group by {{ t.month_of(d) }}
order by {{ t.month_of(d) }};

comment on view public.{{ t.source }}_by_month is 'Rows of {{ t.source }} by month of {{ d.name_literal() }}.';
comment on column public.{{ t.source }}_by_month.month is 'First day of the month. Null for rows without {{ d.name_literal() }}.';
comment on column public.{{ t.source }}_by_month.row_count is 'Number of rows.';
{%- for column in t.summed() %}
comment on column public.{{ t.source }}_by_month.{{ column.name_literal() }}_sum is 'Sum of {{ column.name_literal() }}.';
{%- endfor %}
