-- reads:    elt.load, elt.live_load, elt.core_sha256, elt.refresh_sources, elt.run_rules
-- used by:  elt load, elt migrate, elt rollback, elt.purge_key
-- careful:  call it in a transaction, look at elt.rule_result, and roll back if a rule of level error
--           found rows. No DDL on anything that a reader reads
create or replace function elt.publish_loads(load_ids bigint[], cause text, elt_version text)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
    published bigint[];
    publish_number bigint;
begin
    -- One publish at a time, so that two of them never see half of each other.
    perform pg_advisory_xact_lock(6646900, 2);

    -- Only now, since another publish may just have made others live.
    select coalesce(load_ids, array_agg(live_load.load_id))
    into published
    from elt.live_load;
    if exists (
        select 1
        from elt.load
        where load.load_id = any(published) and load.staging_dropped_at is not null
    ) then
        raise exception 'the rows of these sources are no longer in staging: %', (
            select string_agg(load.source, ', ' order by load.source)
            from elt.load
            where load.load_id = any(published) and load.staging_dropped_at is not null
        )
            using hint = 'Load them anew: elt load --force SOURCE.';
    end if;

    insert into elt.publish (state, cause, core_sha256, elt_version)
    values ('published', cause, elt.core_sha256(), elt_version)
    returning publish.publish_id into publish_number;

    insert into elt.live_load (source, load_id, publish_id)
    select load.source, load.load_id, publish_number
    from elt.load
    where load.load_id = any(published)
    order by load.source
    on conflict (source) do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;

    perform elt.refresh_sources(
        publish_number,
        array(select load.source from elt.load where load.load_id = any(published))
    );

    -- Mended records take the place of what was rejected, for as long as their load is live.
    update elt.reject
    set replaced_by_load_id = null
    where reject.load_id = any(published) and reject.replaced_by_load_id is not null;
    update elt.reject
    set replaced_by_load_id = load.load_id
    from elt.load
    where
        load.load_id = any(published)
        and reject.load_id = load.replayed_load_id
        and reject.replaced_by_load_id is null;

    update elt.load
    set state = 'published', publish_id = publish_number, finished_at = clock_timestamp()
    where load.load_id = any(published) and load.state = 'staged';

    insert into elt.rule_result (publish_id, rule, level, violation_count, sample)
    select publish_number, found.rule, found.level, found.violation_count, found.sample
    from elt.run_rules() as found;

    update elt.publish
    set finished_at = clock_timestamp()
    where publish.publish_id = publish_number;
    return publish_number;
end
$$;

comment on function elt.publish_loads(bigint[], text, text) is
    'Makes loads live, or those that are live once more when none are named: moves the live pointer, brings the tables of their core queries to what they say, runs the rules, and writes it all down. Returns the number of the publish.';
