-- grain:    one row per staged row of {{ t.source }}, of every load, repeats included
-- reads:    staging.{{ t.source }}
-- used by:  core.{{ t.source }}_rows, the rules on {{ t.source }}
-- careful:  a value that cannot be read as the type of its column is null; its text is in the next column
create or replace view core.{{ t.source }}_staged as
select
    staged._load_id,
    staged._row
{%- for column in t.columns %},
    {{ column.typed }} as {{ column.name }}
{%- if column.has_text() %},
    elt.text_value({{ column.raw }}) as {{ column.text_name }}
{%- endif %}
{%- endfor %}
from staging.{{ t.source }} as staged;

comment on view core.{{ t.source }}_staged is
    'Staged rows of {{ t.source }}, with each value trimmed and, if possible, cast. This view defines the types of the columns.';
