-- grain:    one row per row that a later row repeats
-- level:    warning
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_repeated as
select
    staged._load_id,
    staged._row
{%- for column in t.key %},
    staged.{{ column.name }}
{%- endfor %}
from core.{{ t.source }}_rows as staged
where exists (
    select 1
    from core.{{ t.source }}_rows as later
    where
{%- for column in t.key %}
        {% if !loop.first %}and {% endif %}later.{{ column.name }} = staged.{{ column.name }}
{%- endfor %}
        and later._row > staged._row
);

comment on view quality.{{ t.source }}_repeated is
    'Rows that are repeated in the {{ t.input() }} ({{ t.key_words() }}). Each counts once. Repeats that differ are violations of {{ t.source }}_conflicting.';
