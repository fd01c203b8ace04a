-- grain:    one row per key that is missing from a document or that core does not read
-- level:    warning
-- reads:    core.documents
create or replace view quality.documents_with_other_keys as
select
    documents._load_id,
    documents._row,
    documents.source,
    other.key,
    other.trouble
from core.documents
cross join lateral (
    select
        expected.key,
        'missing' as trouble
    from unnest(documents.expected_keys) as expected (key)
    where not documents.payload ? expected.key
    union all
    select
        found.key,
        'unknown' as trouble
    from jsonb_object_keys(documents.payload) as found (key)
    where found.key <> all(documents.expected_keys)
) as other;

comment on view quality.documents_with_other_keys is
    'Documents in JSON files with a missing key, which is read as null, or an unknown key, which is kept in staging.';
