-- grain:    one row per load without its part of staging, part of staging without a load, or load held for long
-- reads:    PostgreSQL's catalogue, elt.load, elt.load_status, elt.held_load, elt.source, elt.staging_leftover
-- used by:  elt.finding
-- careful:  ignores loads that are running
create or replace view elt.load_finding as
with partition as (
    select
        pg_class.relname::text as name,
        substring(pg_class.relname from '_load_(\d+)$')::bigint as load_id
    from elt.source
    inner join pg_catalog.pg_class as parent
        on source.source = parent.relname and parent.relnamespace = 'staging'::regnamespace
    inner join pg_catalog.pg_inherits on parent.oid = pg_inherits.inhparent
    inner join pg_catalog.pg_class on pg_inherits.inhrelid = pg_class.oid
    where
        pg_class.relnamespace = 'staging'::regnamespace
        and pg_class.relname ~ '_load_\d+$'
)

select
    'load' as area,
    format('load %s of %s is dead', load.load_id, load.source) as what,
    'advice' as level,
    'Its program ended before it was published, and its rows use space. The next load drops them too.' as why,
    'select elt.sweep()' as statement
from elt.load
inner join elt.load_status on load.load_id = load_status.load_id
where load.state in ('copying', 'staged') and load_status.state = 'interrupted'
union all
select
    'load' as area,
    format('load %s is no longer needed', staging_leftover.load_id) as what,
    'advice' as level,
    format('Its rows use space in staging: %s. The next load drops them too.', staging_leftover.reason) as why,
    'select elt.sweep()' as statement
from elt.staging_leftover
inner join partition on staging_leftover.load_id = partition.load_id
union all
select
    'load' as area,
    format('table staging.%s belongs to no load', partition.name) as what,
    'advice' as level,
    'It uses space, and elt gc does not find it: the record of its load is gone or says that it was dropped.' as why,
    format('drop table staging.%I', partition.name) as statement
from partition
where
    not exists (
        select 1
        from elt.load
        where
            coalesce(load.batch_load_id, load.load_id) = partition.load_id
            and load.staging_dropped_at is null
            and partition.name = load.source || '_load_' || partition.load_id
    )
union all
select
    'load' as area,
    format('load %s of %s has no rows in staging', load.load_id, load.source) as what,
    case when load.live_publish_id is not null then 'problem' else 'advice' end as level,
    'Its record says that its rows exist, but they were dropped, so it cannot be published again. Core is not affected.' as why,
    format('update elt.load set staging_dropped_at = now() where load_id = %s', load.load_id) as statement
from elt.load
left join partition
    on
        coalesce(load.batch_load_id, load.load_id) = partition.load_id
        and partition.name = load.source || '_load_' || partition.load_id
where
    load.staging_dropped_at is null
    and load.state not in ('copying', 'purged')
    and partition.name is null
union all
select
    'load' as area,
    format(
        'load %s of %s has been held for %s days',
        held_load.load_id, held_load.source, extract(day from now() - held_load.held_since)
    ) as what,
    'advice' as level,
    'It waits until a person publishes or discards it, and its rows use space. Later loads of its file may replace it.' as why,
    format('elt publish %1$s, or elt discard %1$s', held_load.load_id) as statement
from elt.held_load
where held_load.held_since < now() - interval '7 days';

comment on view elt.load_finding is
    'Dead loads, loads without their rows in staging, staging tables without a load, and loads that were held for long. Empty if there is no problem.';
comment on column elt.load_finding.area is 'load.';
comment on column elt.load_finding.what is 'What was found.';
comment on column elt.load_finding.level is 'advice or problem.';
comment on column elt.load_finding.why is 'Why it matters.';
comment on column elt.load_finding.statement is 'The statement that fixes it, or the elt commands.';
