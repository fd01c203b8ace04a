-- reads:    elt.source, elt.load, elt.load_file, elt.live_load, elt.reject, elt.rule_result, elt.preview, elt.earlier_row, elt.job, elt.job_attempt, elt.change, elt.has_key, elt.mentions, elt.core_has_columns, elt.retained_from, elt.open_publish, elt.make_live, elt.take_back, elt.close_publish, elt.note_audit
-- used by:  elt purge key
-- careful:  a rejected record has no columns, so it is removed if all values of the key appear in its bytes, each as a
--           separate word. Files, backups and tables that no load fills are not changed
create or replace function elt.purge_key(key jsonb, elt_version text)
returns table (what text, rows_removed bigint, publish_id bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    staged record;
    removed record;
    has_it boolean;
    purged_sources text[] := '{}';
    merged record;
    retained bigint[];
    publish_number bigint;
begin
    if jsonb_typeof(key) is distinct from 'object' or key = '{}' then
        raise exception 'a key must be an object of names and values' using errcode = 'invalid_parameter_value';
    end if;
    -- The lock of a publish, because the function ends with one.
    perform pg_advisory_xact_lock(6646900, 2);

    create temporary table elt_purged_load (load_id bigint) on commit drop;
    for staged in
        select
            source.source,
            source.mode,
            format('staging.%I', source.source) as relation,
            case
                when bool_or(pg_attribute.attname = 'payload') then 'staged.payload'
                else 'to_jsonb(staged)'
            end as document
        from elt.source
        inner join pg_catalog.pg_attribute
            on pg_attribute.attrelid = to_regclass(format('staging.%I', source.source))
        where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
        group by source.source
        having
            bool_or(pg_attribute.attname = 'payload')
            or array_agg(pg_attribute.attname::text) @> array(select jsonb_object_keys(purge_key.key))
        order by source.source
    loop
        execute format(
            'select exists (select 1 from %s as staged where %s ?& $1)', staged.relation, staged.document
        )
        into has_it
        using array(select jsonb_object_keys(key));
        -- A table with columns has the key even if it is empty. Core has the key of merged loads whose
        -- staged rows are gone.
        continue when
            not has_it
            and staged.document = 'staged.payload'
            and (
                staged.mode = 'replace'
                or not elt.core_has_columns(staged.source, array(select jsonb_object_keys(key)))
            );
        purged_sources := purged_sources || staged.source;
        for removed in execute format(
            'with gone as (
                delete from %s as staged
                where elt.has_key(%s, $1)
                returning staged._load_id
            )

            select gone._load_id as load_id, count(*) as row_count
            from gone
            group by gone._load_id
            order by gone._load_id',
            staged.relation, staged.document
        )
        using key
        loop
            update elt.load
            set rows_purged = load.rows_purged + removed.row_count
            where load.load_id = removed.load_id;
            insert into pg_temp.elt_purged_load (load_id)
            values (removed.load_id);
            what := format('%s, load %s', staged.relation, removed.load_id);
            rows_removed := removed.row_count;
            return next;
        end loop;
    end loop;

    if purged_sources = '{}' then
        raise exception 'no staged row has %', (
            select string_agg(format('"%s"', part.name), ' and ' order by part.name)
            from jsonb_object_keys(key) as part (name)
        )
            using
                errcode = 'invalid_parameter_value',
                hint = 'Name columns of the staging tables or keys of documents. To list the columns, use \d staging.*';
    end if;

    delete from elt.preview
    using elt.load
    where load.load_id = any(preview.load_ids) and load.source = any(purged_sources);

    -- Without the values, which are what is removed.
    perform elt.note_audit(
        'purge.key', array_to_string(purged_sources, ', '),
        jsonb_build_object('columns', (select jsonb_agg(part.name) from jsonb_object_keys(key) as part (name)))
    );

    for removed in
        with patterns as (
            select
                '(^|[^[:alnum:]])'
                || regexp_replace(
                    encode(convert_to(part.value, 'UTF8'), 'escape'), '([^[:alnum:]])', '\\\1', 'g'
                )
                || '([^[:alnum:]]|$)' as pattern
            from jsonb_each_text(key) as part (name, value)
        ),

        gone as (
            delete from elt.reject
            using elt.load
            where
                reject.load_id = load.load_id
                and load.source = any(purged_sources)
                and not exists (
                    select 1
                    from patterns
                    -- Bytes that are not text are written as numbers. Zero bytes come from UTF-16.
                    where replace(encode(reject.raw, 'escape'), '\000', '') !~ patterns.pattern
                )
            returning reject.load_id
        )

        select
            gone.load_id,
            count(*) as row_count
        from gone
        group by gone.load_id
        order by gone.load_id
    loop
        update elt.load
        set rejects_purged = load.rejects_purged + removed.row_count
        where load.load_id = removed.load_id;
        what := format('elt.reject, load %s', removed.load_id);
        rows_removed := removed.row_count;
        return next;
    end loop;

    what := 'elt.rule_result, samples';
    select coalesce(sum(jsonb_array_length(rule_result.sample)), 0)
    into rows_removed
    from elt.rule_result;
    update elt.rule_result
    set sample = array_to_json(
        array(
            select shown.violation
            from jsonb_array_elements(rule_result.sample) as shown (violation)
            where not elt.has_key(shown.violation, key)
        )
    )::jsonb
    where exists (
        select 1
        from jsonb_array_elements(rule_result.sample) as shown (violation)
        where elt.has_key(shown.violation, key)
    );
    select rows_removed - coalesce(sum(jsonb_array_length(rule_result.sample)), 0)
    into rows_removed
    from elt.rule_result;
    if rows_removed > 0 then
        return next;
    end if;

    -- Errors may quote a value, and so may the arguments and results of jobs.
    if exists (
        select 1
        from elt.job
        where job.state in ('queued', 'running') and elt.mentions(job.args::text, key)
    ) then
        raise exception 'the arguments of unfinished job % contain the key', (
            select min(job.job_id)
            from elt.job
            where job.state in ('queued', 'running') and elt.mentions(job.args::text, key)
        )
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Nothing was removed. Cancel the job first with elt jobs cancel.';
    end if;
    what := 'elt.load, errors';
    update elt.load
    set error = 'removed by elt purge'
    where elt.mentions(load.error, key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.load, headers';
    update elt.load
    set header = null, header_columns = null, new_columns = null
    where elt.mentions(concat(load.header_columns::text, load.new_columns::text), key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.load_file, headers';
    update elt.load_file
    set header = null, header_columns = null, new_columns = null
    where elt.mentions(concat(load_file.header_columns::text, load_file.new_columns::text), key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.job, errors';
    update elt.job
    set error = 'removed by elt purge'
    where elt.mentions(job.error, key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.job, arguments and results';
    update elt.job
    set
        args = case when elt.mentions(job.args::text, key) then '{}' else job.args end,
        result = case when not elt.mentions(job.result::text, key) then job.result end
    where elt.mentions(job.args::text, key) or elt.mentions(job.result::text, key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.job_attempt, errors';
    update elt.job_attempt
    set error = 'removed by elt purge'
    where elt.mentions(job_attempt.error, key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.change';
    delete from elt.change
    where
        elt.has_key(change.row_key || coalesce(change.old_values, '{}'), key)
        or elt.has_key(change.row_key || coalesce(change.new_values, '{}'), key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;

    publish_number := elt.open_publish('purge', purge_key.elt_version);
    perform elt.make_live(
        publish_number,
        array(
            select live_load.load_id
            from elt.live_load
            inner join elt.source on live_load.source = source.source
            where live_load.source = any(purged_sources) and source.mode = 'replace'
        )
    );
    for merged in
        select source.source
        from elt.source
        where source.source = any(purged_sources) and source.mode <> 'replace'
        order by source.source
    loop
        retained := elt.retained_from(
            merged.source, key, array(select elt_purged_load.load_id from pg_temp.elt_purged_load)
        );
        what := 'elt.earlier_row';
        select count(*)
        into rows_removed
        from elt.earlier_row
        where earlier_row.load_id = any(retained) and elt.has_key(earlier_row.earlier, key);
        if rows_removed > 0 then
            return next;
        end if;
        perform elt.take_back(publish_number, merged.source, retained, retained, key);
    end loop;
    perform elt.close_publish(publish_number, purged_sources);
    drop table pg_temp.elt_purged_load;
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
    what := 'published again';
    rows_removed := null;
    publish_id := publish_number;
    return next;
end
$$;

comment on function elt.purge_key(jsonb, text) is
    'Removes the rows with all values of a key from staging, core, rejects, samples of rules and the history of tables, for all loads, and publishes the live loads again without them. Clears errors, arguments and results of jobs that contain all values. Returns the number of rows removed from each place, 0 if rows were only changed. The last row has the number of the publish.';

revoke execute on function elt.purge_key(jsonb, text) from public;
