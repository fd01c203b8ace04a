cross join lateral (
    values
{%- for column in t.typed() %}
    ('{{ column.name_literal() }}', staged.{{ column.text_name }}, staged.{{ column.name }} is null){% if !loop.last %},{% endif %}
{%- endfor %}
) as value (column_name, text, is_unreadable)
