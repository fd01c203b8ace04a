-- grain:    one row per source that was ever published
-- reads:    elt.live_pointer, elt.live_override
-- used by:  core queries, and most of the engine
-- careful:  in a session that prepares a publish, the loads to be published take the place of the live ones
--           (elt.override_live). A session that merges many loads chooses the one to read by a setting, because changing
--           a row for each load would take longer each time. The setting has no effect in other sessions, which see
--           no rows of elt.live_override. Only a publish changes elt.live_pointer
create or replace view elt.live_load as
select
    live_pointer.source,
    live_pointer.load_id,
    live_pointer.publish_id
from elt.live_pointer
where not exists (
    select 1
    from elt.live_override
    where live_override.source = live_pointer.source
)
union all
select
    live_override.source,
    live_override.load_id,
    null::bigint as publish_id
from elt.live_override
where nullif(current_setting('elt.merged_load_id', true), '') is null
union all
select
    live_override.source,
    live_override.load_id,
    null::bigint as publish_id
from elt.live_override
where live_override.load_id = nullif(current_setting('elt.merged_load_id', true), '')::bigint;

comment on view elt.live_load is
    'The load of each source that its core queries read: the live load, or for append and merge sources the latest live load (elt.load.live_publish_id marks all of them).';
comment on column elt.live_load.source is 'Source.';
comment on column elt.live_load.load_id is
    'Live load of the source; for append and merge sources the latest one.';
comment on column elt.live_load.publish_id is
    'Latest publish that updated core from this load. Later than the load''s own publish if core queries have changed since.';
