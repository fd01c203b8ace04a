-- grain:    one row per sample: a metric with its labels
-- reads:    elt.source_status, elt.source_freshness, elt.load, elt.source, elt.held_load, elt.publish, elt.rule_status,
--           elt.queue_status, elt.job_attempt, elt.worker_status, elt.schedule, elt.database_bytes
-- used by:  elt serve, at /metrics
-- careful:  all metrics are gauges, including counts, because loads are purged and jobs pruned, so counts can fall
create or replace view elt.metric as
with definitions (place, metric, description) as (
    values
    (1, 'elt_source_live_loads', 'Live loads of the source; 0 if none was ever published.'),
    (2, 'elt_source_published_timestamp_seconds', 'Time at which the live load of the source was published, in seconds since 1970.'),
    (3, 'elt_source_rows', 'Rows of the live load of the source.'),
    (4, 'elt_source_rejects', 'Rejected records of the live load of the source.'),
    (5, 'elt_source_failed_loads', 'Loads of the source that failed, were refused or were interrupted since its live load started.'),
    (6, 'elt_source_staging_bytes', 'Space of all loads of the source in staging.'),
    (7, 'elt_source_age_seconds', 'Time since the latest data of the source arrived; none if it was never loaded.'),
    (8, 'elt_source_late', '1 if the source has no data or older data than elt.source.expected_every allows, otherwise 0; none if nothing is expected.'),
    (9, 'elt_source_rows_unexpected', '1 if the rows of the live load are outside elt.source.expected_rows, otherwise 0; none if any number is expected.'),
    (10, 'elt_loads', 'Loads on record, by state.'),
    (10, 'elt_loads_held', 'Loads of the source that wait until a person publishes or discards them.'),
    (11, 'elt_publish_timestamp_seconds', 'Time at which the latest publish ended, in seconds since 1970.'),
    (12, 'elt_publish_duration_seconds', 'Duration of the latest publish.'),
    (13, 'elt_rule_violations', 'Violations of the rule at the latest publish.'),
    (14, 'elt_jobs', 'Jobs by state: waiting (can run now), later (scheduled), running, dead (failed and not retried).'),
    (15, 'elt_job_oldest_wait_seconds', 'How long the oldest job that can run now has waited.'),
    (16, 'elt_job_attempts_last_hour', 'Job attempts that ended within the last hour, by outcome.'),
    (17, 'elt_workers_alive', 'Live workers.'),
    (18, 'elt_worker_slots', 'Jobs that the live workers can run at once.'),
    (19, 'elt_schedule_overdue_seconds', 'How long the schedule has been due without its job being enqueued; 0 if it is not due.'),
    (20, 'elt_schedule_failing', '1 if the job of the schedule could not be enqueued (elt.schedule.error), otherwise 0.'),
    (21, 'elt_database_bytes', 'Size of the database, on Citus of all nodes.'),
    (22, 'elt_database_info', 'Always 1; the label has the version of the server.')
),

-- The default queue is listed even if it is empty.
usual (queue) as (
    values ('default')
),

