-- grain:    one row per load that is held
-- reads:    elt.load, elt.source, elt.preview, elt.publish
-- used by:  elt status, elt serve, elt.metric, elt.load_finding, and the arguments of the jobs publish and discard
-- careful:  shows nothing of the rows, so that roles that may not read elt.preview can read it. newer_load_id has the
--           condition of elt.publish_held
create or replace view elt.held_load as
select
    load.load_id,
    load.source,
    case
        when load.location ~ '^[a-z]+://' then load.location
        else coalesce(nullif(regexp_replace(load.location, '^.*/', ''), ''), load.location)
    end as file,
    load.rows_staged,
    load.loaded_by,
    load.finished_at as held_since,
    preview.preview_id,
    coalesce(preview.load_ids, array[load.load_id]) as compared_load_ids,
    preview.created_at as compared_at,
    case
        when preview.preview_id is not null
            then (
                select max(publish.publish_id)
                from elt.publish
                where publish.state = 'published' and publish.publish_id > coalesce(preview.publish_id, 0)
            )
    end as later_publish_id,
    (
        select max(newer.load_id)
        from elt.load as newer
        where
            newer.source = load.source
            and newer.load_id > load.load_id
            and newer.live_publish_id is not null
            and (source.mode = 'replace' or newer.file_name = load.file_name)
    ) as newer_load_id
from elt.load
inner join elt.source on load.source = source.source
left join elt.preview on load.load_id = any(preview.load_ids)
where load.state = 'held';

comment on view elt.held_load is 'Loads that wait until a person publishes or discards them.';
comment on column elt.held_load.load_id is 'Number of the load.';
comment on column elt.held_load.source is 'Source that was loaded.';
comment on column elt.held_load.file is 'Name of the file without its folders, or address of the API.';
comment on column elt.held_load.rows_staged is 'Rows that wait.';
comment on column elt.held_load.loaded_by is 'Database role that loaded it.';
comment on column elt.held_load.held_since is 'When it was held.';
comment on column elt.held_load.preview_id is
    'Number of the comparison with the live data. Null if a load that was compared with it was published or discarded alone.';
comment on column elt.held_load.compared_load_ids is 'The loads that were compared together, or only this one.';
comment on column elt.held_load.compared_at is 'When they were compared. Null without a comparison.';
comment on column elt.held_load.later_publish_id is
    'Latest publish after the comparison: they may change other rows by now. Null if there was none.';
comment on column elt.held_load.newer_load_id is
    'Live load that is newer and whose rows it would replace: publishing it must be forced. Null if there is none.';
