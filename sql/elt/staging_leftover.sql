-- grain:    one row per load whose rows in staging nobody needs any more
-- reads:    elt.load, elt.live_load, elt.source
-- used by:  elt.sweep, elt.load_status
-- careful:  the latest refused load of a source stays to be looked at, and what is live always stays
create or replace view elt.staging_leftover as
with ranked as (
    select
        load.load_id,
        load.source,
        load.state,
        row_number() over (
            partition by load.source, load.state order by load.load_id desc
        ) as newest,
        max(load.load_id) filter (where load.state = 'published') over (
            partition by load.source
        ) as latest_published
    from elt.load
    where load.staging_dropped_at is null
)

select
    ranked.load_id,
    case ranked.state
        when 'published' then format('%s newer loads are kept', source.keep_loads)
        when 'refused' then 'a later load was published or refused'
        else format('it was %s', ranked.state)
    end as reason
from ranked
inner join elt.source on ranked.source = source.source
where
    case ranked.state
        when 'failed' then true
        when 'interrupted' then true
        when 'refused' then ranked.newest > 1 or ranked.load_id < ranked.latest_published
        when 'published' then ranked.newest > source.keep_loads
        else false
    end
    and not exists (
        select 1
        from elt.live_load
        where live_load.load_id = ranked.load_id
    );

comment on view elt.staging_leftover is
    'Loads whose rows elt gc, or the next load, drops from staging, and why.';
comment on column elt.staging_leftover.load_id is 'Load.';
comment on column elt.staging_leftover.reason is 'Why its rows are no longer needed.';
