-- grain:    one row per value; for a list, one row per value in it
-- level:    warning
-- reads:    core.documents
create or replace view quality.documents_with_white_space as
select
    documents._load_id,
    documents._row,
    documents.source,
    field.key,
    listed.value
from core.documents
cross join lateral jsonb_each(documents.payload) as field (key, value)
cross join lateral jsonb_array_elements_text(elt.list_value(field.value)) as listed (value)
where
    field.key = any(documents.expected_keys)
    and elt.text_value(listed.value) is distinct from listed.value;

comment on view quality.documents_with_white_space is
    'Texts in JSON files with white space at their edges, or empty. They are trimmed, and null if nothing is left.';
