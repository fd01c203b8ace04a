-- grain:    one row per thing that is worth knowing, in the order in which one would read
-- reads:    elt.relation
-- used by:  people in psql
-- careful:  of tables and views only those that the role that asks may read
create or replace view elt.help as
with topics (place, topic, schema_name, names) as (
    values
    (1, 'results: what to query', 'public', null::text[]),
    (2, 'trouble: rows that a rule found', 'quality', null),
    (
        3, 'loads: what came, when and how much', 'elt',
        array['source_status', 'load_status', 'rule_status', 'reject', 'publish', 'publish_change']
    ),
    (4, 'typed rows, and what is cleaned on the way', 'core', null),
    (5, 'raw rows, as they came', 'staging', null),
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
        7, 'functions', 'elt.run_rules()', 'All rules on what is live now, with samples.',
        'select rule, level, violation_count, description from elt.run_rules();', 2
    ),
    (
        7, 'functions', 'elt.enqueue(kind)', 'Starts a job in the background, as part of the transaction.',
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
    'What is where: each table and view that you may read, with what it says and a query to begin with. Start here: table elt.help; (\x on makes it readable), or \dv+ public.*';
comment on column elt.help.topic is 'What it is good for.';
comment on column elt.help.name is 'Schema and name.';
comment on column elt.help.description is 'Its comment.';
comment on column elt.help.example is 'A statement to begin with.';
