-- grain:    one row per value that is not missing, in columns that are not text, of all loads
-- reads:    core.{{ t.source }}_staged
-- used by:  the rules on unreadable values of {{ t.source }}
create or replace view core.{{ t.source }}_values as
select
    staged._load_id,
    staged._row,
    value.column_name,
    value.text,
    value.is_unreadable
from core.{{ t.source }}_staged as staged
{% include "typed_values.sql" %}
where value.text is not null and not (value.is_unreadable and elt.is_missing(value.text));

comment on view core.{{ t.source }}_values is
    'Values of {{ t.source }} in columns that are not text, and whether they cannot be read.';
