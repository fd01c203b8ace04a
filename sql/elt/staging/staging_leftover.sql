-- grain:    one row per load whose rows in staging are no longer needed
-- reads:    elt.load, elt.live_load, elt.source
-- used by:  elt.sweep, elt.load_status
-- careful:  the latest refused load of a source is kept for inspection. Live loads are always kept; for append and
--           merge sources, the latest live one
create or replace view elt.staging_leftover as
with ranked as (
    select
        load.load_id,
        load.source,
        load.state,
        source.keep_loads,
        source.mode <> 'replace' and load.state = 'published' and load.live_publish_id is null as is_undone,
        row_number() over (
            partition by
                load.source, load.state, source.mode <> 'replace' and load.live_publish_id is null
            order by load.load_id desc
        ) as newest,
        max(load.load_id) filter (where load.state = 'published') over (
            partition by load.source
        ) as latest_published
    from elt.load
    inner join elt.source on load.source = source.source
    where load.staging_dropped_at is null
)

select
    ranked.load_id,
    case
        when ranked.is_undone then 'it was rolled back'
        when ranked.state = 'published' then format('%s newer loads are kept', ranked.keep_loads)
        when ranked.state = 'refused' then 'a later load was published or refused'
        else format('it was %s', ranked.state)
    end as reason
from ranked
where
    case ranked.state
        when 'failed' then true
        when 'interrupted' then true
        when 'refused' then ranked.newest > 1 or ranked.load_id < ranked.latest_published
        when 'published' then ranked.is_undone or ranked.newest > ranked.keep_loads
        else false
    end
    and not exists (
        select 1
        from elt.live_load
        where live_load.load_id = ranked.load_id
    );

comment on view elt.staging_leftover is
    'Loads whose rows elt gc or the next load drops from staging, and the reason.';
comment on column elt.staging_leftover.load_id is 'Load.';
comment on column elt.staging_leftover.reason is 'Why its rows are no longer needed.';
