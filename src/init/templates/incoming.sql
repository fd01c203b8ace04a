-- grain:    one row per ({{ t.primary_key_list() }})
-- reads:    core.{{ t.source }}_rows
-- fills:    core.{{ t.source }}
{%- if t.has_key() %}
-- careful:  rows with the same key are equal, otherwise a rule of level error refuses the load
create or replace view core.incoming_{{ t.source }} as
select distinct on ({% for name in t.primary_key() %}staged.{{ name }}{% if !loop.last %}, {% endif %}{% endfor %})
{%- else %}
create or replace view core.incoming_{{ t.source }} as
select
{%- endif %}
{%- for column in t.columns %}
    staged.{{ column.name }},
{%- endfor %}
    staged._load_id,
    staged._row
from core.{{ t.source }}_rows as staged
{%- if t.has_key() %}
where
{%- for name in t.primary_key() %}
    {% if !loop.first %}and {% endif %}staged.{{ name }} is not null
{%- endfor %}
order by {% for name in t.primary_key() %}staged.{{ name }} asc, {% endfor %}staged._row desc
{%- endif %};

comment on view core.incoming_{{ t.source }} is
    'Rows that belong in core.{{ t.source }}, from the live load.';
