-- what:   add to elt.load which loads are live and by which core queries, and when one was rolled
--         back; to elt.publish and elt.rule_result which results of rules stand for a later publish
-- why:    of append and merge sources many loads are live; a core query may change while their staging
--         is gone; a rule that reads nothing of a publish need not run again for it
-- locks:  ACCESS EXCLUSIVE on the three tables, for an instant: nullable columns; SHARE ROW EXCLUSIVE
--         for the two references
-- time:   instant; writes one row of elt.load a source. The references are validated by V0031
-- undo:   drop the columns (roll append and merge sources back to replace first)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load add column live_publish_id bigint;
alter table elt.load add column core_sha256 text;
alter table elt.load add column rolled_back_at timestamptz;
alter table elt.publish add column sql_sha256 text;
alter table elt.rule_result add column run_publish_id bigint;

alter table elt.load
add constraint load_live_publish_id_fkey
foreign key (live_publish_id) references elt.publish (publish_id) not valid;
alter table elt.load
add constraint load_is_published_when_live check (
    live_publish_id is null or state = 'published'
) not valid;
alter table elt.rule_result
add constraint rule_result_run_publish_id_fkey
foreign key (run_publish_id) references elt.publish (publish_id) not valid;

update elt.load
set live_publish_id = live_load.publish_id
from elt.live_load
where load.load_id = live_load.load_id;

comment on column elt.load.live_publish_id is
    'Latest publish that brought core to what this load says, while that is part of what is live; null otherwise. Of a replace source one load is, of others all that were published and not rolled back or purged.';
comment on column elt.load.core_sha256 is
    'Fingerprint of what decided then what the load means in core (elt.source_core); null before.';
comment on column elt.load.rolled_back_at is 'When elt rollback took it out of what is live; null otherwise.';
comment on table elt.live_load is
    'The load of each source that its core queries read: the live one, of append and merge sources the latest that is live (all that are: elt.load.live_publish_id). One row per source that was ever published. Moved only by a publish.';
comment on column elt.live_load.load_id is 'Its live load, of append and merge sources the latest.';
comment on column elt.publish.sql_sha256 is
    'Fingerprint of all views, functions and rules that it ran with (elt.sql_sha256()); null when refused.';
comment on column elt.rule_result.run_publish_id is
    'Earlier publish that ran the rule, since what it reads has not changed after that; null when this one ran it.';
