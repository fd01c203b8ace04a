-- reads:    elt.load, elt.source, elt.source_behind, elt.open_publish, elt.make_live, elt.roll_back, elt.rebuild_source, elt.close_publish
-- used by:  elt load, elt migrate, elt rollback
-- careful:  call it in a transaction, check elt.rule_result, and roll back if a rule of level error found rows. It runs
--           no DDL on objects that readers use. Runs with its owner's rights, so that the caller can change core only
--           through the core queries
create or replace function elt.publish_loads(load_ids bigint[], cause text, elt_version text)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    published bigint[] := load_ids;
    rolled_back bigint[] := '{}';
    rebuilt text[] := '{}';
    load_id bigint;
    source text;
    publish_number bigint := elt.open_publish(cause, elt_version);
begin
    if load_ids is null then
        -- Read after the lock is taken, because another publish may just have changed the live loads.
        select
            coalesce(
                array_agg(source_behind.load_id) filter (where source_behind.mode = 'replace'), '{}'
            ),
            coalesce(
                array_agg(source_behind.source order by source_behind.source)
                    filter (where source_behind.mode <> 'replace' and source_behind.can_be_published),
                '{}'
            )
        into published, rebuilt
        from elt.source_behind;
    end if;
    if cause = 'rollback' then
        update elt.load
        set rolled_back_at = now()
        from elt.load as named
        where
            named.load_id = any(published)
            and load.source = named.source
            and load.load_id > named.load_id
            and load.live_publish_id is not null;
        select coalesce(array_agg(load.load_id), '{}')
        into rolled_back
        from elt.load
        inner join elt.source as source_of on load.source = source_of.source
        where load.load_id = any(published) and source_of.mode <> 'replace';
    end if;

    published := array(
        select unnest(published)
        except
        select unnest(rolled_back)
    );
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
            using hint = 'Load the sources again with --force.';
    end if;

    foreach load_id in array rolled_back loop
        perform elt.roll_back(publish_number, load_id);
    end loop;
    perform elt.make_live(publish_number, published);
    foreach source in array rebuilt loop
        perform elt.rebuild_source(publish_number, source);
    end loop;

    published := published || rolled_back;

    -- Corrected records replace the rejects as long as their load is live.
    update elt.reject
    set replaced_by_load_id = null
    from elt.load as replacing
    where
        reject.load_id = any(
            array(
                select load.load_id
                from elt.load
                where
                    load.live_publish_id is not null
                    and load.source in (
                        select named.source
                        from elt.load as named
                        where named.load_id = any(published)
                    )
            )
        )
        and reject.replaced_by_load_id = replacing.load_id
        and replacing.live_publish_id is null;
    update elt.reject
    set replaced_by_load_id = load.load_id
    from elt.load
    where
        load.load_id = any(published)
        and reject.load_id = load.replayed_load_id
        and reject.replaced_by_load_id is null;

    update elt.load
    set publish_id = publish_number
    where load.load_id = any(published) and load.publish_id is null;

    perform elt.close_publish(
        publish_number,
        rebuilt || array(
            select load.source
            from elt.load
            where load.load_id = any(published)
        )
    );
    -- Loads that a rollback makes live again were finished before.
    update elt.load
    set finished_at = clock_timestamp()
    where load.load_id = any(published) and load.publish_id = publish_number;
    return publish_number;
end
$$;

comment on function elt.publish_loads(bigint[], text, text) is
    'Publishes loads, or, if none are named, publishes the live loads again whose core queries have changed: updates core, runs the rules and records the result. A load named by a rollback becomes the latest one. Returns the number of the publish.';

revoke execute on function elt.publish_loads(bigint[], text, text) from public;
