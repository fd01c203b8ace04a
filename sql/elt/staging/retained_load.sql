-- grain:    one row per live load of an append or merge source that can be undone
-- reads:    elt.load, elt.source
-- used by:  elt.roll_back, elt.purge_load, elt.purge_key
-- careful:  a load can be undone only if all later ones are still in staging, because the earlier versions of its rows
--           are dropped with theirs
create or replace view elt.retained_load as
select
    load.source,
    load.load_id
from elt.load
inner join elt.source on load.source = source.source
where
    source.mode <> 'replace'
    and load.live_publish_id is not null
    and not exists (
        select 1
        from elt.load as later
        where
            later.source = load.source
            and later.load_id >= load.load_id
            and later.live_publish_id is not null
            and later.staging_dropped_at is not null
    );

comment on view elt.retained_load is
    'Live loads of append and merge sources that can still be undone.';
comment on column elt.retained_load.source is 'Source.';
comment on column elt.retained_load.load_id is 'Load.';
