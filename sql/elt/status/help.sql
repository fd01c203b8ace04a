-- grain:    one row per topic, in reading order
-- reads:    elt.relation
-- used by:  users in psql
-- careful:  lists only tables and views that the current role may read
create or replace view elt.help as
with topics (place, topic, schema_name, names) as (
    values
    (1, 'results: what to query', 'public', null::text[]),
    (2, 'problems: rows that a rule found', 'quality', null),
    (
        3, 'loads: what was loaded, when and how much', 'elt',
        array[
            'source_status', 'load_status', 'load_fact', 'load_change', 'purge_status', 'rule_status', 'reject',
            'publish', 'publish_change'
        ]
    ),
    (4, 'typed and cleaned rows', 'core', null),
    (5, 'raw rows, as they were loaded', 'staging', null),
    (
        6, 'settings, history and the queue', 'elt',
        array[
            'source', 'rest_source', 'view_version', 'lineage', 'schedule', 'job_status', 'queue_status',
            'worker_status', 'change', 'finding', 'role_right'
        ]
    )
),

relations as (
    select
        topics.place,
        topics.topic,
        format('%s.%s', relation.schema_name, relation.relation_name) as name,
        relation.description,
        format('select * from %I.%I limit 10;', relation.schema_name, relation.relation_name) as example,
        coalesce(array_position(topics.names, relation.relation_name), 0) as rank
    from topics
    inner join elt.relation
        on
            topics.schema_name = relation.schema_name
            and (topics.names is null or relation.relation_name = any(topics.names))
),

functions (place, topic, name, description, example, rank) as (
    values
    (
        7, 'functions', 'elt.origin(_load_id, _row)', 'File and line that a row came from.',
        'select elt.origin(_load_id, _row), * from quality.rows_rejected limit 10;', 1
    ),
    (
        7, 'functions', 'elt.run_rules()', 'Runs all rules on the live data, with samples.',
        'select rule, level, violation_count, description from elt.run_rules();', 2
    ),
    (
        7, 'functions', 'elt.enqueue(kind)', 'Enqueues a background job as part of the transaction.',
        'select elt.enqueue(''pipeline'');', 3
    )
)

select
    guide.topic,
    guide.name,
    guide.description,
    guide.example
from (
    select * from relations
    union all
    select * from functions
) as guide
order by guide.place asc, guide.rank asc, guide.name asc;

comment on view elt.help is
    'Overview: each table and view that you may read, with its description and an example query. To read it, run: table elt.help; (\x on makes it readable), or \dv+ public.*';
comment on column elt.help.topic is 'Topic.';
comment on column elt.help.name is 'Schema and name.';
comment on column elt.help.description is 'Its comment.';
comment on column elt.help.example is 'Example statement.';