samples as (
    select
        per_source.metric,
        jsonb_build_object('source', source_status.source) as labels,
        per_source.value
    from elt.source_status
    cross join lateral (
        values
        ('elt_source_live_loads', source_status.live_load_count::double precision),
        ('elt_source_published_timestamp_seconds', extract(epoch from source_status.published_at)),
        ('elt_source_rows', source_status.rows_staged),
        ('elt_source_rejects', source_status.rows_rejected),
        ('elt_source_staging_bytes', source_status.staging_bytes),
        (
            'elt_source_failed_loads',
            (
                select count(*)
                from elt.load
                where
                    load.source = source_status.source
                    and load.state in ('failed', 'refused', 'interrupted')
                    and load.load_id > coalesce(source_status.load_id, 0)
            )
        )
    ) as per_source (metric, value)
    union all
    select
        per_source.metric,
        jsonb_build_object('source', source_freshness.source) as labels,
        per_source.value
    from elt.source_freshness
    cross join lateral (
        values
        ('elt_source_age_seconds', extract(epoch from source_freshness.age)::double precision),
        (
            'elt_source_late',
            case when source_freshness.expected_every is not null then source_freshness.is_late::integer end
        ),
        (
            'elt_source_rows_unexpected',
            case when source_freshness.expected_rows is not null then source_freshness.is_outside::integer end
        )
    ) as per_source (metric, value)
    union all
    select
        'elt_loads' as metric,
        jsonb_build_object('source', load.source, 'state', load.state) as labels,
        count(*) as value
    from elt.load
    group by load.source, load.state
    union all
    select
        'elt_loads_held' as metric,
        jsonb_build_object('source', source.source) as labels,
        count(held_load.load_id) as value
    from elt.source
    left join elt.held_load on source.source = held_load.source
    group by source.source
    union all
    select
        per_publish.metric,
        '{}'::jsonb as labels,
        per_publish.value
    from (
        select
            publish.started_at,
            publish.finished_at
        from elt.publish
        where publish.state = 'published'
        order by publish.publish_id desc
        limit 1
    ) as latest
    cross join lateral (
        values
        ('elt_publish_timestamp_seconds', extract(epoch from latest.finished_at)),
        ('elt_publish_duration_seconds', extract(epoch from latest.finished_at - latest.started_at))
    ) as per_publish (metric, value)
    union all
    select
        'elt_rule_violations' as metric,
        jsonb_build_object('rule', rule_status.rule, 'level', rule_status.level) as labels,
        rule_status.violation_count as value
    from elt.rule_status
    union all
    select
        'elt_jobs' as metric,
        jsonb_build_object('queue', coalesce(usual.queue, queue_status.queue), 'state', per_state.state) as labels,
        coalesce(per_state.value, 0) as value
    from usual
    full join elt.queue_status on usual.queue = queue_status.queue
    cross join lateral (
        values
        ('waiting', queue_status.waiting_count),
        ('later', queue_status.later_count),
        ('running', queue_status.running_count),
        ('dead', queue_status.dead_count)
    ) as per_state (state, value)
    union all
    select
        'elt_job_oldest_wait_seconds' as metric,
        jsonb_build_object('queue', queue_status.queue) as labels,
        coalesce(queue_status.oldest_wait_seconds, 0) as value
    from elt.queue_status
    union all
    select
        'elt_job_attempts_last_hour' as metric,
        jsonb_build_object('outcome', outcomes.outcome) as labels,
        count(job_attempt.job_id) as value
    from (values ('succeeded'), ('failed'), ('cancelled'), ('released'), ('lost')) as outcomes (outcome)
    left join elt.job_attempt
        on
            outcomes.outcome = job_attempt.outcome
            and job_attempt.finished_at > now() - interval '1 hour'
    group by outcomes.outcome
    union all
    select
        per_worker.metric,
        '{}'::jsonb as labels,
        per_worker.value
    from (
        select
            count(*) as worker_count,
            coalesce(sum(worker_status.concurrency), 0) as slot_count
        from elt.worker_status
        where worker_status.is_alive
    ) as alive
    cross join lateral (
        values
        ('elt_workers_alive', alive.worker_count),
        ('elt_worker_slots', alive.slot_count)
    ) as per_worker (metric, value)
    union all
    select
        per_schedule.metric,
        jsonb_build_object('schedule', schedule.schedule) as labels,
        per_schedule.value
    from elt.schedule
    cross join lateral (
        values
        (
            'elt_schedule_overdue_seconds',
            coalesce(greatest(extract(epoch from now() - schedule.next_run_at), 0), 0)
        ),
        ('elt_schedule_failing', (schedule.error is not null)::integer)
    ) as per_schedule (metric, value)
    where schedule.is_enabled
    union all
    select
        'elt_database_bytes' as metric,
        '{}'::jsonb as labels,
        elt.database_bytes() as value
    union all
    select
        'elt_database_info' as metric,
        jsonb_build_object('server_version', current_setting('server_version')) as labels,
        1 as value
)

select
    samples.metric,
    'gauge' as kind,
    definitions.description,
    samples.labels,
    samples.value
from samples
inner join definitions on samples.metric = definitions.metric
where samples.value is not null
order by definitions.place asc, samples.labels::text asc;

comment on view elt.metric is
    'Metrics of loads, rules, jobs and workers for monitoring. elt serve serves them at /metrics.';
comment on column elt.metric.metric is 'Name of the metric, ending with its unit.';
comment on column elt.metric.kind is 'Prometheus type of the metric: gauge.';
comment on column elt.metric.description is 'Description in one sentence.';
comment on column elt.metric.labels is
    'Label names and values that distinguish the samples of a metric: an object of texts.';
comment on column elt.metric.value is 'Value of the sample.';
