-- reads:    elt.load, elt.live_load, elt.source, elt.retained_load
-- used by:  elt rollback
-- careful:  of append and merge sources loads are undone, which takes what they changed. Nobody goes back
--           unasked to what was itself rolled back
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
            and (source_of.mode = 'replace' or load.live_publish_id is not null)
    where live_load.source = earlier_load.source
$$;

comment on function elt.earlier_load(text) is
    'The latest load before the live one to which a source can go back; null if there is none.';
