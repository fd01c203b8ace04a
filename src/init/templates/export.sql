-- grain:    one row per ({{ t.primary_key_list() }})
-- reads:    public.{{ t.source }}
select
{%- for name in t.exported() %}
    {{ t.source }}.{{ name }}{% if !loop.last %},{% endif %}
{%- endfor %}
from public.{{ t.source }}
order by {% for name in t.primary_key() %}{{ t.source }}.{{ name }} asc{% if !loop.last %}, {% endif %}{% endfor %}
