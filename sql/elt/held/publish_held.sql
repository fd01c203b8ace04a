-- reads:    elt.require_held, elt.load, elt.source, elt.live_load, elt.preview, elt.publish_loads, elt.note_audit
-- used by:  elt publish, and the job of that kind
-- careful:  call it in a transaction, check elt.rule_result, and roll back if a rule of level error found rows: the loads
--           are then still held. Runs with its owner's rights, like elt.publish_loads
create or replace function elt.publish_held(load_ids bigint[], is_forced boolean, elt_version text)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    older record;
    publish_number bigint;
begin
    -- Before the rows of elt.load are locked, as for every publish.
    perform pg_advisory_xact_lock(6646900, 2);
    perform elt.require_held(load_ids);
    -- Two of them would count twice, or would take the place of each other.
    select
        min(held.load_id) as load_id,
        max(held.load_id) as newer_load_id
    into older
    from elt.load as held
    inner join elt.source on held.source = source.source
    where
        held.load_id = any(load_ids)
        and (source.mode = 'replace' or num_nonnulls(held.file_name, held.replayed_load_id) > 0)
    group by
        held.source,
        case when source.mode <> 'replace' then held.file_name end,
        case when source.mode <> 'replace' then held.replayed_load_id end
    having count(*) > 1
    order by 1
    limit 1;
    if found then
        raise exception 'loads % and % hold versions of the same data', older.load_id, older.newer_load_id
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Only one of them can be live. Nothing was changed.',
                hint = format('Publish the newer one, and discard the other: elt discard %s', older.load_id);
    end if;
    select
        held.load_id,
        held.source,
        newer.load_id as newer_load_id
    into older
    from elt.load as held
    inner join elt.source on held.source = source.source
    inner join elt.load as newer
        on
            held.source = newer.source
            and held.load_id < newer.load_id
            and newer.live_publish_id is not null
            and (source.mode = 'replace' or held.file_name = newer.file_name)
    where held.load_id = any(load_ids) and not is_forced
    order by held.load_id, newer.load_id desc
    limit 1;
    if found then
        raise exception 'load % of source "%" is older than load %, which is live',
            older.load_id, older.source, older.newer_load_id
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Its rows would replace newer ones. Nothing was changed.',
                hint = format('Discard it (elt discard %s), or publish it with --force.', older.load_id);
    end if;
    select
        held.load_id,
        held.replayed_load_id as newer_load_id
    into older
    from elt.load as held
    inner join elt.load as replayed on held.replayed_load_id = replayed.load_id
    where
        held.load_id = any(load_ids)
        and (
            replayed.live_publish_id is null
            or not exists (
                select 1
                from elt.reject
                where reject.load_id = replayed.load_id and reject.replaced_by_load_id is null
            )
        )
    order by held.load_id
    limit 1;
    if found then
        raise exception 'load % corrects load %, which is no longer live or was corrected by another load', older.load_id, older.newer_load_id
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Nothing was changed.',
                hint = format('Discard it: elt discard %s', older.load_id);
    end if;

    publish_number := elt.publish_loads(load_ids, 'load', elt_version);
    delete from elt.preview
    where
        preview.load_ids && publish_held.load_ids
        and not exists (
            select 1
            from elt.load
            where load.load_id = any(preview.load_ids) and load.state = 'held'
        );
    perform elt.note_audit(
        'load.publish',
        format('load %s', array_to_string(load_ids, ', ')),
        jsonb_build_object(
            'publish', publish_number,
            'sources', array(
                select distinct load.source
                from elt.load
                where load.load_id = any(load_ids)
                order by load.source
            )
        )
    );
    return publish_number;
end
$$;

comment on function elt.publish_held(bigint[], boolean, text) is
    'Publishes held loads together and records who did it. A load that is older than a live one that it would replace needs is_forced. Returns the number of the publish.';

revoke execute on function elt.publish_held(bigint[], boolean, text) from public;
