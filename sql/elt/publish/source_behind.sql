-- grain:    one row per source whose live loads were published with other core queries than the current ones
-- reads:    elt.source, elt.live_load, elt.load, elt.source_core
-- used by:  elt migrate, elt.publish_loads
create or replace view elt.source_behind as
select
    source.source,
    source.mode,
    live_load.load_id,
    -- Published again only if all live loads are in staging: otherwise the older ones keep their results.
    not exists (
        select 1
        from elt.load as part
        where
            part.source = source.source
            and part.live_publish_id is not null
            and part.staging_dropped_at is not null
    ) as can_be_published
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
inner join elt.source on live_load.source = source.source
inner join elt.source_core on live_load.source = source_core.source
where load.core_sha256 is distinct from source_core.core_sha256;

comment on view elt.source_behind is
    'Sources whose rows in core do not match the current core queries yet. Empty if all match.';
comment on column elt.source_behind.source is 'Source.';
comment on column elt.source_behind.mode is 'Mode of the source.';
comment on column elt.source_behind.load_id is 'Live load of the source; for append and merge sources the latest one.';
comment on column elt.source_behind.can_be_published is
    'Whether all its live loads are in staging, so that elt migrate can publish them again.';
