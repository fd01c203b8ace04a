-- grain:    one row per load whose rows are in staging, so that they can be compared with those of another load
-- reads:    elt.load, elt.load_state, elt.live_load
-- used by:  elt diff, elt.load_rows
-- careful:  a load need not have been published. The rows of one that did not finish are incomplete
create or replace view elt.comparable_load as
select
    load.load_id,
    load.source,
    load_state.state_in_words,
    load.live_publish_id is not null as is_live,
    live_load.load_id is not null as is_latest,
    load.location,
    load.started_at
from elt.load
inner join elt.load_state on load.load_id = load_state.load_id
left join elt.live_load on load.load_id = live_load.load_id
where
    load_state.state not in ('copying', 'staged', 'failed', 'interrupted', 'purged')
    and load.staging_dropped_at is null
    and to_regclass(
        format('staging.%I', load.source || '_load_' || coalesce(load.batch_load_id, load.load_id))
    ) is not null;

comment on view elt.comparable_load is
    'Loads whose rows are in staging. elt diff can compare any two of a source.';
comment on column elt.comparable_load.load_id is 'Number of the load.';
comment on column elt.comparable_load.source is 'Source that was loaded.';
comment on column elt.comparable_load.state_in_words is 'State for people, as in elt.load_state.';
comment on column elt.comparable_load.is_live is 'Whether core shows its rows.';
comment on column elt.comparable_load.is_latest is
    'Whether it is the live load of the source; for append and merge sources, the latest live one.';
comment on column elt.comparable_load.location is 'Path of the file, or address of the API.';
comment on column elt.comparable_load.started_at is 'When it started.';
