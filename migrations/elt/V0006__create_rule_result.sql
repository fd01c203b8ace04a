-- what:   create elt.rule_result
-- why:    what the quality rules found at each publish stays on record, also when it was refused
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.rule_result (loses the history of findings; elt check finds the current ones again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.rule_result (
    publish_id bigint not null,
    rule text not null,
    level text not null,
    violation_count bigint not null,
    sample jsonb not null,
    constraint rule_result_pkey primary key (publish_id, rule),
    constraint rule_result_publish_id_fkey
        foreign key (publish_id) references elt.publish (publish_id),
    constraint rule_result_level_known check (level in ('warning', 'error')),
    constraint rule_result_count_not_negative check (violation_count >= 0)
);

comment on table elt.rule_result is 'What each rule found at each publish: one row per publish and rule.';
comment on column elt.rule_result.publish_id is 'Publish that ran the rule.';
comment on column elt.rule_result.rule is 'Name of the view in schema quality.';
comment on column elt.rule_result.level is
    'warning: reported, and the data goes through. error: the publish is refused if it finds a row.';
comment on column elt.rule_result.violation_count is 'Rows that the rule found.';
comment on column elt.rule_result.sample is 'The first few of them, as a JSON array.';
