-- grain:    one row per value
-- level:    warning
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_with_rewritten_numbers as
select
    staged._load_id,
    staged._row,
    value.column_name,
    value.text,
    value.printed
from core.{{ t.source }}_rows as staged
cross join lateral (
    values
{%- for column in t.plain_numbers() %}
    ('{{ column.name_literal() }}', staged.{{ column.text_name }}, staged.{{ column.name }}::text){% if !loop.last %},{% endif %}
{%- endfor %}
) as value (column_name, text, printed)
where
    (
{%- for column in t.plain_numbers() %}
        {% if !loop.first %}or {% endif %}staged.{{ column.text_name }} <> staged.{{ column.name }}::text
{%- endfor %}
    )
    and value.text <> value.printed;

comment on view quality.{{ t.source }}_with_rewritten_numbers is
    'Numbers that are printed differently from the {{ t.input() }} (007, +4). If the digits are a code, change the type of the column to text in core.{{ t.source }}_staged.';
