-- what:   add to elt.rule_result the limit that applied to a rule; drop elt.run_rules(), which elt migrate creates again
--         with more columns
-- why:    a rule may have some violations and refuse the publish above a limit (-- at most: in its header)
-- locks:  ACCESS EXCLUSIVE on elt.rule_result, for an instant: nullable columns, and checks without a scan
-- time:   instant
-- undo:   drop the columns (loses the limits of past publishes), and elt.run_rules(); apply the views of the program before
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.rule_result
add column at_most text,
add column violation_limit bigint,
add column violations_before bigint,
add constraint rule_result_limit_not_negative check (violation_limit >= 0) not valid,
add constraint rule_result_limit_has_a_text check (violation_limit is null or at_most is not null) not valid,
add constraint rule_result_before_not_negative check (violations_before >= 0) not valid;

comment on column elt.rule_result.level is
    'warning: reported, and the data goes live. error: the publish is refused if the rule has violations. Of a rule with a limit: error if it has more violations, warning otherwise.';
comment on column elt.rule_result.at_most is
    'Limit in the header of the rule, for example 20, 1% of core.orders or 110% of before. Null if the rule has a level instead.';
comment on column elt.rule_result.violation_limit is
    'Largest number of violations that the limit allowed. Null without a limit, if the limit is a share of a relation and there were no violations, or if it is a share of the violations before and there was no publish before.';
comment on column elt.rule_result.violations_before is
    'Violations at the publish that was live before. Null if there was none, or if it did not run the rule.';

-- The function returns more columns now. Queries that name the columns they need are not affected.
-- squawk-ignore ban-drop-function
drop function if exists elt.run_rules();
