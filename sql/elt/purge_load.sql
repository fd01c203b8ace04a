-- reads:    elt.load, elt.live_load, elt.reject, elt.rule_result, elt.drop_staging, elt.refresh_sources
-- used by:  elt purge load
-- careful:  the record of the load stays, without its error, which may name values. Files, backups and
--           exports are not touched
create or replace function elt.purge_load(load_id bigint, elt_version text)
returns table (what text, rows_removed bigint, publish_id bigint)
language plpgsql
volatile
set search_path = ''
as $$
declare
    purged record;
    copied_to bigint;
    publish_number bigint;
begin
    perform pg_advisory_xact_lock(6646900, 2);
    select load.*
    into purged
    from elt.load
    where load.load_id = purge_load.load_id;
    if not found then
        raise exception 'there is no load %', purge_load.load_id
            using errcode = 'no_data_found', hint = 'See them with elt loads.';
    end if;
    if purged.state in ('copying', 'staged') then
        raise exception 'load % is under way', purge_load.load_id
            using errcode = 'object_not_in_prerequisite_state', hint = 'Try again when it is done.';
    end if;
    select max(load.load_id)
    into copied_to
    from elt.load
    where load.replayed_load_id = purge_load.load_id and load.state <> 'purged';
    if copied_to is not null then
        raise exception 'load % has its rows too, since it replays it', copied_to
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = format('Purge that one first: elt purge load %s.', copied_to);
    end if;

    if exists (select 1 from elt.live_load where live_load.load_id = purge_load.load_id) then
        insert into elt.publish (state, cause, core_sha256, elt_version)
        values ('published', 'purge', elt.core_sha256(), purge_load.elt_version)
        returning publish.publish_id into publish_number;
        delete from elt.live_load
        where live_load.load_id = purge_load.load_id;
        perform elt.refresh_sources(publish_number, array[purged.source]);
        return query
        select
            publish_change.table_name,
            publish_change.rows_deleted,
            publish_number
        from elt.publish_change
        where publish_change.publish_id = publish_number and publish_change.rows_deleted > 0
        order by publish_change.table_name;
    end if;

    if purged.staging_dropped_at is null then
        if not elt.drop_staging(purge_load.load_id) then
            raise exception 'somebody reads staging.%', purged.source
                using errcode = 'lock_not_available', hint = 'Nothing was removed: try again.';
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
    -- What it had taken the place of is open again.
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
    -- Rules that do not say which load it was may have shown its rows too.
    update elt.rule_result
    set sample = '[]'
    where rule_result.publish_id = purged.publish_id and rule_result.sample <> '[]';

    update elt.load
    set
        state = 'purged',
        error = null,
        rows_purged = coalesce(load.rows_staged, 0),
        rejects_purged = coalesce(load.rows_rejected, 0)
    where load.load_id = purge_load.load_id;

    if publish_number is not null then
        insert into elt.rule_result (publish_id, rule, level, violation_count, sample)
        select publish_number, found.rule, found.level, found.violation_count, found.sample
        from elt.run_rules() as found;
        update elt.publish
        set finished_at = clock_timestamp()
        where publish.publish_id = publish_number;
    end if;
    what := 'published again';
    rows_removed := null;
    publish_id := publish_number;
    return next;
end
$$;

comment on function elt.purge_load(bigint, text) is
    'Removes a load''s rows from core, staging, rejects and samples of rules; if it is live, its source is then as if it had never been loaded. Says where it removed how many; the last row has the number of the publish, null where none was needed.';

revoke execute on function elt.purge_load(bigint, text) from public;
