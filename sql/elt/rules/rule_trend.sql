-- reads:    elt.publish, elt.rule_result
-- used by:  elt check, elt serve
-- careful:  the latest publishes are chosen first, so that it reads few rows of a long history
create or replace function elt.rule_trend(rule text, publish_count bigint)
returns table (rule_name text, publish_id bigint, published_at timestamptz, violation_count bigint, violation_limit bigint)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with latest as (
        select
            publish.publish_id,
            publish.finished_at
        from elt.publish
        where publish.state = 'published' and publish.finished_at is not null
        order by publish.publish_id desc
        limit publish_count
    )

    select
        rule_result.rule,
        rule_result.publish_id,
        latest.finished_at,
        rule_result.violation_count,
        rule_result.violation_limit
    from latest
    inner join elt.rule_result on latest.publish_id = rule_result.publish_id
    where rule_trend.rule is null or rule_result.rule = rule_trend.rule
    order by rule_result.rule asc, rule_result.publish_id asc
$$;

comment on function elt.rule_trend(text, bigint) is
    'Violations of a rule, or of all rules if null, at each of the latest publishes, from the oldest to the newest.';
