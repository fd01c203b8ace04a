-- grain:    one row per row that differs from another row with the same key
-- level:    error
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_conflicting as
select
    staged._load_id,
    staged._row
{%- for column in t.columns %},
    staged.{{ column.name }}
{%- endfor %}
from core.{{ t.source }}_rows as staged
where exists (
    select 1
    from core.{{ t.source }}_rows as other
    where
{%- for column in t.key %}
        {% if !loop.first %}and {% endif %}other.{{ column.name }} = staged.{{ column.name }}
{%- endfor %}
        and other._row <> staged._row
        and (
{%- for column in t.beside_key() %}
            {% if !loop.first %}or {% endif %}other.{{ column.name }} is distinct from staged.{{ column.name }}
{%- endfor %}
        )
);

comment on view quality.{{ t.source }}_conflicting is {{ t.conflicting_comment() }};
