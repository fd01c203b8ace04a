-- grain:    one row per rule of the latest publish
-- reads:    elt.publish, elt.rule_result
-- used by:  elt serve
create or replace view elt.rule_status as
select
    rule_result.rule,
    rule_result.level,
    rule_result.violation_count,
    obj_description(to_regclass(format('quality.%I', rule_result.rule)), 'pg_class') as description,
    rule_result.seconds,
    rule_result.at_most,
    rule_result.violation_limit,
    rule_result.violations_before
from elt.rule_result
where rule_result.publish_id = (
    select max(publish.publish_id)
    from elt.publish
    where publish.state = 'published'
)
order by rule_result.level asc, rule_result.violation_count desc, rule_result.rule asc;

comment on view elt.rule_status is 'Violations of each rule at the latest publish.';
comment on column elt.rule_status.rule is 'Name of the view in schema quality; its rows are violations.';
comment on column elt.rule_status.level is
    'warning or error. Of a rule with a limit: error if it has more violations, warning otherwise.';
comment on column elt.rule_status.violation_count is 'Number of violations.';
comment on column elt.rule_status.description is 'Description of the rule.';
comment on column elt.rule_status.seconds is
    'How long it ran. Null if the result of an earlier publish was kept.';
comment on column elt.rule_status.at_most is
    'Limit in the header of the rule, for example 1% of core.orders. Null if the rule has a level instead.';
comment on column elt.rule_status.violation_limit is
    'Largest number of violations that the limit allowed. Null if there is no limit, or if it was not needed.';
comment on column elt.rule_status.violations_before is
    'Violations at the publish before. Null if there was none.';
