-- grain:    one row per ({{ t.primary_key_list() }})
-- reads:    core.{{ t.source }}
-- used by:  export {{ t.source }}, public.{{ t.source }}_summary
create or replace view public.{{ t.source }} as
select
{%- for name in t.result_columns() %}
    {{ t.source }}.{{ name }}{% if !loop.last %},{% endif %}
{%- endfor %}
from core.{{ t.source }};

comment on view public.{{ t.source }} is {{ t.mart_comment() }};
{%- for column in t.columns %}
comment on column public.{{ t.source }}.{{ column.name }} is {{ column.comment_literal() }};
{%- endfor %}
{%- if !t.has_key() %}
{%- for name in t.primary_key() %}
comment on column public.{{ t.source }}.{{ name }} is '{% if name == "_row" %}Position of the {% if t.is_rest() %}record over all pages{% else %}row in the file{% endif %}.{% else %}Load that read the {% if t.is_rest() %}record{% else %}file{% endif %}.{% endif %}';
{%- endfor %}
{%- endif %}
