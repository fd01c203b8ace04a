-- reads:    elt.load, elt.source, elt.live_pointer, elt.reject, elt.rule_result, elt.preview, elt.retained_load, elt.purge_staging, elt.refresh_sources, elt.take_back, elt.open_publish, elt.close_publish, elt.note_audit
-- used by:  elt purge load
-- careful:  the record of the load is kept, but not its error, which may contain values. Files, backups and exports are
--           not changed. For append and merge sources, rows that a later load repeated are kept only if that load is
--           still in staging
create or replace function elt.purge_load(load_id bigint, elt_version text)
returns table (what text, rows_removed bigint, publish_id bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    purged record;
    copied_to bigint;
    later bigint[];
    publish_number bigint;
begin
    perform pg_advisory_xact_lock(6646900, 2);
    select
        load.*,
        source.mode
    into purged
    from elt.load
    inner join elt.source on load.source = source.source
    where load.load_id = purge_load.load_id;
    if not found then
        raise exception 'there is no load %', purge_load.load_id
            using errcode = 'no_data_found', hint = 'Loads are listed in elt.load_status.';
    end if;
    if purged.state in ('copying', 'staged') then
        raise exception 'load % is still running', purge_load.load_id
            using errcode = 'object_not_in_prerequisite_state', hint = 'Try again when it has finished.';
    end if;
    select max(load.load_id)
    into copied_to
    from elt.load
    where load.replayed_load_id = purge_load.load_id and load.state <> 'purged';
    if copied_to is not null then
        raise exception 'load % replays load % and contains its rows', copied_to, purge_load.load_id
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = format('Purge load %s first.', copied_to);
    end if;
    perform elt.note_audit(
        'purge.load', format('load %s', purge_load.load_id), jsonb_build_object('source', purged.source)
    );

    if purged.live_publish_id is not null then
        publish_number := elt.open_publish('purge', purge_load.elt_version);
        if purged.mode = 'replace' then
            delete from elt.live_pointer
            where live_pointer.load_id = purge_load.load_id;
            perform elt.refresh_sources(publish_number, array[purged.source]);
        else
            select coalesce(array_agg(retained_load.load_id), '{}')
            into later
            from elt.retained_load
            where retained_load.source = purged.source and retained_load.load_id > purge_load.load_id;
            perform elt.take_back(
                publish_number, purged.source, later || purge_load.load_id, later, null
            );
        end if;
        return query
        select
            publish_change.table_name,
            publish_change.rows_deleted,
            publish_number
        from elt.publish_change
        where
            publish_change.publish_id = publish_number
            and publish_change.rows_deleted + publish_change.rows_updated > 0
        order by publish_change.table_name;
    end if;

    if purged.staging_dropped_at is null then
        if not elt.purge_staging(purge_load.load_id) then
            raise exception 'could not lock table "staging.%": another session is using it', purged.source
                using errcode = 'lock_not_available', hint = 'Nothing was removed. Try again.';
        end if;
        what := format('staging.%s, load %s', purged.source, purge_load.load_id);
        rows_removed := purged.rows_staged - purged.rows_purged;
        return next;
    end if;

    delete from elt.reject
    where reject.load_id = purge_load.load_id;
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        what := format('elt.reject, load %s', purge_load.load_id);
        return next;
    end if;
    -- The rejects that it replaced are open again.
    update elt.reject
    set replaced_by_load_id = null
    where reject.replaced_by_load_id = purge_load.load_id;

    update elt.rule_result
    set sample = array_to_json(
        array(
            select shown.violation
            from jsonb_array_elements(rule_result.sample) as shown (violation)
            where shown.violation ->> '_load_id' is distinct from purge_load.load_id::text
        )
    )::jsonb
    where rule_result.sample @> jsonb_build_array(jsonb_build_object('_load_id', purge_load.load_id));
    -- Samples without a load number may show its rows too.
    update elt.rule_result
    set sample = '[]'
    where
        rule_result.sample <> '[]'
        and case
            when purged.mode = 'replace'
                then coalesce(rule_result.run_publish_id, rule_result.publish_id) = purged.publish_id
            -- Its rows were in core from that publish on.
            else
                rule_result.publish_id >= purged.publish_id
                and not rule_result.sample @@ 'exists($[*]._load_id)'
        end;

    delete from elt.preview
    where purge_load.load_id = any(preview.load_ids);

    if purged.error is not null then
        what := 'elt.load, errors';
        rows_removed := 1;
        return next;
    end if;
    update elt.load
    set
        state = 'purged',
        error = null,
        live_publish_id = null,
        rows_purged = coalesce(load.rows_staged, 0),
        rejects_purged = coalesce(load.rows_rejected, 0)
    where load.load_id = purge_load.load_id;

    if publish_number is not null then
        perform elt.close_publish(publish_number, array[purged.source]);
    end if;
    what := 'published again';
    rows_removed := null;
    publish_id := publish_number;
    return next;
end
$$;

comment on function elt.purge_load(bigint, text) is
    'Removes the rows of a load from core, staging, rejects and samples of rules. If the load is live, its source looks as if it had never been loaded. Returns the number of rows removed from each place. The last row has the number of the publish, or null if none was needed.';

revoke execute on function elt.purge_load(bigint, text) from public;
