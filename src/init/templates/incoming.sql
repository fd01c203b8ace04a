-- grain:    one row per ({{ t.key_name() }})
-- reads:    core.{{ t.source }}_rows
-- fills:    core.{{ t.source }}
{%- if t.key.is_some() %}
-- careful:  of rows that repeat a {{ t.key_name() }} the last one wins; rows without it are in no result
create or replace view core.incoming_{{ t.source }} as
select distinct on (staged.{{ t.key_name() }})
{%- else %}
create or replace view core.incoming_{{ t.source }} as
select
    staged._row as row_number,
{%- endif %}
{%- for column in t.columns %}
    staged.{{ column.name }},
{%- endfor %}
    staged._load_id,
    staged._row
from core.{{ t.source }}_rows as staged
{%- if t.key.is_some() %}
where staged.{{ t.key_name() }} is not null
order by staged.{{ t.key_name() }} asc, staged._row desc
{%- endif %};

comment on view core.incoming_{{ t.source }} is
    'What the live load says that core.{{ t.source }} holds.';
