-- grain:    one row per staged row of {{ t.source }}, of every load, repeats included
-- reads:    staging.{{ t.source }}
-- used by:  core.{{ t.source }}_rows, the rules on {{ t.source }}
-- careful:  what cannot be read as a number, a date or the like is null beside its text
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
    'Staged rows of {{ t.source }}, each value trimmed, and cast if it can be: the types of its columns are chosen here.';
