-- grain:    one row per ({{ t.key_name() }})
-- reads:    public.{{ t.source }}
select
{%- for name in t.result_columns() %}
    {{ t.source }}.{{ name }}{% if !loop.last %},{% endif %}
{%- endfor %}
from public.{{ t.source }}
order by {{ t.source }}.{{ t.key_name() }} asc
