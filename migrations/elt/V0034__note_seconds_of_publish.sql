-- what:   add elt.publish_change.seconds, elt.publish_change.finished_at and elt.rule_result.seconds
-- why:    which table and which rule a publish spends its time on
-- locks:  ACCESS EXCLUSIVE on both tables, for an instant: the columns are nullable
-- time:   instant
-- undo:   drop the columns (loses how long past publishes took)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.publish_change
add column finished_at timestamptz,
add column seconds double precision;
alter table elt.rule_result add column seconds double precision;

comment on column elt.publish_change.finished_at is
    'When the table was done; null for publishes before this was noted.';
comment on column elt.publish_change.seconds is
    'How long it took since the table before it was done, of the first since the publish began; null for publishes before this was noted.';
comment on column elt.rule_result.seconds is
    'How long the rule ran; null where a result of an earlier publish stands, and for publishes before this was noted.';
