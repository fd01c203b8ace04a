-- grain:    one row per staged row of the live load of {{ t.source }}, repeats included
-- reads:    core.{{ t.source }}_staged, elt.live_load
-- used by:  core.incoming_{{ t.source }}, the rules on {{ t.source }}
create or replace view core.{{ t.source }}_rows as
select
    staged._load_id,
    staged._row
{%- for column in t.columns %},
    staged.{{ column.name }}
{%- if column.has_text() %},
    staged.{{ column.text_name }}
{%- endif %}
{%- endfor %}
from core.{{ t.source }}_staged as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = '{{ t.source }}'
);

comment on view core.{{ t.source }}_rows is
    'Rows of the live load of {{ t.source }}, as read by core.{{ t.source }}_staged.';
