-- grain:    one row per live load of an API whose data changed while it was read
-- level:    warning
-- reads:    elt.load, elt.rest_source
-- careful:  a later load that read everything, without a change, has all rows. Corrected rejects are no such load
create or replace view quality.loads_that_may_lack_rows as
select
    load.load_id as _load_id,
    load.source,
    load.location,
    load.changed_while_read
from elt.load
inner join elt.rest_source on load.source = rest_source.source
where
    load.live_publish_id is not null
    and load.changed_while_read is not null
    and not exists (
        select 1
        from elt.load as later
        where
            later.source = load.source
            and later.load_id > load.load_id
            and later.live_publish_id is not null
            and later.changed_while_read is null
            and later.replayed_load_id is null
            and (later.since_sent is null or later.since_sent = rest_source.since_start)
    );

comment on view quality.loads_that_may_lack_rows is
    'Loads of an API whose data changed while its pages were read, and that were accepted (elt.rest_source.on_change): rows may be missing. A load of all records without a change has them: elt load SOURCE --full.';
