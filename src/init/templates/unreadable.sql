-- grain:    one row per value
-- at most:  100% of core.{{ t.source }}
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_with_unreadable_values as
select
    staged._load_id,
    staged._row,
    value.column_name,
    value.text
from core.{{ t.source }}_rows as staged
{% include "typed_values.sql" %}
where
    (
{%- for column in t.typed() %}
        {% if !loop.first %}or {% endif %}(staged.{{ column.name }} is null and staged.{{ column.text_name }} is not null)
{%- endfor %}
    )
    and value.is_unreadable
    and not elt.is_missing(value.text);

comment on view quality.{{ t.source }}_with_unreadable_values is
    'Values that cannot be read as the type of their column. They are null in the results. The load is refused if there are more of them than rows, because then columns have probably moved.';
