-- grain:    one row per key that a document lacks, or has beside those that are read
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
    'Documents in JSON files that lack a key, which is read as null, or have one that nobody asked for, which is kept in staging.';
