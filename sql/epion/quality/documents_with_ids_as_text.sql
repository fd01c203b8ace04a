-- grain:    one row per value
-- level:    warning
-- reads:    core.documents
-- careful:  departments are covered by the rules on odd departments
create or replace view quality.documents_with_ids_as_text as
select
    documents._load_id,
    documents._row,
    documents.source,
    field.key,
    field.value
from core.documents
cross join lateral jsonb_each(documents.payload) as field (key, value)
where
    field.key = any(documents.expected_keys)
    and field.key like '%\_id'
    and jsonb_typeof(field.value) = 'string'
    and elt.bigint_value(field.value #>> '{}') is not null;

comment on view quality.documents_with_ids_as_text is
    'Ids in JSON files that are text instead of numbers. They are read as numbers.';
