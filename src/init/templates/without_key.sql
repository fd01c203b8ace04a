-- grain:    one row per row without a key
-- level:    error
-- reads:    core.{{ t.source }}_rows
create or replace view quality.{{ t.source }}_without_key as
select
    staged._load_id,
    staged._row
{%- for column in t.key %},
    staged.{{ column.key_text() }}
{%- endfor %}
from core.{{ t.source }}_rows as staged
where
{%- for column in t.key %}
    {% if !loop.first %}or {% endif %}staged.{{ column.name }} is null
{%- endfor %};

comment on view quality.{{ t.source }}_without_key is {{ t.without_key_comment() }};
