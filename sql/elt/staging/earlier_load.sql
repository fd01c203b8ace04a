-- reads:    elt.load, elt.live_load, elt.source, elt.retained_load
-- used by:  elt rollback
-- careful:  loads of append and merge sources are undone, which needs the rows that they changed. A load that was
--           itself rolled back is not chosen
create or replace function elt.earlier_load(source text)
returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select max(load.load_id)
    from elt.live_load
    inner join elt.source as source_of on live_load.source = source_of.source
    inner join elt.load
        on
            load.source = live_load.source
            and load.load_id < live_load.load_id
            and load.state = 'published'
            and load.staging_dropped_at is null
            and load.rolled_back_at is null
            and (
                source_of.mode = 'replace'
                or load.live_publish_id is not null
                -- The file came again. The rollback brings its older bytes back.
                or load.replaced_by_load_id = live_load.load_id
            )
    where live_load.source = earlier_load.source
$$;

comment on function elt.earlier_load(text) is
    'Returns the latest load before the live one to which a source can be rolled back. Null if there is none.';
