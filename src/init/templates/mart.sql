-- grain:    one row per ({{ t.key_name() }})
-- reads:    core.{{ t.source }}
-- used by:  export {{ t.source }}, public.{{ t.source }}_summary
create or replace view public.{{ t.source }} as
select
{%- for name in t.result_columns() %}
    {{ t.source }}.{{ name }}{% if !loop.last %},{% endif %}
{%- endfor %}
from core.{{ t.source }};

comment on view public.{{ t.source }} is 'What {{ t.file_literal() }} says, cleaned{% if t.key.is_some() %}: each {{ t.key_name() }} once{% endif %}.';
{%- if t.key.is_none() %}
comment on column public.{{ t.source }}.row_number is 'Where it stands in the file.';
{%- endif %}
{%- for column in t.columns %}
comment on column public.{{ t.source }}.{{ column.name }} is '{{ column.comment() }}';
{%- endfor %}
