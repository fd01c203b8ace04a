-- grain:    one row per row
-- level:    warning
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_without_key as
select
    staged._load_id,
    staged._row
{%- for column in t.key_column() %}
{%- if column.has_text() %},
    staged.{{ column.text_name }}
{%- endif %}
{%- endfor %}
from core.{{ t.source }}_rows as staged
where staged.{{ t.key_name() }} is null;

comment on view quality.{{ t.source }}_without_key is
    'Rows whose {{ t.key_name() }} is missing or cannot be read: in no result.';
