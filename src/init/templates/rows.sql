-- grain:    one row per staged row of the live load of {{ t.source }}, repeats included
-- reads:    staging.{{ t.source }}, elt.live_load
-- used by:  core.incoming_{{ t.source }}, the rules on {{ t.source }}
-- careful:  what cannot be read as a number, a date or the like is null beside its text
create or replace view core.{{ t.source }}_rows as
select
    staged._load_id,
    staged._row
{%- for column in t.columns %},
    {{ column.typed() }} as {{ column.name }}
{%- if column.has_text() %},
    elt.text_value({{ column.raw }}) as {{ column.text_name }}
{%- endif %}
{%- endfor %}
from staging.{{ t.source }} as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = '{{ t.source }}'
);

comment on view core.{{ t.source }}_rows is
    'Staged rows of the live load of {{ t.source }}, each value trimmed, and cast where it can be.';
