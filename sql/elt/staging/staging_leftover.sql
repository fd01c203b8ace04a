-- grain:    one row per load whose rows in staging are no longer needed
-- reads:    elt.load, elt.live_load, elt.source
-- used by:  elt.sweep, elt.load_status
-- careful:  the latest refused load of a source is kept for inspection. Live loads are always kept; for append and
--           merge sources, the latest live one. Held loads are kept, and count as kept loads
create or replace view elt.staging_leftover as
with ranked as (
    select
        load.load_id,
        load.source,
        load.state,
        coalesce(load.batch_load_id, load.load_id) as staged_with,
        load.replaced_by_load_id,
        source.keep_loads,
        source.mode <> 'replace' and load.state = 'published' and load.live_publish_id is null as is_undone,
        row_number() over (
            partition by
                load.source,
                -- Held loads take the place of published ones.
                case when load.state = 'held' then 'published' else load.state end,
                load.state <> 'held' and source.mode <> 'replace' and load.live_publish_id is null
            order by load.load_id desc
        ) as newest,
        max(load.load_id) filter (where load.state = 'published') over (
            partition by load.source
        ) as latest_published
    from elt.load
    inner join elt.source on load.source = source.source
    where load.staging_dropped_at is null
),

reasons as (
    select
        ranked.load_id,
        ranked.staged_with,
        case
            when ranked.load_id in (select live_load.load_id from elt.live_load) then null
            -- A rollback of the later load makes it live again.
            when ranked.replaced_by_load_id in (
                select replacing.load_id
                from ranked as replacing
                where replacing.state = 'published' and not replacing.is_undone and replacing.newest <= replacing.keep_loads
            ) then null
            when ranked.state in ('failed', 'interrupted', 'discarded') then format('it was %s', ranked.state)
            when ranked.state = 'dry run' then 'it was a dry run'
            when ranked.state = 'refused' and (ranked.newest > 1 or ranked.load_id < ranked.latest_published)
                then 'a later load was published or refused'
            when ranked.state = 'published' and ranked.is_undone then 'it was rolled back or replaced'
            when ranked.state = 'published' and ranked.newest > ranked.keep_loads
                then format('%s newer loads are kept', ranked.keep_loads)
        end as reason
    from ranked
)

select
    reasons.load_id,
    reasons.reason
from reasons
where
    reasons.reason is not null
    -- Loads of a batch are dropped together.
    and not exists (
        select 1
        from reasons as needed
        where needed.staged_with = reasons.staged_with and needed.reason is null
    );

comment on view elt.staging_leftover is
    'Loads whose rows elt gc or the next load drops from staging, and the reason.';
comment on column elt.staging_leftover.load_id is 'Load.';
comment on column elt.staging_leftover.reason is 'Why its rows are no longer needed.';
