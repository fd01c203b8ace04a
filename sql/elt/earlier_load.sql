-- reads:    elt.load, elt.live_load
-- used by:  elt rollback
create or replace function elt.earlier_load(source text)
returns bigint
language sql
stable
set search_path = ''
as $$
    select max(load.load_id)
    from elt.live_load
    inner join elt.load
        on
            load.source = live_load.source
            and load.load_id < live_load.load_id
            and load.state = 'published'
            and load.staging_dropped_at is null
    where live_load.source = earlier_load.source
$$;

comment on function elt.earlier_load(text) is
    'The latest published load before the live one whose rows are still in staging; null if there is none.';
