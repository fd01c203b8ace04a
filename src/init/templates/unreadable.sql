-- grain:    one row per value
-- level:    warning
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_with_unreadable_values as
select
    staged._load_id,
    staged._row,
    value.column_name,
    value.text
from core.{{ t.source }}_rows as staged
cross join lateral (
    values
{%- for column in t.typed() %}
    ('{{ column.name_literal() }}', staged.{{ column.text_name }}, staged.{{ column.name }} is null){% if !loop.last %},{% endif %}
{%- endfor %}
) as value (column_name, text, is_unreadable)
where
    (
{%- for column in t.typed() %}
        {% if !loop.first %}or {% endif %}(staged.{{ column.name }} is null and staged.{{ column.text_name }} is not null)
{%- endfor %}
    )
    and value.is_unreadable
    and not elt.is_missing(value.text);

comment on view quality.{{ t.source }}_with_unreadable_values is
    'Values that cannot be read as the type of their column. They are null in the results.';
