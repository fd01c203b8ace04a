-- grain:    one row
-- reads:    public.{{ t.source }}
-- show:     after elt run
create or replace view public.{{ t.source }}_summary as
{%- if t.summed().is_empty() && t.spanned().is_empty() %}
select count(*) as row_count
{%- else %}
select
    count(*) as row_count
{%- endif %}
{%- for column in t.summed() %},
    sum({{ t.source }}.{{ column.name }}) as {{ column.name_literal() }}_sum
{%- endfor %}
{%- for column in t.spanned() %},
    min({{ t.source }}.{{ column.name }}) as {{ column.name_literal() }}_first,
    max({{ t.source }}.{{ column.name }}) as {{ column.name_literal() }}_last
{%- endfor %}
from public.{{ t.source }};

comment on view public.{{ t.source }}_summary is 'Summary of {{ t.source }}.';
comment on column public.{{ t.source }}_summary.row_count is 'Number of rows.';
{%- for column in t.summed() %}
comment on column public.{{ t.source }}_summary.{{ column.name_literal() }}_sum is 'Sum of {{ column.name_literal() }}.';
{%- endfor %}
{%- for column in t.spanned() %}
comment on column public.{{ t.source }}_summary.{{ column.name_literal() }}_first is 'Earliest {{ column.name_literal() }}.';
comment on column public.{{ t.source }}_summary.{{ column.name_literal() }}_last is 'Latest {{ column.name_literal() }}.';
{%- endfor %}
