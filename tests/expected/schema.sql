--
-- PostgreSQL database dump
--

--
-- Name: core; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA core;

--
-- Name: SCHEMA core; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA core IS 'Typed tables that each publish updates from the live loads, and the core queries (incoming_...) that define their rows.';

--
-- Name: elt; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA elt;

--
-- Name: SCHEMA elt; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA elt IS 'Records of elt: sources, loads, rejected rows, versions of views. Start with: table elt.help;';

--
-- Name: quality; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA quality;

--
-- Name: SCHEMA quality; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA quality IS 'One view per rule; its rows are violations. elt check runs all rules.';

--
-- Name: staging; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA staging;

--
-- Name: SCHEMA staging; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA staging IS 'Rows as loaded from the sources, one partition per load, each value as text or as a JSON document. May contain personal data: not for readers.';

--
-- Name: account_name(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.account_name(account_id bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select account.name
    from elt.account
    where account.account_id = account_name.account_id
$$;

--
-- Name: FUNCTION account_name(account_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.account_name(account_id bigint) IS 'Returns the name of an account.';

--
-- Name: act_as(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.act_as(account_name text, address text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        set_config('elt.account', coalesce(act_as.account_name, ''), true),
        set_config('elt.address', coalesce(act_as.address, ''), true)
$$;

--
-- Name: FUNCTION act_as(account_name text, address text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.act_as(account_name text, address text) IS 'Sets the account and the address that elt.add_audit and elt.note_change record until the transaction ends.';

--
-- Name: act_on_jobs(text, bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.act_on_jobs(request text, job_ids bigint[]) RETURNS TABLE(job_id bigint, is_done boolean, message text)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
begin
    -- In one order, so that two sessions do not wait for each other.
    for number in select distinct listed.id from unnest(job_ids) as listed (id) order by listed.id loop
        job_id := number;
        is_done := true;
        begin
            if request = 'retry' then
                perform elt.retry_job(number);
                message := 'queued again';
            else
                message := case elt.cancel_job(number)
                    when 'running' then 'its worker was asked to cancel it'
                    else 'cancelled'
                end;
            end if;
        exception
            when no_data_found or object_not_in_prerequisite_state or lock_not_available or insufficient_privilege then
                is_done := false;
                message := sqlerrm;
        end;
        return next;
    end loop;
end
$$;

--
-- Name: FUNCTION act_on_jobs(request text, job_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.act_on_jobs(request text, job_ids bigint[]) IS 'Cancels (request cancel) or retries (request retry) each of the jobs, and returns what became of each.';

--
-- Name: add_account(text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.add_account(name text, role text, password_hash text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
begin
    insert into elt.account (name, role, password_hash, password_set_at)
    values (name, role, password_hash, case when password_hash is not null then now() end)
    returning account.account_id into number;
    perform elt.add_audit('account.add', name, jsonb_build_object('role', role));
    return number;
exception
    when unique_violation then
        raise exception 'account "%" already exists', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'Names are compared without regard to case. elt user passwd sets the password of an existing account.';
    when check_violation then
        raise exception '"%" is not a valid account name', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use at most 150 letters, digits and _ . @ + -, beginning with a letter or a digit.';
end
$$;

--
-- Name: FUNCTION add_account(name text, role text, password_hash text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.add_account(name text, role text, password_hash text) IS 'Creates an account and returns its number.';

--
-- Name: add_audit(text, text, jsonb, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.add_audit(action text, about text, detail jsonb DEFAULT '{}'::jsonb, address text DEFAULT NULL::text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into elt.audit (action, about, detail, account_name, address)
    values (
        add_audit.action,
        left(add_audit.about, 300),
        jsonb_strip_nulls(add_audit.detail),
        nullif(left(current_setting('elt.account', true), 150), ''),
        left(coalesce(add_audit.address, nullif(current_setting('elt.address', true), '')), 100)
    )
$$;

--
-- Name: FUNCTION add_audit(action text, about text, detail jsonb, address text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.add_audit(action text, about text, detail jsonb, address text) IS 'Adds an entry to the audit, in the transaction of the action. The account is the one of elt.act_as, if there is one.';

--
-- Name: add_publish_change(bigint, text, bigint, bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.add_publish_change(publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into elt.publish_change as change (
        publish_id, table_name, rows_inserted, rows_updated, rows_deleted, finished_at, seconds
    )
    select
        publish.publish_id,
        table_name,
        rows_inserted,
        rows_updated,
        rows_deleted,
        clock_timestamp(),
        extract(
            epoch from clock_timestamp() - coalesce(
                (
                    select max(before.finished_at)
                    from elt.publish_change as before
                    where before.publish_id = publish.publish_id
                ),
                publish.started_at
            )
        )
    from elt.publish
    where publish.publish_id = add_publish_change.publish_id
    on conflict on constraint publish_change_pkey do update
    set
        rows_inserted = change.rows_inserted + excluded.rows_inserted,
        rows_updated = change.rows_updated + excluded.rows_updated,
        rows_deleted = change.rows_deleted + excluded.rows_deleted,
        finished_at = excluded.finished_at,
        seconds = change.seconds + excluded.seconds
$$;

--
-- Name: FUNCTION add_publish_change(publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.add_publish_change(publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint) IS 'Records what a publish just did to a table, and how long that took. Adds to what the publish did to the table before.';

--
-- Name: add_token(bigint, text, bytea, boolean, interval, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.add_token(account_id bigint, name text, token_sha256 bytea, may_change boolean, holds interval, is_from_sign_in boolean DEFAULT false) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
    ends_at constant timestamptz := now() + holds;
begin
    insert into elt.api_token (account_id, name, token_sha256, may_change, expires_at, is_from_sign_in)
    values (account_id, name, token_sha256, may_change, ends_at, is_from_sign_in)
    returning api_token.token_id into number;
    perform elt.add_audit(
        'token.add', elt.account_name(account_id),
        jsonb_build_object('token', number, 'name', name, 'may_change', may_change, 'expires_at', ends_at)
    );
    return number;
end
$$;

--
-- Name: FUNCTION add_token(account_id bigint, name text, token_sha256 bytea, may_change boolean, holds interval, is_from_sign_in boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.add_token(account_id bigint, name text, token_sha256 bytea, may_change boolean, holds interval, is_from_sign_in boolean) IS 'Registers a token of an account and returns its number.';

--
-- Name: admin_add_account(bytea, text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_add_account(token_sha256 bytea, name text, role text, password_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
begin
    perform elt.require_admin(token_sha256);
    number := elt.add_account(name, role, password_hash);
    update elt.account set must_change_password = true
    where account.account_id = number;
end
$$;

--
-- Name: FUNCTION admin_add_account(token_sha256 bytea, name text, role text, password_hash text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_add_account(token_sha256 bytea, name text, role text, password_hash text) IS 'Creates an account with a one-time password, for the admin whose session it is.';

--
-- Name: admin_disable_account(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_disable_account(token_sha256 bytea, name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select elt.disable_account(elt.require_other(token_sha256, name))
$$;

--
-- Name: FUNCTION admin_disable_account(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_disable_account(token_sha256 bytea, name text) IS 'Disables another account (elt.disable_account), for the admin whose session it is.';

--
-- Name: admin_enable_account(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_enable_account(token_sha256 bytea, name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
begin
    update elt.account set disabled_at = null
    where account.account_id = other_id and account.disabled_at is not null;
    if found then
        perform elt.add_audit('account.enable', elt.account_name(other_id));
    end if;
end
$$;

--
-- Name: FUNCTION admin_enable_account(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_enable_account(token_sha256 bytea, name text) IS 'Enables another account with its old password, for the admin whose session it is. Its tokens stay revoked.';

--
-- Name: admin_reset_password(bytea, text, text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
begin
    perform elt.set_password(other_id, password_hash, revoke_tokens);
    update elt.account set must_change_password = true
    where account.account_id = other_id;
end
$$;

--
-- Name: FUNCTION admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean) IS 'Gives another account a one-time password (elt.set_password), for the admin whose session it is.';

--
-- Name: admin_set_role(bytea, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_set_role(token_sha256 bytea, name text, role text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
    old_role text;
begin
    select account.role into old_role
    from elt.account
    where account.account_id = other_id
    for no key update;
    if old_role = admin_set_role.role then
        return false;
    end if;
    update elt.account set role = admin_set_role.role
    where account.account_id = other_id;
    update elt.api_token set revoked_at = now()
    where api_token.account_id = other_id and api_token.may_change and api_token.revoked_at is null;
    perform elt.close_sessions(other_id);
    perform elt.add_audit(
        'account.set_role', elt.account_name(other_id),
        jsonb_build_object('from', old_role, 'to', admin_set_role.role)
    );
    return true;
exception
    when check_violation then
        raise exception 'there is no role "%"', admin_set_role.role
            using errcode = 'invalid_parameter_value', hint = 'Roles are viewer, operator and admin.';
end
$$;

--
-- Name: FUNCTION admin_set_role(token_sha256 bytea, name text, role text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_set_role(token_sha256 bytea, name text, role text) IS 'Gives another account a role, ends its sessions and revokes its tokens that may change data, for the admin whose session it is. Returns false if it has the role already.';

--
-- Name: admin_unlock_account(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.admin_unlock_account(token_sha256 bytea, name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    other_name text;
    failure_count bigint;
begin
    perform elt.require_admin(token_sha256);
    other_name := elt.account_name(elt.require_account(name));
    delete from elt.sign_in
    where lower(sign_in.name) = lower(other_name) and not sign_in.is_success;
    get diagnostics failure_count = row_count;
    perform elt.add_audit('account.unlock', other_name, jsonb_build_object('failures', failure_count));
end
$$;

--
-- Name: FUNCTION admin_unlock_account(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.admin_unlock_account(token_sha256 bytea, name text) IS 'Clears the sign-in lockout of an account, for the admin whose session it is.';

--
-- Name: after_restore(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.after_restore() RETURNS TABLE(what text, how_many bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    reason constant text := 'the database was restored from a backup';
    running record;
    cancelled bigint := 0;
begin
    if exists (select 1 from elt.worker_status where worker_status.is_alive) then
        raise exception 'a worker is running on this database'
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Its jobs must not be cancelled.',
                hint = 'See elt.worker_status. If this is a restored copy, stop its workers first.';
    end if;
    for running in
        select job.job_id, job.claim_count
        from elt.job
        where job.state = 'running'
        order by job.job_id
        for update
    loop
        perform elt.end_attempt(running.job_id, running.claim_count, 'lost', reason, null);
        update elt.job
        set
            state = 'cancelled',
            error = reason,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = running.job_id;
        cancelled := cancelled + 1;
    end loop;
    what := 'running jobs: cancelled';
    how_many := cancelled;
    return next;

    update elt.job
    set state = 'cancelled', error = reason, finished_at = clock_timestamp()
    where job.state = 'queued';
    get diagnostics how_many = row_count;
    what := 'queued jobs: cancelled';
    return next;

    update elt.worker
    set stopped_at = now()
    where worker.stopped_at is null;
    get diagnostics how_many = row_count;
    what := 'workers: ended';
    return next;

    update elt.schedule
    set next_run_at = elt.next_run(schedule.cron, schedule.time_zone, now())
    where schedule.is_enabled;
    get diagnostics how_many = row_count;
    what := 'schedules: next time computed from now';
    return next;

    delete from elt.session;
    get diagnostics how_many = row_count;
    what := 'browser sessions: ended';
    return next;
end
$$;

--
-- Name: FUNCTION after_restore(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.after_restore() IS 'Prepares the queue of a restored backup: cancels queued and running jobs (elt jobs retry queues one again), computes the next times of schedules from now, and ends browser sessions. Returns what it did.';

--
-- Name: amount_value(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.amount_value(value text, unit text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case
        when
            unit <> '%'
            and octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::numeric
        when strpos(value, E'\u0001') = 0
            then elt.marked_amount_value(
                replace(btrim(value, E' \t\n\r\f\x0B'), unit, E'\u0001'), unit = '%'
            )
    end
$$;

--
-- Name: FUNCTION amount_value(value text, unit text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.amount_value(value text, unit text) IS 'Reads an amount with a decimal point, such as $1,234.50. Commas, spaces or apostrophes may group thousands, and parentheses make the number negative. The unit, such as $ or EUR, may appear once, before or after the number; % is required after the number; an empty text allows no unit. Null for anything else, including another unit.';

--
-- Name: analyze_change(text, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.analyze_change(table_name text, rows_changed bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    changed regclass;
begin
    select filled_table.filled
    into changed
    from elt.filled_table
    inner join pg_catalog.pg_class on filled_table.filled = pg_class.oid
    cross join elt.row_estimate(filled_table.filled) as row_estimate
    where
        filled_table.table_name = analyze_change.table_name
        and (
            -- A tenth of the rows, the same threshold as autovacuum's.
            rows_changed >= greatest(row_estimate / 10, 1)
            -- Small changes of a partitioned table, which autovacuum has noticed in the partitions.
            or (pg_class.relkind = 'p' and abs(row_estimate - pg_class.reltuples) > greatest(row_estimate / 10, 1))
        );
    if changed is null then
        return false;
    end if;
    execute format('analyze %s', changed);
    return true;
end
$$;

--
-- Name: FUNCTION analyze_change(table_name text, rows_changed bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.analyze_change(table_name text, rows_changed bigint) IS 'Collects statistics of a core table if a publish changed a large share of its rows. Returns whether it did.';

--
-- Name: analyze_staging(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.analyze_staging(rows_table regclass) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform set_config('default_statistics_target', '10', true);
    execute format(
        'analyze %s %s',
        rows_table,
        case
            when exists (
                select 1
                from pg_catalog.pg_attribute
                where attrelid = rows_table and attname = 'payload' and not attisdropped
            )
                then '(_row)'
        end
    );
end
$$;

--
-- Name: FUNCTION analyze_staging(rows_table regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.analyze_staging(rows_table regclass) IS 'Collects the statistics of a table of staged rows that the queries of a publish need.';

--
-- Name: append_rows(regclass, regclass, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.append_rows(target regclass, core_query regclass, load_id bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
declare
    parts record := elt.core_columns(target, core_query);
    after_row bigint;
    rows_inserted bigint;
begin
    select load.replay_after_row
    into after_row
    from elt.load
    where load.load_id = append_rows.load_id;
    execute format(
        'create temporary table elt_incoming on commit drop as select %s from %s%s',
        parts.column_list,
        core_query,
        case when after_row is not null then format(' where _row > %s', after_row) else '' end
    );
    perform elt.require_origin('pg_temp.elt_incoming', core_query, load_id);
    execute format(
        'insert into %s (%2$s) select %2$s from pg_temp.elt_incoming', target, parts.column_list
    );
    get diagnostics rows_inserted = row_count;
    drop table pg_temp.elt_incoming;
    return rows_inserted;
end
$_$;

--
-- Name: FUNCTION append_rows(target regclass, core_query regclass, load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.append_rows(target regclass, core_query regclass, load_id bigint) IS 'Inserts the rows of a load into a table without a primary key and returns their number.';

--
-- Name: apply_changes(regclass, regclass, boolean, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.apply_changes(target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    columns record := elt.core_columns(target, changes);
begin
    if has_gone_rows then
        execute format(
            'delete from %s as have using %s as incoming where incoming.elt_is_gone and %s',
            target, changes, columns.key_matches
        );
    end if;
    if has_changed_rows then
        execute format(
            'insert into %1$s (%2$s)
            select %2$s
            from %3$s
            where not elt_is_gone
            on conflict (%4$s) do %5$s',
            target,
            columns.column_list,
            changes,
            columns.key_list,
            coalesce('update set ' || columns.updates, 'nothing')
        );
    end if;
end
$_$;

--
-- Name: FUNCTION apply_changes(target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.apply_changes(target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean) IS 'Deletes from a core table, inserts and updates the rows that the table of changes (elt.changes_query) names.';

--
-- Name: begin_sign_in(text, text, bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.begin_sign_in(name text, network text, device_sha256 bytea DEFAULT NULL::bytea) RETURNS TABLE(sign_in_id bigint, wait_seconds bigint, password_salt text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    given constant text := left(begin_sign_in.name, 150);
    known_device bigint;
    frees_at timestamptz;
begin
    -- Attempts for the same name run one after another.
    perform pg_advisory_xact_lock(6646904, hashtext(lower(given)));
    select device.device_id into known_device
    from elt.device
    inner join elt.account on device.account_id = account.account_id
    where
        device.token_sha256 = begin_sign_in.device_sha256
        and device.created_at > now() - interval '180 days'
        and lower(account.name) = lower(given)
        and (
            select count(*) < 5
            from elt.sign_in
            where
                sign_in.device_id = device.device_id
                and not sign_in.is_success
                and sign_in.attempted_at > now() - interval '15 minutes'
        );
    if known_device is null then
        frees_at := elt.sign_in_frees_at(given, begin_sign_in.network);
    end if;
    if frees_at > now() then
        wait_seconds := ceil(extract(epoch from frees_at - now()));
        return next;
        return;
    end if;
    wait_seconds := 0;
    insert into elt.sign_in (name, address, device_id, is_success)
    values (given, begin_sign_in.network, known_device, false)
    returning sign_in.sign_in_id into begin_sign_in.sign_in_id;
    -- Everything except the hash itself.
    select regexp_replace(account.password_hash, '\$[^$]*$', '') into password_salt
    from elt.account
    where lower(account.name) = lower(given) and account.disabled_at is null;
    password_salt := coalesce(password_salt, '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA');
    return next;
end
$_$;

--
-- Name: FUNCTION begin_sign_in(name text, network text, device_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.begin_sign_in(name text, network text, device_sha256 bytea) IS 'Starts an attempt to sign in. Returns the seconds to wait, or 0 and the parameters for hashing the password, for elt.open_session and others. For a browser that has signed in to the account before, only its own failures count.';

--
-- Name: bigint_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.bigint_value(value text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when octet_length(value) between 1 and 18 and translate(value, '0123456789', '') = ''
            then value::bigint
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+$'
            then null
        when octet_length(ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')) <= 18
            then btrim(value, E' \t\n\r\f\x0B')::bigint
        when octet_length(ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')) > 19
            then null
        when
            ltrim(btrim(value, E' \t\n\r\f\x0B'), '+-0')::numeric
            <= case left(btrim(value, E' \t\n\r\f\x0B'), 1)
                when '-' then 9223372036854775808
                else 9223372036854775807
            end
            then btrim(value, E' \t\n\r\f\x0B')::bigint
    end
$_$;

--
-- Name: FUNCTION bigint_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.bigint_value(value text) IS 'Reads an integer: digits with an optional sign. White space around it is allowed. Null for anything else, and if the number does not fit into 64 bits.';

--
-- Name: boolean_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.boolean_value(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case lower(btrim(value, E' \t\n\r\f\x0B'))
        when 'true' then true
        when 'yes' then true
        when 'y' then true
        when 'false' then false
        when 'no' then false
        when 'n' then false
    end
$$;

--
-- Name: FUNCTION boolean_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.boolean_value(value text) IS 'Reads a truth value: true, yes or y, and false, no or n, in any case. White space around it is allowed. Null for anything else.';

--
-- Name: bring_core(regclass, regclass, text, bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.bring_core(target regclass, core_query regclass, mode text, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    is_empty boolean;
    has_key boolean := exists (
        select 1
        from pg_catalog.pg_index
        where pg_index.indrelid = target and pg_index.indisprimary
    );
begin
    rows_updated := 0;
    rows_deleted := 0;
    perform elt.create_partitions(target, 2);
    execute format('select not exists (select 1 from %s limit 1)', target) into is_empty;
    case
        when mode = 'append' and not has_key then
            rows_inserted := elt.append_rows(target, core_query, load_id);
        when is_empty then
            rows_inserted := elt.fill_rows(target, core_query);
            if mode <> 'replace' then
                perform elt.require_origin(target, core_query, load_id);
            end if;
        when mode = 'replace' then
            select replaced.*
            into rows_inserted, rows_updated, rows_deleted
            from elt.replace_rows(target, core_query, false) as replaced;
        else
            select merged.*
            into rows_inserted, rows_updated
            from elt.merge_rows(target, core_query, load_id, table_name) as merged;
    end case;
end
$$;

--
-- Name: FUNCTION bring_core(target regclass, core_query regclass, mode text, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.bring_core(target regclass, core_query regclass, mode text, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) IS 'Updates a core table from its core query according to the mode of the source: replace makes the table equal to the query, merge and append add the rows of the load. Returns the number of rows inserted, updated and deleted. table_name is the name under which changed rows are kept.';

--
-- Name: cancel_job(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.cancel_job(job_id bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    state_before text;
begin
    select job.state into state_before
    from elt.job
    where job.job_id = cancel_job.job_id
    for update;
    if state_before is null then
        raise exception 'there is no job %', job_id
            using errcode = 'no_data_found', hint = 'Jobs are listed in elt.job_status.';
    end if;
    case state_before
        when 'queued' then
            update elt.job
            set state = 'cancelled', finished_at = clock_timestamp()
            where job.job_id = cancel_job.job_id;
            return 'cancelled';
        when 'running' then
            update elt.job
            set cancel_requested_at = coalesce(job.cancel_requested_at, now())
            where job.job_id = cancel_job.job_id;
            perform pg_notify('elt_job_cancel', job_id::text);
            return 'running';
        else
            raise exception 'job % is already %', job_id, state_before
                using errcode = 'object_not_in_prerequisite_state';
    end case;
end
$$;

--
-- Name: FUNCTION cancel_job(job_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.cancel_job(job_id bigint) IS 'Cancels a job. A queued job is cancelled at once. The worker of a running job is told to end it. Returns the state of the job.';

--
-- Name: change_password(bytea, bigint, text, text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.use_sign_in(change_password.sign_in_id, change_password.old_hash);
begin
    if owner_id is null or owner_id is distinct from coalesce(
        (
            select session_account.account_id
            from elt.session_account(change_password.token_sha256) as session_account
        ),
        (
            select account.account_id
            from elt.session_owes_password(change_password.token_sha256) as owing
            inner join elt.account on owing.name = account.name
        )
    ) then
        return false;
    end if;
    perform elt.set_password(owner_id, change_password.new_hash, change_password.revoke_tokens);
    return true;
end
$$;

--
-- Name: FUNCTION change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean) IS 'Sets the password of the account that the session belongs to. Returns false if old_hash is not the hash of its password or the attempt (elt.begin_sign_in) is for another account. See elt.set_password.';

--
-- Name: changes_query(regclass, regclass, boolean, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.changes_query(target regclass, core_query regclass, with_origin boolean, incoming_where text, have text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    columns record := elt.core_columns(target, core_query);
begin
    return format(
        'select
            %1$s,
            have.%2$s is null as elt_is_new,
            incoming.elt_is_incoming is null as elt_is_gone
        from (select %3$s, true as elt_is_incoming from %4$s as incoming where %5$s) as incoming
        full join (%6$s) as have on %7$s
        where have.%2$s is null or incoming.elt_is_incoming is null or %8$s',
        columns.either,
        elt.first_key_column(target),
        columns.column_list,
        core_query,
        incoming_where,
        have,
        columns.key_matches,
        case
            when with_origin and columns.have_all is not null
                then format('row(%s) is distinct from row(%s)', columns.have_all, columns.incoming_all)
            when columns.have_data is not null
                then format('row(%s) is distinct from row(%s)', columns.have_data, columns.incoming_data)
            else 'false'
        end
    );
end
$_$;

--
-- Name: FUNCTION changes_query(target regclass, core_query regclass, with_origin boolean, incoming_where text, have text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.changes_query(target regclass, core_query regclass, with_origin boolean, incoming_where text, have text) IS 'Returns a query for the rows in which a core table (have, a query) and its core query differ, by primary key. elt_is_new and elt_is_gone tell that only one side has the row. If with_origin is true, a row that only came from another place counts as different.';

--
-- Name: chart; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.chart (
    chart text NOT NULL,
    place bigint DEFAULT 0 NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    relation text NOT NULL,
    label_column text NOT NULL,
    value_column text NOT NULL,
    part_column text,
    rate_column text,
    unit text NOT NULL,
    part_name text,
    rows_relation text,
    rows_column text,
    CONSTRAINT chart_is_a_name CHECK ((chart ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT chart_kind_known CHECK ((kind = ANY (ARRAY['columns'::text, 'bars'::text, 'line'::text, 'points'::text]))),
    CONSTRAINT chart_label_column_at_most_63_characters CHECK ((char_length(label_column) <= 63)),
    CONSTRAINT chart_part_column_at_most_63_characters CHECK ((char_length(part_column) <= 63)),
    CONSTRAINT chart_part_has_a_name CHECK (((part_column IS NULL) = (part_name IS NULL))),
    CONSTRAINT chart_part_name_at_most_100_characters CHECK ((char_length(part_name) <= 100)),
    CONSTRAINT chart_rate_column_at_most_63_characters CHECK ((char_length(rate_column) <= 63)),
    CONSTRAINT chart_relation_at_most_127_characters CHECK ((char_length(relation) <= 127)),
    CONSTRAINT chart_relation_has_a_schema CHECK ((relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT chart_rows_column_at_most_63_characters CHECK ((char_length(rows_column) <= 63)),
    CONSTRAINT chart_rows_have_a_column CHECK (((rows_relation IS NULL) = (rows_column IS NULL))),
    CONSTRAINT chart_rows_relation_at_most_127_characters CHECK ((char_length(rows_relation) <= 127)),
    CONSTRAINT chart_rows_relation_has_a_schema CHECK ((rows_relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT chart_shows_no_rejects CHECK ((relation <> 'elt.reject'::text)),
    CONSTRAINT chart_title_at_most_200_characters CHECK ((char_length(title) <= 200)),
    CONSTRAINT chart_title_not_blank CHECK ((title ~ '\S'::text)),
    CONSTRAINT chart_unit_at_most_100_characters CHECK ((char_length(unit) <= 100)),
    CONSTRAINT chart_unit_not_blank CHECK ((unit ~ '\S'::text)),
    CONSTRAINT chart_value_column_at_most_63_characters CHECK ((char_length(value_column) <= 63))
);

--
-- Name: TABLE chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.chart IS 'Charts on the first page of the web application. Each one draws a small view, one mark per row, in the order of the view.';

--
-- Name: COLUMN chart.chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.chart IS 'Name of the chart.';

--
-- Name: COLUMN chart.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.place IS 'Position among the charts, lower numbers first.';

--
-- Name: COLUMN chart.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.kind IS 'columns: vertical bars, for dates. bars: horizontal bars, for names. line or points: for many dates or numbers.';

--
-- Name: COLUMN chart.title; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.title IS 'Heading.';

--
-- Name: COLUMN chart.relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.relation IS 'Schema and name of the view. Its comment is shown with the chart.';

--
-- Name: COLUMN chart.label_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.label_column IS 'Column that labels a row: a text, a number, or a date. Dates that all begin a month are shown as months.';

--
-- Name: COLUMN chart.value_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.value_column IS 'Column with the number that is drawn.';

--
-- Name: COLUMN chart.part_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.part_column IS 'Column with a part of that number, for example without repeats. It is drawn inside the bar and written first. Null if there is none.';

--
-- Name: COLUMN chart.rate_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.rate_column IS 'Column with a share from 0 to 1, written above the mark. Null if there is none.';

--
-- Name: COLUMN chart.unit; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.unit IS 'Unit of the numbers.';

--
-- Name: COLUMN chart.part_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.part_name IS 'Name of the part.';

--
-- Name: COLUMN chart.rows_relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.rows_relation IS 'Schema and name of the table or view with the rows that a bar is made of. Null if a bar leads to its own row of the view.';

--
-- Name: COLUMN chart.rows_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart.rows_column IS 'Column of these rows that has the label of the bar, or a date in its period. Null without rows_relation.';

--
-- Name: CONSTRAINT chart_is_a_name ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_is_a_name ON elt.chart IS 'A name has at most 63 small letters, digits and underscores, and begins with a letter.';

--
-- Name: CONSTRAINT chart_kind_known ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_kind_known ON elt.chart IS 'A chart has columns, bars, a line or points.';

--
-- Name: CONSTRAINT chart_part_has_a_name ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_part_has_a_name ON elt.chart IS 'Give the part a name, or leave its column empty.';

--
-- Name: CONSTRAINT chart_relation_has_a_schema ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_relation_has_a_schema ON elt.chart IS 'Write the schema and the name of the view: public.sales_by_month.';

--
-- Name: CONSTRAINT chart_rows_have_a_column ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_rows_have_a_column ON elt.chart IS 'Fill in both, the table of the rows and its column, or none.';

--
-- Name: CONSTRAINT chart_rows_relation_has_a_schema ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_rows_relation_has_a_schema ON elt.chart IS 'Write the schema and the name of the table or view: public.sales.';

--
-- Name: CONSTRAINT chart_shows_no_rejects ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_shows_no_rejects ON elt.chart IS 'Rejected records cannot be drawn, because every account sees the charts.';

--
-- Name: CONSTRAINT chart_title_not_blank ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_title_not_blank ON elt.chart IS 'A chart has a title.';

--
-- Name: CONSTRAINT chart_unit_not_blank ON chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT chart_unit_not_blank ON elt.chart IS 'Say what the numbers count.';

--
-- Name: chart_problems(elt.chart); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.chart_problems(checked elt.chart) RETURNS TABLE(place bigint, column_name text, problem text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with given (place, column_name, relation, drawn_column, is_number) as (
        values
        (1, 'label_column', checked.relation, checked.label_column, false),
        (2, 'value_column', checked.relation, checked.value_column, true),
        (3, 'part_column', checked.relation, checked.part_column, true),
        (4, 'rate_column', checked.relation, checked.rate_column, true),
        (5, 'rows_column', checked.rows_relation, checked.rows_column, false)
    ),

    known as (
        select
            given.place,
            given.column_name,
            given.relation,
            given.drawn_column,
            given.is_number,
            relation.relation_id,
            relation_column.category,
            relation_column.type_name
        from given
        left join elt.relation
            on
                split_part(given.relation, '.', 1) = relation.schema_name
                and split_part(given.relation, '.', 2) = relation.relation_name
        left join elt.relation_column
            on relation.relation_id = relation_column.relation_id and given.drawn_column = relation_column.column_name
        where given.drawn_column is not null
    )

    select
        0::bigint as place,
        case when known.column_name = 'rows_column' then 'rows_relation' else 'relation' end as column_name,
        format(
            'There is no table or view %s, or the web application must not read it. Correct the name, or create the view with elt migrate.',
            known.relation
        ) as problem
    from known
    where known.relation_id is null and known.column_name in ('label_column', 'rows_column')
    union all
    select
        known.place::bigint,
        known.column_name,
        case
            when known.category is not null
                then format(
                    'Column %s of %s has type %s. Name a column with numbers.',
                    known.drawn_column, known.relation, known.type_name
                )
            else format(
                'There is no column %s in %s. It has %s.',
                known.drawn_column,
                known.relation,
                (
                    select string_agg(relation_column.column_name, ', ' order by relation_column.place)
                    from elt.relation_column
                    where relation_column.relation_id = known.relation_id
                )
            )
        end as problem
    from known
    where
        known.relation_id is not null
        and (known.category is null or (known.is_number and known.category <> 'number'))
$$;

--
-- Name: FUNCTION chart_problems(checked elt.chart); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.chart_problems(checked elt.chart) IS 'Why a chart cannot be drawn: the column of elt.chart that is wrong, and a sentence. No row if its view and columns exist.';

--
-- Name: check_chart(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.check_chart() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    found record;
begin
    -- A migration may name a view that elt migrate creates after it. Then the page says what is missing.
    if coalesce(current_setting('elt.account', true), '') = '' then
        return new;
    end if;
    for found in
        select chart_problems.column_name, chart_problems.problem
        from elt.chart_problems(new)
        order by chart_problems.place
        limit 1
    loop
        raise exception using
            errcode = 'check_violation',
            message = found.problem,
            schema = 'elt',
            table = 'chart',
            column = found.column_name;
    end loop;
    return new;
end
$$;

--
-- Name: FUNCTION check_chart(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.check_chart() IS 'Refuses charts of users that cannot be drawn (elt.chart_problems), with the column that is wrong.';

--
-- Name: check_earlier_loads(bigint, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.check_earlier_loads(publish_id bigint, standing text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
declare
    published record;
    checked record;
    load_number bigint;
    batch_number bigint;
    checked_batch bigint;
    is_known boolean;
    violated bigint[];
    violations bigint;
    shown jsonb;
    began timestamptz;
begin
    for published in
        select
            live_load.load_id as latest,
            array_agg(load.load_id order by load.load_id) as load_ids
        from elt.load
        inner join elt.live_load on load.source = live_load.source and load.load_id <> live_load.load_id
        where
            load.publish_id = check_earlier_loads.publish_id
            and load.live_publish_id = check_earlier_loads.publish_id
        group by load.source, live_load.load_id
        order by load.source
    loop
        create temporary table elt_violated (load_id bigint) on commit drop;
        perform elt.override_live(published.load_ids || published.latest);
        for checked in
            with recursive reads as (
                select
                    current_view.name,
                    current_view.header ->> 'holds if' as holds_if,
                    to_regclass(current_view.name)::oid as oid
                from elt.current_view
                where
                    current_view.layer = 'quality'
                    and split_part(current_view.name, '.', 2) <> all(standing)
                union
                select
                    reads.name,
                    reads.holds_if,
                    object_use.used_id as oid
                from reads
                inner join elt.object_use
                    on
                        reads.oid = object_use.object_id
                        and object_use.class_id = 'pg_catalog.pg_class'::regclass
                        and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
            )

            select
                reads.name,
                reads.holds_if,
                split_part(reads.name, '.', 2) as rule
            from reads
            inner join pg_catalog.pg_attribute
                on pg_attribute.attrelid = reads.name::regclass and pg_attribute.attname = '_load_id'
            where reads.oid = 'elt.live_load'::regclass
            order by reads.name
        loop
            began := clock_timestamp();
            perform set_config('elt.merged_load_id', published.latest::text, true);
            execute format('select array_agg(_load_id) from %s where _load_id = any($1)', checked.name)
            into violated
            using published.load_ids;
            continue when violated is not null;
            -- An insert runs in one process: starting others takes longer than a few rows. Without LIMIT or EXISTS,
            -- for which the planner would choose a plan that finds a first row early, and takes long if there is none.
            execute format(
                'prepare elt_check as
                insert into pg_temp.elt_violated (load_id)
                select _load_id
                from %s
                where _load_id = current_setting(''elt.merged_load_id'')::bigint
                group by _load_id',
                checked.name
            );
            checked_batch := null;
            for load_number, batch_number in
                select
                    load.load_id,
                    coalesce(load.batch_load_id, load.load_id)
                from elt.load
                where load.load_id = any(published.load_ids)
                order by load.load_id
            loop
                perform set_config('elt.merged_load_id', load_number::text, true);
                -- Loads that were staged together share their facts.
                if batch_number is distinct from checked_batch then
                    is_known := elt.condition_holds(checked.holds_if);
                    checked_batch := batch_number;
                end if;
                if not is_known then
                    execute 'execute elt_check';
                end if;
            end loop;
            execute 'deallocate elt_check';
            select coalesce(array_agg(elt_violated.load_id order by elt_violated.load_id), '{}')
            into violated
            from pg_temp.elt_violated;
            truncate pg_temp.elt_violated;
            foreach load_number in array violated loop
                perform set_config('elt.merged_load_id', load_number::text, true);
                -- The rule may show rows of other sources too, which were counted before.
                execute format(
                    'select
                        count(*),
                        jsonb_agg(numbered.violation) filter (where numbered.violation is not null)
                    from (
                        select case when row_number() over () <= 5 then to_jsonb(found) end as violation
                        from (select * from %s offset 0) as found
                        where found._load_id = $1
                    ) as numbered',
                    checked.name
                )
                into violations, shown
                using load_number;
                update elt.rule_result
                set
                    violation_count = rule_result.violation_count + violations,
                    sample = jsonb_path_query_array(
                        rule_result.sample || (
                            select jsonb_agg(elt.with_origin(listed.violation) order by listed.place)
                            from jsonb_array_elements(shown) with ordinality as listed (violation, place)
                        ),
                        '$[0 to 4]'
                    )
                where
                    rule_result.publish_id = check_earlier_loads.publish_id
                    and rule_result.rule = checked.rule;
            end loop;
            update elt.rule_result
            set seconds = rule_result.seconds + extract(epoch from clock_timestamp() - began)
            where
                rule_result.publish_id = check_earlier_loads.publish_id
                and rule_result.rule = checked.rule;
        end loop;
        perform set_config('elt.merged_load_id', '', true);
        delete from elt.live_override
        where live_override.load_id = any(published.load_ids || published.latest);
        drop table pg_temp.elt_violated;
    end loop;
end
$_$;

--
-- Name: FUNCTION check_earlier_loads(publish_id bigint, standing text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.check_earlier_loads(publish_id bigint, standing text[]) IS 'Runs rules on each load of a publish that is not the latest of its source, and adds the violations to the results of the publish. Rules without a column _load_id, and those whose results are still valid, are not run.';

--
-- Name: check_job_state(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.check_job_state() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if (old.state, new.state) not in (
        ('queued', 'running'), ('queued', 'cancelled'),
        ('running', 'queued'), ('running', 'succeeded'), ('running', 'dead'), ('running', 'cancelled'),
        ('dead', 'queued'), ('cancelled', 'queued')
    ) then
        raise exception 'job % cannot become % from %', old.job_id, new.state, old.state
            using errcode = 'check_violation', constraint = 'job_state_changes_in_order';
    end if;
    return new;
end
$$;

--
-- Name: FUNCTION check_job_state(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.check_job_state() IS 'Trigger of elt.job: refuses a state that cannot follow the earlier one.';

--
-- Name: check_rule(regclass, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.check_rule(rule regclass, holds_if text, OUT violation_count bigint, OUT sample jsonb, OUT seconds double precision) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET parallel_tuple_cost TO '0'
    AS $$
declare
    began timestamptz := clock_timestamp();
begin
    if elt.condition_holds(holds_if) then
        violation_count := 0;
        sample := '[]';
    else
        execute format(
            'select
                count(*),
                jsonb_agg(numbered.violation) filter (where numbered.violation is not null)
            from (
                select case when row_number() over () <= 5 then to_jsonb(found) end as violation
                from (select * from %s offset 0) as found
            ) as numbered',
            rule
        )
        into violation_count, sample;
        sample := (
            select coalesce(jsonb_agg(elt.with_origin(listed.violation) order by listed.place), '[]')
            from jsonb_array_elements(sample) with ordinality as listed (violation, place)
        );
    end if;
    seconds := extract(epoch from clock_timestamp() - began);
end
$$;

--
-- Name: FUNCTION check_rule(rule regclass, holds_if text, OUT violation_count bigint, OUT sample jsonb, OUT seconds double precision); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.check_rule(rule regclass, holds_if text, OUT violation_count bigint, OUT sample jsonb, OUT seconds double precision) IS 'Runs a rule on the data that the transaction sees, or skips it if the condition of its header is known to be true. Returns the number of violations, the first five of them with their origin, and the seconds it took.';

--
-- Name: claim_jobs(bigint, text[], bigint, interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.claim_jobs(worker_id bigint, queues text[], at_most bigint, lease interval DEFAULT '00:01:00'::interval) RETURNS TABLE(job_id bigint, claim_number bigint, kind text, function_name text, args text, time_limit_ms bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
declare
    chosen record;
begin
    for chosen in
        select
            job.job_id,
            job_kind.function_name,
            greatest(job.run_at, job.created_at) as due_at
        from elt.job
        inner join elt.job_kind on job.kind = job_kind.kind
        where
            job.state = 'queued'
            and job.run_at <= now()
            and job.queue = any(queues)
        order by job.priority desc, job.run_at asc, job.job_id asc
        limit at_most
        for update of job skip locked
    loop
        update elt.job
        set
            state = 'running',
            attempt_count = job.attempt_count + 1,
            claim_count = job.claim_count + 1,
            worker_id = claim_jobs.worker_id,
            lease_until = now() + lease,
            started_at = now(),
            progress = null,
            error = null
        where job.job_id = chosen.job_id
        returning
            job.job_id,
            job.claim_count,
            job.kind,
            chosen.function_name,
            -- As text, because the program parses them, and cannot represent everything that jsonb can.
            case when chosen.function_name is null then job.args::text end,
            (extract(epoch from job.time_limit) * 1000)::bigint
        into
            claim_jobs.job_id,
            claim_jobs.claim_number,
            claim_jobs.kind,
            claim_jobs.function_name,
            claim_jobs.args,
            claim_jobs.time_limit_ms;
        insert into elt.job_attempt (job_id, claim_number, worker_id, due_at)
        values (claim_jobs.job_id, claim_jobs.claim_number, claim_jobs.worker_id, chosen.due_at);
        return next;
    end loop;
end
$$;

--
-- Name: FUNCTION claim_jobs(worker_id bigint, queues text[], at_most bigint, lease interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.claim_jobs(worker_id bigint, queues text[], at_most bigint, lease interval) IS 'Gives a worker the next jobs of its queues, by priority and then by age. The worker holds them until the lease ends.';

--
-- Name: close_batch(bigint, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.close_batch(batch_load_id bigint, files jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update elt.load
    set
        state = case when file.error is null then 'staged' else 'failed' end,
        staged_at = case when file.error is null then now() end,
        finished_at = case when file.error is not null then now() end,
        error = file.error,
        rows_read = file.rows_read,
        rows_staged = file.rows_staged,
        rows_rejected = case
            when file.error is null
                then (
                    select count(*)
                    from elt.reject
                    where reject.load_id = file.load_id
                )
        end,
        size_bytes = file.size_bytes,
        sha256 = file.sha256,
        header = file.header,
        header_columns = file.header_columns,
        compression = file.compression,
        encoding = file.encoding,
        has_byte_order_mark = file.has_byte_order_mark,
        line_ends = file.line_ends,
        lines_skipped = file.lines_skipped,
        member = file.member,
        is_also_utf8 = file.is_also_utf8
    from jsonb_to_recordset(files) as file (
        load_id bigint,
        error text,
        rows_read bigint,
        rows_staged bigint,
        size_bytes bigint,
        sha256 text,
        header bytea,
        header_columns text[],
        compression text,
        encoding text,
        has_byte_order_mark boolean,
        line_ends text,
        lines_skipped bigint,
        member text,
        is_also_utf8 boolean
    )
    where
        load.load_id = file.load_id
        and load.batch_load_id = close_batch.batch_load_id
        and load.state = 'copying';

    -- A file with much text is loaded alone. If it was the first, its record stays, because the batch has its number.
    delete from elt.reject
    using elt.load
    where
        reject.load_id = load.load_id
        and load.batch_load_id = close_batch.batch_load_id
        and load.state = 'copying';
    update elt.load
    set
        state = 'failed',
        finished_at = now(),
        error = 'the file has much text: another load read it'
    where load.load_id = close_batch.batch_load_id and load.state = 'copying';
    delete from elt.load
    where
        load.batch_load_id = close_batch.batch_load_id
        and load.load_id <> close_batch.batch_load_id
        and load.state = 'copying';
end
$$;

--
-- Name: FUNCTION close_batch(batch_load_id bigint, files jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.close_batch(batch_load_id bigint, files jsonb) IS 'Records what was read of each file of a batch, or why it could not be read: a list of objects with the columns of elt.load. Deletes the records of files that were not read.';

--
-- Name: close_part(bigint, bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.close_part(load_id bigint, part bigint, part_bits bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    partition text;
    leaf text;
begin
    select load.source || '_load_' || load.load_id
    into strict partition
    from elt.load
    where load.load_id = close_part.load_id;

    leaf := format('%s_part_%s', partition, part);
    if to_regclass(format('staging.%I', leaf)) is not null then
        execute format(
            'comment on table staging.%I is %L', leaf, 'Rows of load ' || load_id || ' (elt.load), in part.'
        );
        perform elt.analyze_staging(format('staging.%I', leaf)::regclass);
        if not exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhrelid = format('staging.%I', leaf)::regclass
        ) then
            execute format(
                'alter table staging.%I attach partition staging.%I for values in (%s)',
                partition, leaf, part_bits
            );
        end if;
    end if;
end
$$;

--
-- Name: FUNCTION close_part(load_id bigint, part bigint, part_bits bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.close_part(load_id bigint, part bigint, part_bits bigint) IS 'Analyzes a table that elt.open_part created and attaches it as a partition, after it was filled and in the same transaction.';

--
-- Name: close_publish(bigint, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.close_publish(publish_id bigint, sources text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    standing text[];
begin
    with stands as (
        insert into elt.rule_result (publish_id, rule, level, violation_count, sample, run_publish_id)
        select
            close_publish.publish_id,
            standing_result.rule,
            standing_result.level,
            standing_result.violation_count,
            standing_result.sample,
            standing_result.run_publish_id
        from elt.standing_result(close_publish.publish_id, sources) as standing_result
        returning rule_result.rule
    )

    select coalesce(array_agg(stands.rule), '{}')
    into standing
    from stands;

    insert into elt.rule_result (publish_id, rule, level, violation_count, sample, seconds)
    select
        close_publish.publish_id,
        split_part(current_view.name, '.', 2),
        current_view.header ->> 'level',
        found.violation_count,
        found.sample,
        found.seconds
    from elt.current_view
    cross join lateral elt.check_rule(
        current_view.name::regclass, current_view.header ->> 'holds if'
    ) as found
    where
        current_view.layer = 'quality'
        and split_part(current_view.name, '.', 2) <> all(standing);
    perform elt.check_earlier_loads(close_publish.publish_id, standing);

    update elt.publish
    set finished_at = clock_timestamp()
    where publish.publish_id = close_publish.publish_id;
end
$$;

--
-- Name: FUNCTION close_publish(publish_id bigint, sources text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.close_publish(publish_id bigint, sources text[]) IS 'Ends a publish of these sources: runs the rules that read data of these sources and keeps the latest results of the other rules.';

--
-- Name: close_session(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.close_session(token_sha256 bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    closed record;
begin
    delete from elt.session
    using elt.account
    where session.token_sha256 = close_session.token_sha256 and session.account_id = account.account_id
    returning account.name, session.address into closed;
    if closed.name is not null then
        perform elt.act_as(closed.name, closed.address);
        perform elt.add_audit('session.close', closed.name);
    end if;
end
$$;

--
-- Name: FUNCTION close_session(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.close_session(token_sha256 bytea) IS 'Ends the session of a cookie.';

--
-- Name: close_sessions(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.close_sessions(account_id bigint) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    delete from elt.session
    where session.account_id = close_sessions.account_id
$$;

--
-- Name: FUNCTION close_sessions(account_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.close_sessions(account_id bigint) IS 'Ends all sessions of an account.';

--
-- Name: cluster_finding(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.cluster_finding() RETURNS TABLE(area text, what text, level text, why text, statement text, command text[])
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not elt.has_citus() then
        return;
    end if;
    return query
    select
        node_finding.*,
        null::text[]
    from elt.node_finding()
    union all
    select
        'cluster',
        'the maintenance daemon of Citus does not run',
        'problem',
        'Interrupted transactions are not finished, and keep their rows locked. Often max_worker_processes is too small: Citus needs one process for each database.',
        'alter system set max_worker_processes = 32',
        null
    where not exists (
        select 1
        from pg_catalog.pg_stat_activity
        where
            pg_stat_activity.datname = current_database()
            and pg_stat_activity.backend_type like 'Citus Maintenance Daemon%'
    )
    union all
    select
        'cluster',
        format('transactions that were prepared long ago: %s', count(*)),
        'problem',
        'They keep rows locked and dead rows in place. Citus finishes those that it began.',
        'select recover_prepared_transactions()',
        null
    from pg_catalog.pg_prepared_xacts
    where
        pg_prepared_xacts.database = current_database()
        and pg_prepared_xacts.prepared < now() - interval '5 minutes'
    having count(*) > 0
    union all
    select
        'cluster',
        format('role %s may not log in', pg_roles.rolname),
        'problem',
        'Citus connects to the workers as this role.',
        format('alter role %I login', pg_roles.rolname),
        null
    from pg_catalog.pg_roles
    where
        pg_roles.rolname in ('elt_migrate', 'elt_web')
        and not pg_roles.rolcanlogin
        and exists (select 1 from elt.distribution where distribution.distributed_by is not null)
    union all
    select
        'cluster',
        format('table %s is not distributed', distribution.table_name),
        'advice',
        'Its core query names a distribution column, and all rows are on the coordinator. This is so after a restore and for new tables.',
        null,
        '{distribute}'
    from elt.distribution
    where distribution.distributed_by is null and distribution.problem is null
    union all
    select
        'cluster',
        distribution.problem,
        'problem',
        format('The header of %s says -- distribute: %s. %s', distribution.core_query_name, distribution.column_name, distribution.hint),
        null,
        null
    from elt.distribution
    where distribution.problem is not null;
end
$$;

--
-- Name: FUNCTION cluster_finding(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.cluster_finding() IS 'Returns problems of a database with Citus: nodes, the maintenance daemon, prepared transactions, roles, tables that are not distributed. Empty without Citus.';

--
-- Name: column_is(text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.column_is(source text, column_name text, property text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select exists (
        select 1
        from elt.live_load
        inner join elt.load on live_load.load_id = load.load_id
        -- Loads that were staged together share their facts.
        inner join elt.load_column on coalesce(load.batch_load_id, load.load_id) = load_column.load_id
        where
            live_load.source = column_is.source
            and load_column.column_name = column_is.column_name
            and case column_is.property
                when 'integer' then load_column.is_integer
                when 'date' then load_column.is_date
                when 'trimmed' then not load_column.has_edge_space
                when 'complete' then not load_column.has_null
                when 'lowercase' then load_column.is_lowercase
                when 'uppercase' then load_column.is_uppercase
                when 'empty' then load_column.is_empty
            end
    )
$$;

--
-- Name: FUNCTION column_is(source text, column_name text, property text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.column_is(source text, column_name text, property text) IS 'Whether all values of a column in the live load of a source are known to have a property: integer (can be cast to bigint), date (YYYY-MM-DD, can be cast), trimmed (no white space at the edges), complete (no value is missing), lowercase (no letter in upper case), uppercase (no letter in lower case) or empty (no value is present).';

--
-- Name: comma_amount_value(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.comma_amount_value(value text, unit text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select elt.amount_value(translate(value, '.,', ',.'), translate(unit, '.,', ',.'))
$$;

--
-- Name: FUNCTION comma_amount_value(value text, unit text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.comma_amount_value(value text, unit text) IS 'Reads an amount with a decimal comma, such as 1.234,50 €. Points, spaces or apostrophes may group thousands. Otherwise the same as elt.amount_value.';

--
-- Name: compact_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.compact_as_iso(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when btrim(value, E' \t\n\r\f\x0B') ~ '^[0-9]{8}$'
            then
                left(btrim(value, E' \t\n\r\f\x0B'), 4)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 5, 2)
                || '-'
                || right(btrim(value, E' \t\n\r\f\x0B'), 2)
        when btrim(value, E' \t\n\r\f\x0B') ~ '^[0-9]{8}[T ]?[0-9]{6}$'
            then
                left(btrim(value, E' \t\n\r\f\x0B'), 4)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 5, 2)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 7, 2)
                || ' '
                || left(right(btrim(value, E' \t\n\r\f\x0B'), 6), 2)
                || ':'
                || left(right(btrim(value, E' \t\n\r\f\x0B'), 4), 2)
                || ':'
                || right(btrim(value, E' \t\n\r\f\x0B'), 2)
    end
$_$;

--
-- Name: FUNCTION compact_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.compact_as_iso(value text) IS 'Converts a date of eight digits, such as 20240105, to ISO text. A time of six digits may follow (20240105093000, 20240105T093000). Null for any other text. Does not check that the day and the time exist.';

--
-- Name: compare_rows(regclass, regclass, text[], bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.compare_rows(before regclass, after regclass, key text[], sample_size bigint, OUT compared_by text[], OUT key_problem text, OUT columns_added text[], OUT columns_removed text[], OUT columns_retyped text[], OUT rows_before bigint, OUT rows_after bigint, OUT rows_added bigint, OUT rows_removed bigint, OUT rows_changed bigint, OUT added jsonb, OUT removed jsonb, OUT changed jsonb) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    both_list text;
    key_list text;
    key_matches text;
    before_data text;
    after_data text;
    repeated bigint;
begin
    with columns as (
        select
            coalesce(theirs.attname, own.attname)::text as name,
            own.attnum as before_place,
            theirs.attnum as after_place,
            format_type(own.atttypid, own.atttypmod) as before_type,
            format_type(theirs.atttypid, theirs.atttypmod) as after_type
        from (
            select *
            from pg_catalog.pg_attribute
            where attrelid = before and attnum > 0 and not attisdropped
        ) as own
        full join (
            select *
            from pg_catalog.pg_attribute
            where attrelid = after and attnum > 0 and not attisdropped
        ) as theirs on own.attname = theirs.attname
    ),

    known as (
        select
            columns.*,
            quote_ident(columns.name) as quoted,
            columns.before_place is not null and columns.after_place is not null as is_in_both,
            coalesce(columns.name = any(compare_rows.key), false) as is_key,
            case
                when columns.before_type is distinct from columns.after_type then '::text' else ''
            end as compared_as
        from columns
    )

    select
        coalesce(array_agg(known.name order by known.after_place) filter (where known.before_place is null), '{}'),
        coalesce(array_agg(known.name order by known.before_place) filter (where known.after_place is null), '{}'),
        coalesce(
            array_agg(
                format('%s: %s, was %s', known.name, known.after_type, known.before_type)
                order by known.after_place
            ) filter (where known.is_in_both and known.before_type <> known.after_type),
            '{}'
        ),
        string_agg(known.quoted, ', ' order by known.after_place) filter (where known.is_in_both),
        string_agg(known.quoted, ', ' order by array_position(compare_rows.key, known.name))
            filter (where known.is_key and known.is_in_both),
        string_agg(format('own.%1$s = theirs.%1$s', known.quoted), ' and ')
            filter (where known.is_key and known.is_in_both),
        string_agg(format('own.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and known.name not like '\_%'),
        string_agg(format('theirs.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and known.name not like '\_%'),
        (
            select string_agg(format('"%s"', part.name), ', ') || ' is not in both, or is of another type'
            from unnest(compare_rows.key) as part (name)
            where part.name <> all(
                coalesce(array_agg(known.name) filter (where known.before_type = known.after_type), '{}')
            )
        )
    into
        columns_added, columns_removed, columns_retyped, both_list, key_list, key_matches, before_data,
        after_data, key_problem
    from known;

    execute format('select count(*) from %s', before) into rows_before;
    execute format('select count(*) from %s', after) into rows_after;
    if both_list is null then
        key_problem := 'the relations have no column in common';
        rows_removed := rows_before;
        rows_added := rows_after;
        return;
    end if;

    if key is not null and key_problem is null then
        execute format(
            'select count(*)
            from (
                select 1
                from (select %1$s from %2$s union all select %1$s from %3$s) as keys
                where not ((%1$s) is not null)
            ) as incomplete',
            key_list, before, after
        ) into repeated;
        if repeated > 0 then
            key_problem := 'it is null in some rows';
        end if;
        execute format(
            'select
                (select count(*) from (select from %2$s group by %1$s having count(*) > 1) as twice)
                + (select count(*) from (select from %3$s group by %1$s having count(*) > 1) as twice)',
            key_list, before, after
        ) into repeated;
        if repeated > 0 then
            key_problem := format('%s of its values appear more than once', repeated);
        end if;
    end if;

    if key is not null and key_problem is null then
        compared_by := key;
        execute format(
            'create temporary table elt_difference as
            select
                case
                    when own.is_there is null then ''added''
                    when theirs.is_there is null then ''removed''
                    else ''changed''
                end as kind,
                %1$s
            from (select true as is_there, * from %2$s) as own
            full join (select true as is_there, * from %3$s) as theirs on %4$s
            where own.is_there is null or theirs.is_there is null or %5$s',
            (
                select string_agg(format('coalesce(own.%1$I, theirs.%1$I) as %1$I', part.name), ', ')
                from unnest(key) as part (name)
            ),
            before, after, key_matches,
            coalesce(format('pg_catalog.record_image_ne(row(%s), row(%s))', before_data, after_data), 'false')
        );
        execute
            'select
                count(*) filter (where kind = ''added''),
                count(*) filter (where kind = ''removed''),
                count(*) filter (where kind = ''changed'')
            from pg_temp.elt_difference'
        into rows_added, rows_removed, rows_changed;
        execute format(
            'with picked as (
                select *
                from (
                    select *, row_number() over (partition by kind order by %1$s) as place
                    from pg_temp.elt_difference
                ) as numbered
                where numbered.place <= %2$s
            ),

            seen as (
                select picked.kind, picked.place, to_jsonb(own) as own, to_jsonb(theirs) as theirs
                from picked
                left join %3$s as own on picked.kind <> ''added'' and %5$s
                left join %4$s as theirs on picked.kind <> ''removed'' and %6$s
            )

            select
                coalesce(jsonb_agg(seen.theirs order by seen.place) filter (where seen.kind = ''added''), ''[]''),
                coalesce(jsonb_agg(seen.own order by seen.place) filter (where seen.kind = ''removed''), ''[]''),
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            ''key'',
                            (
                                select jsonb_object_agg(part.name, seen.theirs -> part.name)
                                from unnest(%7$L::text[]) as part (name)
                            ),
                            ''columns'',
                            (
                                select jsonb_object_agg(
                                    has.key,
                                    jsonb_build_object(
                                        ''before'', had.value #>> ''{}'', ''after'', has.value #>> ''{}''
                                    )
                                )
                                from jsonb_each(seen.own) as had
                                inner join jsonb_each(seen.theirs) as has on had.key = has.key
                                where had.value::text <> has.value::text and had.key not like ''\_%%''
                            )
                        ) order by seen.place
                    ) filter (where seen.kind = ''changed''), ''[]''
                )
            from seen',
            key_list, sample_size, before, after,
            replace(key_matches, 'theirs.', 'picked.'),
            replace(key_matches, 'own.', 'picked.'),
            key
        ) into added, removed, changed;
    else
        execute format(
            'create temporary table elt_difference as
            select sides.value, sum(sides.side) as excess
            from (
                select to_jsonb(own)::text as value, -1 as side from (select %1$s from %2$s) as own
                union all
                select to_jsonb(theirs)::text, 1 from (select %1$s from %3$s) as theirs
            ) as sides
            group by sides.value
            having sum(sides.side) <> 0',
            both_list, before, after
        );
        execute
            'select
                coalesce(sum(excess) filter (where excess > 0), 0),
                coalesce(-sum(excess) filter (where excess < 0), 0)
            from pg_temp.elt_difference'
        into rows_added, rows_removed;
        execute format(
            'select
                coalesce(jsonb_agg(value::jsonb order by value) filter (where is_more), ''[]''),
                coalesce(jsonb_agg(value::jsonb order by value) filter (where not is_more), ''[]'')
            from (
                select value, excess > 0 as is_more, row_number() over (partition by excess > 0 order by value) as place
                from pg_temp.elt_difference
            ) as numbered
            where place <= %s',
            sample_size
        ) into added, removed;
    end if;
    drop table pg_temp.elt_difference;
end
$_$;

--
-- Name: FUNCTION compare_rows(before regclass, after regclass, key text[], sample_size bigint, OUT compared_by text[], OUT key_problem text, OUT columns_added text[], OUT columns_removed text[], OUT columns_retyped text[], OUT rows_before bigint, OUT rows_after bigint, OUT rows_added bigint, OUT rows_removed bigint, OUT rows_changed bigint, OUT added jsonb, OUT removed jsonb, OUT changed jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.compare_rows(before regclass, after regclass, key text[], sample_size bigint, OUT compared_by text[], OUT key_problem text, OUT columns_added text[], OUT columns_removed text[], OUT columns_retyped text[], OUT rows_before bigint, OUT rows_after bigint, OUT rows_added bigint, OUT rows_removed bigint, OUT rows_changed bigint, OUT added jsonb, OUT removed jsonb, OUT changed jsonb) IS 'Compares the rows of two relations. Uses the key if it is unique and never null in both; otherwise compares whole rows by the columns that both have, and counts duplicates. The samples are objects. The sample of a changed row has its key and the old and new texts of each changed column.';

--
-- Name: condition_holds(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.condition_holds(condition text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    select coalesce(bool_and(elt.column_is(parts.words[1], parts.words[2], parts.words[3])), false)
    from regexp_split_to_table(condition, '\s+and\s+') as term (content)
    cross join lateral regexp_match(
        term.content, '^\s*([^.\s]+)\.(\S+)\s+is\s+(\S+)\s*$'
    ) as parts (words)
$_$;

--
-- Name: FUNCTION condition_holds(condition text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.condition_holds(condition text) IS 'Whether the condition "holds if" of a rule''s header is known to be true for the live loads: "SOURCE.COLUMN is PROPERTY", several joined by "and". The properties are those of elt.column_is.';

--
-- Name: copy_staging(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.copy_staging(from_load_id bigint, to_load_id bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    parent text;
    column_list text;
    copied bigint;
begin
    select load.source
    into strict parent
    from elt.load
    where load.load_id = to_load_id;

    select string_agg(quote_ident(pg_attribute.attname), ', ' order by pg_attribute.attnum)
    into column_list
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = format('staging.%I', parent)::regclass
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attname <> '_load_id';

    execute format(
        'insert into staging.%1$I (%2$s) select %2$s from staging.%3$I where _load_id = $1 order by _row',
        parent || '_load_' || to_load_id, column_list, parent
    )
    using from_load_id;
    get diagnostics copied = row_count;

    insert into elt.load_file
    select (jsonb_populate_record(load_file, jsonb_build_object('load_id', to_load_id))).*
    from elt.load_file
    where load_file.load_id = from_load_id;
    return copied;
end
$_$;

--
-- Name: FUNCTION copy_staging(from_load_id bigint, to_load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.copy_staging(from_load_id bigint, to_load_id bigint) IS 'Copies the staged rows of a load into the partition of another load of the same source and returns their number.';

--
-- Name: core_columns(regclass, regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.core_columns(target regclass, core_query regclass, OUT column_list text, OUT key_list text, OUT key_matches text, OUT updates text, OUT either text, OUT have_data text, OUT incoming_data text, OUT have_all text, OUT incoming_all text, OUT image text, OUT earlier text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    missing text;
begin
    with columns as (
        select
            own.attnum,
            own.attname::text as name,
            quote_ident(own.attname) as quoted,
            format_type(own.atttypid, own.atttypmod) as type,
            own.attnum = any(pg_index.indkey) as is_key,
            array_position(pg_index.indkey::int2[], own.attnum) as key_place,
            own.attname like '\_%' as is_origin,
            theirs.attname is null as is_missing
        from pg_catalog.pg_attribute as own
        left join pg_catalog.pg_index on pg_index.indrelid = target and pg_index.indisprimary
        left join pg_catalog.pg_attribute as theirs
            on
                theirs.attrelid = core_query
                and theirs.attname = own.attname
                and theirs.attnum > 0
                and not theirs.attisdropped
        where
            own.attrelid = target
            and own.attnum > 0
            and not own.attisdropped
            and own.attgenerated = ''
    )

    select
        string_agg(quoted, ', ' order by attnum),
        string_agg(quoted, ', ' order by attnum) filter (where is_missing),
        string_agg(quoted, ', ' order by key_place) filter (where is_key),
        string_agg(format('have.%1$s = incoming.%1$s', quoted), ' and ' order by key_place) filter (where is_key),
        string_agg(format('%1$s = excluded.%1$s', quoted), ', ' order by attnum) filter (where not is_key),
        string_agg(
            case
                when is_key then format('coalesce(incoming.%1$s, have.%1$s) as %1$s', quoted)
                else format('incoming.%s', quoted)
            end,
            ', ' order by attnum
        ),
        string_agg(format('have.%s', quoted), ', ' order by attnum) filter (where not is_key and not is_origin),
        string_agg(format('incoming.%s', quoted), ', ' order by attnum)
            filter (where not is_key and not is_origin),
        string_agg(format('have.%s', quoted), ', ' order by attnum) filter (where not is_key),
        string_agg(format('incoming.%s', quoted), ', ' order by attnum) filter (where not is_key),
        -- As text, which restores the value of any type exactly.
        format(
            'jsonb_object(array[%s], array[%s])',
            string_agg(quote_literal(name), ', ' order by attnum),
            string_agg(format('have.%s::text', quoted), ', ' order by attnum)
        ),
        string_agg(format('(image.earlier ->> %L)::%s as %s', name, type, quoted), ', ' order by attnum)
    into
        column_list, missing, key_list, key_matches, updates, either, have_data, incoming_data, have_all,
        incoming_all, image, earlier
    from columns;

    if missing is not null then
        raise exception 'core query "%" lacks columns of table "%": %', core_query, target, missing
            using
                errcode = 'undefined_column',
                hint = 'Add the columns to its file in sql/core, as null if necessary, and run elt migrate.';
    end if;
end
$_$;

--
-- Name: FUNCTION core_columns(target regclass, core_query regclass, OUT column_list text, OUT key_list text, OUT key_matches text, OUT updates text, OUT either text, OUT have_data text, OUT incoming_data text, OUT have_all text, OUT incoming_all text, OUT image text, OUT earlier text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.core_columns(target regclass, core_query regclass, OUT column_list text, OUT key_list text, OUT key_matches text, OUT updates text, OUT either text, OUT have_data text, OUT incoming_data text, OUT have_all text, OUT incoming_all text, OUT image text, OUT earlier text) IS 'Returns the columns of a core table as lists for statements. Raises an error if its core query lacks one of them.';

--
-- Name: core_has_columns(text, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.core_has_columns(source text, names text[]) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(
        bool_and(
            array(
                select pg_attribute.attname::text
                from pg_catalog.pg_attribute
                where
                    pg_attribute.attrelid = filled_table.filled
                    and pg_attribute.attnum > 0
                    and not pg_attribute.attisdropped
            ) @> core_has_columns.names
        ),
        false
    )
    from elt.filled_table
    where core_has_columns.source = any(filled_table.sources)
$$;

--
-- Name: FUNCTION core_has_columns(source text, names text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.core_has_columns(source text, names text[]) IS 'Whether every core table filled from a source has columns with these names.';

--
-- Name: core_sha256(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.core_sha256() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select encode(
        sha256(
            convert_to(
                coalesce(string_agg(name || ' ' || sha256, ' ' order by name), ''),
                'UTF8'
            )
        ),
        'hex'
    )
    from elt.current_view
    where layer = 'core' or name like 'elt.%\_value'
$$;

--
-- Name: FUNCTION core_sha256(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.core_sha256() IS 'Returns the fingerprint of everything that determines how a load is read into core: the core queries and the functions elt...._value.';

--
-- Name: core_state(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.core_state(table_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select format(
        'loads %s; publish %s; core queries %s',
        (
            select string_agg(
                -- A purge deletes staged rows of a load.
                format('%s without %s rows', load.load_id, load.rows_purged), ', ' order by load.load_id
            )
            from elt.filled_table
            inner join elt.live_load on live_load.source = any(filled_table.sources)
            inner join elt.load on live_load.load_id = load.load_id
            where filled_table.table_name = core_state.table_name
        ),
        (
            select max(publish_change.publish_id)
            from elt.publish_change
            where publish_change.table_name = core_state.table_name
        ),
        elt.core_sha256()
    )
$$;

--
-- Name: FUNCTION core_state(table_name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.core_state(table_name text) IS 'Describes what determines the rows of a core table after a publish: the live loads of its sources, the latest publish that changed it, and the core queries. If the text is the same, so are the rows.';

--
-- Name: count_changes(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.count_changes(changes regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    execute format(
        'select
            count(*) filter (where elt_is_new),
            count(*) filter (where not elt_is_new and not elt_is_gone),
            count(*) filter (where elt_is_gone)
        from %s',
        changes
    )
    into rows_inserted, rows_updated, rows_deleted;
end
$$;

--
-- Name: FUNCTION count_changes(changes regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.count_changes(changes regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) IS 'Returns how many rows a table of changes (elt.changes_query) inserts, updates and deletes.';

--
-- Name: create_partitions(regclass, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.create_partitions(target regclass, modulus integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    parent record;
    partition_name text;
begin
    select
        pg_class.relnamespace::regnamespace as schema_name,
        pg_class.relowner::regrole as owner,
        ' tablespace ' || quote_ident(pg_tablespace.spcname) as placed
    into parent
    from pg_catalog.pg_class
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    where
        pg_class.oid = target
        and pg_class.relkind = 'p'
        and not exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhparent = target
        );
    if not found then
        return;
    end if;
    if elt.distribution_column(target) is not null then
        -- The shards of each partition are filled side by side already.
        modulus := 1;
    end if;
    for remainder in 0..modulus - 1 loop
        partition_name := format('%s.%I', parent.schema_name, elt.partition_name(target, remainder));
        execute format(
            'create table %s (like %s including all excluding comments excluding identity excluding statistics)%s',
            partition_name, target, parent.placed
        );
        execute format('alter table %s owner to %s', partition_name, parent.owner);
        execute format(
            'alter table %s attach partition %s for values with (modulus %s, remainder %s)',
            target, partition_name, modulus, remainder
        );
    end loop;
end
$$;

--
-- Name: FUNCTION create_partitions(target regclass, modulus integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.create_partitions(target regclass, modulus integer) IS 'Creates the partitions of a table that is partitioned by hash and has none. A no-op for other tables.';

--
-- Name: create_work_table(text, regclass, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.create_work_table(name text, target regclass, column_list text, query text) RETURNS regclass
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    distribution_column text := elt.distribution_column(target);
    work_table text := format('staging.%I', name);
begin
    if distribution_column is null then
        execute format('create temporary table %I on commit drop as %s', name, query);
        return format('pg_temp.%I', name)::regclass;
    end if;
    execute format('create unlogged table %s as select %s from %s with no data', work_table, column_list, target);
    execute 'select create_distributed_table($1, $2, colocate_with => $3)'
    using work_table::regclass, distribution_column, target::text;
    execute format('insert into %s %s', work_table, query);
    execute format('analyze %s', work_table);
    return work_table::regclass;
end
$_$;

--
-- Name: FUNCTION create_work_table(name text, target regclass, column_list text, query text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.create_work_table(name text, target regclass, column_list text, query text) IS 'Creates a table of the rows of a query, where they can be compared with a core table: a temporary one, or one that is distributed like the core table. column_list are the columns of the query as a select from the core table.';

--
-- Name: cron_values(text, bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.cron_values(field text, lowest bigint, highest bigint) RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    -- The first one is the lowest value.
    names constant text[] := case highest
        when 12 then array['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
        when 7 then array['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
    end;
    part text;
    found_parts text[];
    first_value bigint;
    last_value bigint;
    all_values bigint[] := '{}';
begin
    foreach part in array string_to_array(field, ',') loop
        found_parts := regexp_match(
            lower(part),
            '^(?:\*|([0-9]{1,4}|[a-z]{3})(?:-([0-9]{1,4}|[a-z]{3}))?)(?:/([1-9][0-9]{0,3}))?$'
        );
        first_value := case
            when found_parts[1] is null then lowest
            when found_parts[1] ~ '^[0-9]' then found_parts[1]::bigint
            else array_position(names, found_parts[1]) - 1 + lowest
        end;
        last_value := case
            when found_parts[2] ~ '^[0-9]' then found_parts[2]::bigint
            -- Sunday is both 0 and 7.
            when found_parts[2] = 'sun' and highest = 7 and first_value > 0 then 7
            when found_parts[2] is not null then array_position(names, found_parts[2]) - 1 + lowest
            when found_parts[1] is not null and found_parts[3] is null then first_value
            else highest
        end;
        if
            found_parts is null
            or (first_value >= lowest and last_value <= highest and first_value <= last_value) is not true
        then
            raise exception '"%" is not a valid field of a schedule', part
                using
                    errcode = 'invalid_parameter_value',
                    detail = format(
                        'Values are from %s to %s%s. Write *, 5, 1-5, */15 or a list with commas.',
                        lowest, highest, ', or ' || upper(names[1] || ' to ' || names[cardinality(names)])
                    );
        end if;
        all_values := all_values || array(
            select generate_series(first_value, last_value, coalesce(found_parts[3]::bigint, 1))
        );
    end loop;
    return all_values;
end
$_$;

--
-- Name: FUNCTION cron_values(field text, lowest bigint, highest bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.cron_values(field text, lowest bigint, highest bigint) IS 'Returns the numbers that a field of a cron expression stands for.';

--
-- Name: database_bytes(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.database_bytes() RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    bytes bigint;
begin
    if elt.has_citus() then
        execute
            'select sum(case when success then result::bigint end)
            from run_command_on_all_nodes(''select pg_database_size(current_database())'')'
        into bytes;
    end if;
    return coalesce(bytes, pg_database_size(current_database()));
end
$$;

--
-- Name: FUNCTION database_bytes(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.database_bytes() IS 'Returns the size of the database, on Citus on all nodes together.';

--
-- Name: date_as_iso(text, text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.date_as_iso(year text, month text, day text, time_of_day text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select
        case
            when length(year) > 2 then ''
            when year < '70' then '20'
            else '19'
        end
        || year
        || '-'
        || lpad(month, 2, '0')
        || '-'
        || lpad(day, 2, '0')
        || case when time_of_day = '' then '' else ' ' || elt.time_as_iso(time_of_day) end
$$;

--
-- Name: FUNCTION date_as_iso(year text, month text, day text, time_of_day text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.date_as_iso(year text, month text, day text, time_of_day text) IS 'Builds ISO text from a year, a month, a day, and a time of day or an empty text. Two-digit years mean 1970 to 2069. Null if elt.time_as_iso cannot read the time.';

--
-- Name: date_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.date_value(value text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            octet_length(value) = 10
            and translate(value, '0123456789', '') = '--'
            and substr(value, 5, 1) = '-'
            and substr(value, 8, 1) = '-'
            and left(value, 4) <> '0000'
            and substr(value, 6, 2) between '01' and '12'
            and (
                right(value, 2) between '01' and '28'
                or (right(value, 2) in ('29', '30') and substr(value, 6, 2) <> '02')
                or (
                    right(value, 2) = '31'
                    and substr(value, 6, 2) in ('01', '03', '05', '07', '08', '10', '12')
                )
            )
            then make_date(
                left(value, 4)::integer, substr(value, 6, 2)::integer, right(value, 2)::integer
            )
        when
            btrim(value, E' \t\n\r\f\x0B')
            !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            then null
        when left(btrim(value, E' \t\n\r\f\x0B'), 4) = '0000'
            then null
        when
            right(btrim(value, E' \t\n\r\f\x0B'), 2)::integer
            <= case substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)
                when '02' then
                    case
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 400 = 0 then 29
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 100 = 0 then 28
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 4 = 0 then 29
                        else 28
                    end
                when '04' then 30
                when '06' then 30
                when '09' then 30
                when '11' then 30
                else 31
            end
            then make_date(
                left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                right(btrim(value, E' \t\n\r\f\x0B'), 2)::integer
            )
    end
$_$;

--
-- Name: FUNCTION date_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.date_value(value text) IS 'Reads a date: YYYY-MM-DD of a day that exists. White space around it is allowed. Null for anything else.';

--
-- Name: day_first_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.day_first_as_iso(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            translate(value, '123456789', '000000000') in (
                '00.00.0000', '00.00.0000 00:00', '00.00.0000 00:00:00',
                '00/00/0000', '00/00/0000 00:00', '00/00/0000 00:00:00',
                '00-00-0000', '00-00-0000 00:00', '00-00-0000 00:00:00'
            )
            then
                substr(value, 7, 4)
                || '-'
                || substr(value, 4, 2)
                || '-'
                || left(value, 2)
                || substr(value, 11)
        when
            btrim(value, E' \t\n\r\f\x0B') ~ (
                '^[0-9]{1,2}(\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)([0-9]{4}|[0-9]{2})'
                || '([T ,]+[0-9].*)?$'
            )
            then elt.date_as_iso(
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    3
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    2
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    1
                ),
                ltrim(
                    substr(
                        btrim(value, E' \t\n\r\f\x0B'),
                        length(
                            split_part(
                                translate(btrim(value, E' \t\n\r\f\x0B'), 'T,', '  '), ' ', 1
                            )
                        ) + 1
                    ),
                    'T ,'
                )
            )
    end
$_$;

--
-- Name: FUNCTION day_first_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.day_first_as_iso(value text) IS 'Converts a date written day first, such as 5.1.2024, 05/01/24 or 5-1-2024, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';

--
-- Name: describe_columns(bigint, text[], boolean[], boolean[], boolean[], boolean[], boolean[], boolean[], boolean[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.describe_columns(load_id bigint, column_names text[], has_null boolean[], has_edge_space boolean[], is_integer boolean[], is_date boolean[], is_lowercase boolean[], is_uppercase boolean[], is_empty boolean[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into elt.load_column (
        load_id, column_name, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    )
    select
        load.load_id,
        seen.column_name,
        seen.has_null or coalesce(replayed.has_null, load.replayed_load_id is not null),
        seen.has_edge_space or coalesce(replayed.has_edge_space, load.replayed_load_id is not null),
        seen.is_integer and coalesce(replayed.is_integer, load.replayed_load_id is null),
        seen.is_date and coalesce(replayed.is_date, load.replayed_load_id is null),
        seen.is_lowercase and coalesce(replayed.is_lowercase, load.replayed_load_id is null),
        seen.is_uppercase and coalesce(replayed.is_uppercase, load.replayed_load_id is null),
        seen.is_empty and coalesce(replayed.is_empty, load.replayed_load_id is null)
    from elt.load
    cross join unnest(
        column_names, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    ) as seen (
        column_name, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    )
    left join elt.load_column as replayed
        on
            load.replayed_load_id = replayed.load_id
            and seen.column_name = replayed.column_name
    where load.load_id = describe_columns.load_id
$$;

--
-- Name: FUNCTION describe_columns(load_id bigint, column_names text[], has_null boolean[], has_edge_space boolean[], is_integer boolean[], is_date boolean[], is_lowercase boolean[], is_uppercase boolean[], is_empty boolean[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.describe_columns(load_id bigint, column_names text[], has_null boolean[], has_edge_space boolean[], is_integer boolean[], is_date boolean[], is_lowercase boolean[], is_uppercase boolean[], is_empty boolean[]) IS 'Records the properties of the columns of a load. For a replayed load, combines them with those of the rows that the corrected records are added to.';

--
-- Name: disable_account(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.disable_account(account_id bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update elt.account set disabled_at = coalesce(account.disabled_at, now())
    where account.account_id = disable_account.account_id;
    update elt.api_token set revoked_at = coalesce(api_token.revoked_at, now())
    where api_token.account_id = disable_account.account_id;
    perform elt.close_sessions(account_id);
    perform elt.add_audit('account.disable', elt.account_name(account_id));
end
$$;

--
-- Name: FUNCTION disable_account(account_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.disable_account(account_id bigint) IS 'Disables an account: its password and tokens stop working and its sessions end.';

--
-- Name: distribute(boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.distribute(is_dry_run boolean DEFAULT false) RETURNS SETOF text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    wrong record;
    missing record;
begin
    if not elt.has_citus() then
        raise exception 'database "%" has no Citus', current_database()
            using errcode = 'feature_not_supported', hint = 'On each server: create extension citus';
    end if;
    select * into wrong from elt.distribution where distribution.problem is not null order by distribution.table_name;
    if found then
        raise exception 'cannot distribute table "%": %', wrong.table_name, wrong.problem
            using errcode = 'object_not_in_prerequisite_state', hint = wrong.hint;
    end if;
    for missing in
        select
            distribution_statement.statement,
            distribution_statement.why
        from elt.distribution_statement
        where not distribution_statement.is_done
        order by distribution_statement.place
    loop
        if is_dry_run then
            return next format(E'-- %s\n%s', missing.why, missing.statement);
        else
            return next missing.statement;
            execute missing.statement;
        end if;
    end loop;
end
$$;

--
-- Name: FUNCTION distribute(is_dry_run boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.distribute(is_dry_run boolean) IS 'Distributes the declared core tables over the workers of Citus, with the functions, logins and grants that they need. Returns the statements that it ran; none if all are in place. If is_dry_run is true, it only returns them, each below a comment that says what it does and costs.';

--
-- Name: distribution_column(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.distribution_column(target regclass) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    column_name text;
begin
    if to_regclass('pg_catalog.pg_dist_partition') is not null then
        execute
            'select column_to_column_name(logicalrelid, partkey)
            from pg_catalog.pg_dist_partition
            where logicalrelid = $1 and partmethod = ''h'''
        into column_name
        using target;
    end if;
    return column_name;
end
$_$;

--
-- Name: FUNCTION distribution_column(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.distribution_column(target regclass) IS 'Returns the column by which Citus distributes a table over its workers. Null if the table is not distributed, or if the database has no Citus.';

--
-- Name: double_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.double_value(value text) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case
        when
            octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::double precision
        when
            lower(btrim(value, E' \t\n\r\f\x0B') collate "C")
            in ('inf', '+inf', 'infinity', '+infinity')
            then 'infinity'::double precision
        when lower(btrim(value, E' \t\n\r\f\x0B') collate "C") in ('-inf', '-infinity')
            then '-infinity'::double precision
        when
            elt.numeric_value(value) = 0
            or abs(elt.numeric_value(value)) between 4.9e-324 and 1.797693134862315807e308
            then btrim(value, E' \t\n\r\f\x0B')::double precision
    end
$$;

--
-- Name: FUNCTION double_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.double_value(value text) IS 'Reads a floating-point number: what elt.numeric_value reads, or inf or infinity with an optional sign, in any case. Null for anything else, and for numbers outside the range of double precision.';

--
-- Name: downstream(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.downstream(relation regclass) RETURNS TABLE(name text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive readers as (
        select relation::oid as oid, 0 as depth
        union
        select object_use.object_id, readers.depth + 1
        from readers
        inner join elt.object_use
            on
                object_use.used_class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_id = readers.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
    ),

    deepest as (
        select readers.oid, max(readers.depth) as depth
        from readers
        where readers.oid <> relation
        group by readers.oid
    )

    select current_view.name
    from deepest
    inner join elt.current_view on to_regclass(current_view.name) = deepest.oid
    order by deepest.depth desc, current_view.name
$$;

--
-- Name: FUNCTION downstream(relation regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.downstream(relation regclass) IS 'Returns the views of sql/ that read a view, directly or through other views, in the order in which they can be dropped.';

--
-- Name: drop_prepared(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.drop_prepared(table_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    prepared record;
begin
    for prepared in
        select prepared_part.relation
        from elt.prepared_part
        where drop_prepared.table_name is null or prepared_part.table_name = drop_prepared.table_name
    loop
        execute format('drop table if exists %s', prepared.relation);
        delete from elt.prepared_part
        where prepared_part.relation = prepared.relation;
    end loop;
end
$$;

--
-- Name: FUNCTION drop_prepared(table_name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.drop_prepared(table_name text) IS 'Drops what was prepared for a core table, or for all if table_name is null, and will not be published.';

--
-- Name: drop_staging(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.drop_staging(load_id bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    partition text;
    load_ids bigint[];
begin
    select
        load.source || '_load_' || coalesce(load.batch_load_id, load.load_id),
        array(
            select part.load_id
            from elt.load as part
            where
                part.load_id = load.load_id
                or (part.batch_load_id = load.batch_load_id and part.staging_dropped_at is null)
        )
    into strict partition, load_ids
    from elt.load
    where load.load_id = drop_staging.load_id;

    -- Dropping locks the staging table, and waiting for this lock blocks other sessions. Its holder is a
    -- long query or autovacuum and rarely finishes soon, so a longer wait would only delay each load.
    perform set_config('lock_timeout', '5ms', true);
    execute format('drop table if exists staging.%I', partition);
    -- A load without staged rows cannot be undone either.
    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    update elt.load
    set staging_dropped_at = now()
    where load.load_id = any(load_ids);
    return true;
exception
    when lock_not_available then
        return false;
end
$$;

--
-- Name: FUNCTION drop_staging(load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.drop_staging(load_id bigint) IS 'Drops the partition with the rows of a load, and of the other loads of its batch, from staging. Returns false and does nothing if another session is using them. The next sweep tries again.';

--
-- Name: earlier_load(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.earlier_load(source text) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select max(load.load_id)
    from elt.live_load
    inner join elt.source as source_of on live_load.source = source_of.source
    inner join elt.load
        on
            load.source = live_load.source
            and load.load_id < live_load.load_id
            and load.state = 'published'
            and load.staging_dropped_at is null
            and load.rolled_back_at is null
            and (
                source_of.mode = 'replace'
                or load.live_publish_id is not null
                -- The file came again. The rollback brings its older bytes back.
                or load.replaced_by_load_id = live_load.load_id
            )
    where live_load.source = earlier_load.source
$$;

--
-- Name: FUNCTION earlier_load(source text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.earlier_load(source text) IS 'Returns the latest load before the live one to which a source can be rolled back. Null if there is none.';

--
-- Name: job; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.job (
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    priority bigint DEFAULT 0 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempt_count bigint DEFAULT 0 NOT NULL,
    max_attempts bigint NOT NULL,
    time_limit interval NOT NULL,
    dedup_key text,
    claim_count bigint DEFAULT 0 NOT NULL,
    worker_id bigint,
    lease_until timestamp with time zone,
    cancel_requested_at timestamp with time zone,
    progress jsonb,
    result jsonb,
    error text,
    created_by text DEFAULT COALESCE(NULLIF(current_setting('elt.account'::text, true), ''::text), (SESSION_USER)::text) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    account_name text DEFAULT 
CASE
    WHEN COALESCE(pg_has_role(SESSION_USER, (to_regrole('elt_web'::text))::oid, 'member'::text), true) THEN NULLIF(current_setting('elt.account'::text, true), ''::text)
    ELSE NULL::text
END,
    role_name text DEFAULT SESSION_USER,
    schedule text,
    cause_table text,
    cause_key jsonb,
    CONSTRAINT job_args_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text)),
    CONSTRAINT job_attempts_in_range CHECK (((attempt_count >= 0) AND (attempt_count <= max_attempts) AND ((max_attempts >= 1) AND (max_attempts <= 100)) AND (claim_count >= attempt_count))),
    CONSTRAINT job_has_started_when_running CHECK (((state <> 'running'::text) OR (started_at IS NOT NULL))),
    CONSTRAINT job_is_finished_in_the_end CHECK (((state = ANY (ARRAY['succeeded'::text, 'dead'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT job_is_free_unless_running CHECK (((state = 'running'::text) OR ((worker_id IS NULL) AND (lease_until IS NULL)))),
    CONSTRAINT job_is_leased_while_running CHECK (((state = 'running'::text) = ((worker_id IS NOT NULL) AND (lease_until IS NOT NULL)))),
    CONSTRAINT job_queue_is_a_name CHECK ((queue ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT job_result_only_of_success CHECK (((result IS NULL) OR (state = 'succeeded'::text))),
    CONSTRAINT job_state_known CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'dead'::text, 'cancelled'::text]))),
    CONSTRAINT job_time_limit_in_range CHECK (((time_limit >= '00:00:01'::interval) AND (time_limit <= '7 days'::interval)))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');

--
-- Name: TABLE job; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.job IS 'Queued, running and finished jobs. Enqueue with elt.enqueue(), never by insert; change with elt.cancel_job() and elt.retry_job(). elt.prune_jobs() removes finished jobs.';

--
-- Name: COLUMN job.job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.job_id IS 'Number of the job.';

--
-- Name: COLUMN job.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.kind IS 'Kind of the job (elt.job_kind).';

--
-- Name: COLUMN job.queue; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.queue IS 'Queue. A worker takes jobs from the queues that it was started for.';

--
-- Name: COLUMN job.args; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.args IS 'Arguments of the job, as an object.';

--
-- Name: COLUMN job.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.state IS 'queued: waits for run_at and a free worker. running: a worker has it until lease_until. succeeded, dead, cancelled: finished. A job is dead if its last attempt failed, or if the error was permanent.';

--
-- Name: COLUMN job.priority; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.priority IS 'Priority, higher numbers first.';

--
-- Name: COLUMN job.run_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.run_at IS 'Earliest time at which the job may run.';

--
-- Name: COLUMN job.attempt_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.attempt_count IS 'Number of attempts. Attempts that a worker released do not count.';

--
-- Name: COLUMN job.max_attempts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.max_attempts IS 'Maximum number of attempts.';

--
-- Name: COLUMN job.time_limit; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.time_limit IS 'Time limit of an attempt.';

--
-- Name: COLUMN job.dedup_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.dedup_key IS 'Only one job with this key is queued at a time. Null for no limit. Running jobs do not count. A job that is queued again while a newer job has its key loses the key.';

--
-- Name: COLUMN job.claim_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.claim_count IS 'Number of times that a worker claimed the job. The number of a claim fences it: a worker that lost the job cannot finish it.';

--
-- Name: COLUMN job.worker_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.worker_id IS 'Worker that runs the job. Null if it is not running.';

--
-- Name: COLUMN job.lease_until; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.lease_until IS 'End of the worker''s lease. Heartbeats extend it. Afterwards, another worker may claim the job.';

--
-- Name: COLUMN job.cancel_requested_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.cancel_requested_at IS 'When a user asked the running job to stop. Null if there was no request.';

--
-- Name: COLUMN job.progress; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.progress IS 'Progress, as reported by the job.';

--
-- Name: COLUMN job.result; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.result IS 'Result of the job.';

--
-- Name: COLUMN job.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.error IS 'Why the latest attempt failed.';

--
-- Name: COLUMN job.created_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.created_by IS 'Account of the web application that enqueued the job, or else the database role.';

--
-- Name: COLUMN job.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.created_at IS 'When it was enqueued.';

--
-- Name: COLUMN job.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.started_at IS 'When the latest attempt began.';

--
-- Name: COLUMN job.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.finished_at IS 'When the job finished. Null before that.';

--
-- Name: COLUMN job.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.account_name IS 'Account of the web application that enqueued the job. Null if the job did not come from it.';

--
-- Name: COLUMN job.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.role_name IS 'Database role of the session that enqueued the job. Null if a schedule was due, and for jobs of earlier versions.';

--
-- Name: COLUMN job.schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.schedule IS 'Schedule that enqueued the job. Null if none did.';

--
-- Name: COLUMN job.cause_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.cause_table IS 'Table of the row whose insert enqueued the job. Null if none did.';

--
-- Name: COLUMN job.cause_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job.cause_key IS 'Key of that row, by column. Null if there is none.';

--
-- Name: end_attempt(bigint, bigint, text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.end_attempt(job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text) RETURNS elt.job
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    held elt.job;
begin
    select job.* into held
    from elt.job
    where
        job.job_id = end_attempt.job_id
        and job.claim_count = end_attempt.claim_number
        and job.state = 'running'
    for update;
    if not found then
        raise exception 'claim % of job % is over', claim_number, job_id
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Its lease has ended, or another session finished the job.';
    end if;
    update elt.job_attempt
    set
        finished_at = clock_timestamp(),
        outcome = end_attempt.outcome,
        error = end_attempt.error,
        sqlstate = end_attempt.sqlstate_of_error
    where
        job_attempt.job_id = end_attempt.job_id
        and job_attempt.claim_number = end_attempt.claim_number;
    return held;
end
$$;

--
-- Name: FUNCTION end_attempt(job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.end_attempt(job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text) IS 'Records how an attempt ended and returns the job as it was before. Raises an error if this claim no longer holds the job.';

--
-- Name: end_session(bytea, text, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.end_session(token_sha256 bytea, name text, session_id bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
    session_count bigint;
begin
    delete from elt.session
    where
        session.account_id = owner_id
        and session.session_id = coalesce(end_session.session_id, session.session_id)
        and session.token_sha256 <> end_session.token_sha256;
    get diagnostics session_count = row_count;
    if session_count > 0 then
        perform elt.add_audit(
            'session.end', elt.account_name(owner_id), jsonb_build_object('sessions', session_count)
        );
    end if;
    return session_count;
end
$$;

--
-- Name: FUNCTION end_session(token_sha256 bytea, name text, session_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.end_session(token_sha256 bytea, name text, session_id bigint) IS 'Ends a session of an account, or all of them if session_id is null, but never the session that asks for it. Returns the number of ended sessions. For the account itself or an admin''s session.';

--
-- Name: end_token(bytea, text, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.end_token(token_sha256 bytea, name text, token_id bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
    ended record;
    token_count bigint := 0;
begin
    for ended in
        select api_token.token_id
        from elt.api_token
        where
            api_token.account_id = owner_id
            and api_token.token_id = coalesce(end_token.token_id, api_token.token_id)
            and api_token.revoked_at is null
            and api_token.expires_at > now()
        order by api_token.token_id
    loop
        perform elt.revoke_token(ended.token_id);
        token_count := token_count + 1;
    end loop;
    return token_count;
end
$$;

--
-- Name: FUNCTION end_token(token_sha256 bytea, name text, token_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.end_token(token_sha256 bytea, name text, token_id bigint) IS 'Revokes a token of an account, or all of them if token_id is null, and returns the number of revoked tokens. For the account itself or an admin''s session.';

--
-- Name: enqueue(text, jsonb, text, bigint, timestamp with time zone, text, bigint, interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.enqueue(kind text, args jsonb DEFAULT '{}'::jsonb, queue text DEFAULT 'default'::text, priority bigint DEFAULT 0, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, dedup_key text DEFAULT NULL::text, max_attempts bigint DEFAULT NULL::bigint, time_limit interval DEFAULT NULL::interval) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    job_number bigint;
    difference text[];
begin
    if not exists (select 1 from elt.job_kind where job_kind.kind = enqueue.kind) then
        raise exception 'there is no kind of job "%"', kind
            using
                errcode = 'invalid_parameter_value',
                hint = 'The kinds are: ' || (
                    select string_agg(job_kind.kind, ', ' order by job_kind.kind) from elt.job_kind
                ) || '.';
    end if;
    if jsonb_typeof(args) <> 'object' then
        raise exception 'the arguments of a job must be an object, not of type %', jsonb_typeof(args)
            using errcode = 'invalid_parameter_value', hint = 'For example {"force": true}.';
    end if;
    perform elt.require_queue_name(queue);
    loop
        insert into elt.job (
            kind, queue, args, priority, run_at, dedup_key, max_attempts, time_limit
        )
        select
            job_kind.kind,
            enqueue.queue,
            coalesce(enqueue.args, '{}'),
            enqueue.priority,
            coalesce(enqueue.run_at, now()),
            enqueue.dedup_key,
            coalesce(enqueue.max_attempts, job_kind.max_attempts),
            coalesce(enqueue.time_limit, job_kind.time_limit)
        from elt.job_kind
        where job_kind.kind = enqueue.kind
        -- Only the key can conflict.
        on conflict do nothing
        returning job.job_id into job_number;
        if found then
            return job_number;
        end if;
        -- The lock keeps the job from starting before the caller's transaction commits, because it would not see the
        -- changes. Several callers can hold the lock.
        select job.job_id into job_number
        from elt.job
        where job.dedup_key = enqueue.dedup_key and job.state = 'queued'
        for key share;
        if found then
            difference := elt.job_difference(
                job_number, kind, args, queue, priority, coalesce(run_at, now()), max_attempts, time_limit
            );
            if difference <> '{}' then
                raise notice 'job % already has the key and was not changed; it differs in: %',
                    job_number, array_to_string(difference, ', ')
                    using hint = 'Cancel that job first, or use another key.';
            end if;
            perform pg_notify('elt_job', '');
            return job_number;
        end if;
        -- A worker claimed the other job in between.
    end loop;
end
$$;

--
-- Name: FUNCTION enqueue(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, dedup_key text, max_attempts bigint, time_limit interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.enqueue(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, dedup_key text, max_attempts bigint, time_limit interval) IS 'Enqueues a job in the caller''s transaction and returns its number. If a queued job has the dedup_key, returns the number of that job, and a notice lists how it differs.';

--
-- Name: enqueue_due(timestamp with time zone); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.enqueue_due(at_time timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    due record;
    enqueued bigint := 0;
    job_number bigint;
begin
    for due in
        select schedule.*
        from elt.schedule
        where
            schedule.is_enabled
            and (schedule.next_run_at is null or schedule.next_run_at <= at_time)
        order by schedule.schedule
        for update skip locked
    loop
        job_number := null;
        begin
            if
                due.next_run_at is not null
                and (due.missed_runs = 'one' or due.next_run_at > at_time - interval '5 minutes')
            then
                job_number := elt.enqueue(
                    due.kind,
                    due.args,
                    queue => due.queue,
                    priority => due.priority,
                    dedup_key => 'schedule:' || due.schedule
                );
                update elt.job
                set schedule = due.schedule, role_name = null
                where job.job_id = job_number and job.created_at = now();
            end if;
            update elt.schedule
            set
                last_run_at = case when job_number is null then schedule.last_run_at else due.next_run_at end,
                last_job_id = coalesce(job_number, schedule.last_job_id),
                next_run_at = elt.next_run(due.cron, due.time_zone, at_time),
                error = null
            where schedule.schedule = due.schedule;
            enqueued := enqueued + (job_number is not null)::integer;
        exception
            -- For example, a time zone that no longer exists. Other schedules must still run.
            when others then
                update elt.schedule
                set error = sqlerrm, next_run_at = at_time + interval '1 hour'
                where schedule.schedule = due.schedule;
        end;
    end loop;
    return enqueued;
end
$$;

--
-- Name: FUNCTION enqueue_due(at_time timestamp with time zone); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.enqueue_due(at_time timestamp with time zone) IS 'Enqueues the jobs of all schedules that are due, sets their next time and returns their number.';

--
-- Name: enqueue_task_job(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.enqueue_task_job() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    job_number bigint;
begin
    select
        elt.enqueue(
            task_job.kind,
            task_job.args || jsonb_build_object('task_id', new.task_id),
            dedup_key => 'task:' || new.task_id
        )
    into job_number
    from elt.task_job
    where task_job.task_name = new.name;
    update elt.job
    set
        cause_table = format('%s.%s', tg_table_schema, tg_table_name),
        cause_key = jsonb_build_object('task_id', new.task_id)
    where job.job_id = job_number and job.created_at = now();
    return null;
end
$$;

--
-- Name: FUNCTION enqueue_task_job(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.enqueue_task_job() IS 'Trigger, after insert, of a table with task_id and name: enqueues the job of elt.task_job in the same transaction.';

--
-- Name: epoch_milliseconds_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.epoch_milliseconds_value(value text) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when octet_length(btrim(value, E' \t\n\r\f\x0B')) > 40
            then null
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+(\.[0-9]{1,3})?$'
            then null
        when
            btrim(value, E' \t\n\r\f\x0B')::numeric >= -62135596800000
            and btrim(value, E' \t\n\r\f\x0B')::numeric < 253402300800000
            then (
                timestamp '1970-01-01'
                + make_interval(
                    days => div(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400000)::integer,
                    secs => (
                        mod(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400000) / 1000
                    )::double precision
                )
            ) at time zone 'UTC'
    end
$_$;

--
-- Name: FUNCTION epoch_milliseconds_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.epoch_milliseconds_value(value text) IS 'Reads a point in time in milliseconds since 1970-01-01 00:00 UTC: digits with an optional sign and up to 3 decimal places. White space around it is allowed. Null for anything else, and outside the years 1 to 9999.';

--
-- Name: epoch_seconds_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.epoch_seconds_value(value text) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when octet_length(btrim(value, E' \t\n\r\f\x0B')) > 40
            then null
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+(\.[0-9]{1,6})?$'
            then null
        when
            btrim(value, E' \t\n\r\f\x0B')::numeric >= -62135596800
            and btrim(value, E' \t\n\r\f\x0B')::numeric < 253402300800
            then (
                timestamp '1970-01-01'
                + make_interval(
                    days => div(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400)::integer,
                    secs => mod(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400)::double precision
                )
            ) at time zone 'UTC'
    end
$_$;

--
-- Name: FUNCTION epoch_seconds_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.epoch_seconds_value(value text) IS 'Reads a point in time in seconds since 1970-01-01 00:00 UTC: digits with an optional sign and up to 6 decimal places. White space around it is allowed. Null for anything else, and outside the years 1 to 9999.';

--
-- Name: facet_columns(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.facet_columns(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with relations as (
        select facet_columns.relation::oid as oid
        union
        select read_relation::oid as oid
        from elt.upstream(facet_columns.relation) as read_relation
    ),

    -- Tables with their partitions, which may be analyzed without the whole.
    tables as (
        select relations.oid
        from relations
        union
        select pg_inherits.inhrelid as oid
        from relations
        inner join pg_catalog.pg_inherits on relations.oid = pg_inherits.inhparent
    ),

    -- A negative number of distinct values is a share of the rows.
    counted as (
        select
            pg_attribute.attname,
            pg_attribute.atttypid,
            pg_class.reltuples as row_count,
            case
                when pg_stats.n_distinct < 0 then -pg_stats.n_distinct * pg_class.reltuples
                else pg_stats.n_distinct
            end as value_count
        from tables
        inner join pg_catalog.pg_class on tables.oid = pg_class.oid and pg_class.relkind in ('r', 'p')
        inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
        inner join pg_catalog.pg_attribute on pg_class.oid = pg_attribute.attrelid
        inner join pg_catalog.pg_stats
            on
                pg_namespace.nspname = pg_stats.schemaname
                and pg_class.relname = pg_stats.tablename
                and pg_attribute.attname = pg_stats.attname
    )

    select pg_attribute.attname::text
    from pg_catalog.pg_attribute
    inner join pg_catalog.pg_type on pg_attribute.atttypid = pg_type.oid
    left join counted on pg_attribute.attname = counted.attname and pg_attribute.atttypid = counted.atttypid
    where
        pg_attribute.attrelid = facet_columns.relation
        and pg_attribute.attnum > 0
        and pg_type.typcategory in ('S', 'B', 'N', 'E')
        and pg_attribute.attname not like '\_%'
    group by pg_attribute.attnum, pg_attribute.attname
    having
        bool_or(pg_type.typcategory = 'B')
        or (max(counted.value_count) between 1.5 and 20 and max(counted.value_count) * 2 <= max(counted.row_count))
    order by pg_attribute.attnum
$$;

--
-- Name: FUNCTION facet_columns(relation regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.facet_columns(relation regclass) IS 'Returns the columns of a table or view that have few different values: booleans, and others from the statistics of PostgreSQL. The page of the table counts these values.';

--
-- Name: fail_job(bigint, bigint, text, text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.fail_job(job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    held elt.job;
    outcome text;
    state_after text;
begin
    select job.* into held
    from elt.job
    where job.job_id = fail_job.job_id
    for update;
    outcome := case when held.cancel_requested_at is null then 'failed' else 'cancelled' end;
    held := elt.end_attempt(job_id, claim_number, outcome, error, sqlstate_of_error);
    state_after := case
        when outcome = 'cancelled' then 'cancelled'
        when not may_pass or left(sqlstate_of_error, 2) in ('22', '23', '42') then 'dead'
        when held.attempt_count >= held.max_attempts then 'dead'
        else 'queued'
    end;
    update elt.job
    set error = fail_job.error
    where job.job_id = fail_job.job_id;
    if state_after = 'queued' then
        perform elt.requeue_job(job_id, now() + elt.retry_pause(held.attempt_count), held.attempt_count);
    else
        update elt.job
        set
            state = state_after,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = fail_job.job_id;
    end if;
    return state_after;
end
$$;

--
-- Name: FUNCTION fail_job(job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.fail_job(job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean) IS 'Ends an attempt that failed. The job is queued for the next attempt, is dead after the last one, or is cancelled if that was requested. Returns its state.';

--
-- Name: fill_rows(regclass, regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.fill_rows(target regclass, core_query regclass) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    parts record := elt.core_columns(target, core_query);
    is_large boolean := exists (
        select 1
        from elt.live_load
        inner join elt.load on live_load.load_id = load.load_id
        where load.rows_staged > 200000
    );
    rows_inserted bigint;
begin
    if is_large then
        execute format(
            'create temporary table elt_incoming on commit drop as select %s from %s',
            parts.column_list, core_query
        );
        core_query := 'pg_temp.elt_incoming'::regclass;
    end if;
    execute format('insert into %s (%2$s) select %2$s from %3$s', target, parts.column_list, core_query);
    get diagnostics rows_inserted = row_count;
    if is_large then
        drop table pg_temp.elt_incoming;
        -- For the rules, which run next.
        execute format('analyze %s', target);
    end if;
    return rows_inserted;
end
$_$;

--
-- Name: FUNCTION fill_rows(target regclass, core_query regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.fill_rows(target regclass, core_query regclass) IS 'Inserts all rows of a core query into its table, which must be empty, and returns their number.';

--
-- Name: first_key_column(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.first_key_column(target regclass) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select quote_ident(pg_attribute.attname)
    from pg_catalog.pg_index
    inner join pg_catalog.pg_attribute
        on pg_index.indrelid = pg_attribute.attrelid and pg_index.indkey[0] = pg_attribute.attnum
    where pg_index.indrelid = target and pg_index.indisprimary
$$;

--
-- Name: FUNCTION first_key_column(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.first_key_column(target regclass) IS 'Returns the first column of the primary key of a table, quoted where necessary. It is null only where an outer join found no row.';

--
-- Name: form_outcome(uuid, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.form_outcome(form_id uuid, account_name text) RETURNS TABLE(content_sha256 bytea, row_key text[], said text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select sent_form.content_sha256, sent_form.row_key, sent_form.said
    from elt.sent_form
    where sent_form.form_id = form_outcome.form_id and sent_form.account_name = form_outcome.account_name
$$;

--
-- Name: FUNCTION form_outcome(form_id uuid, account_name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.form_outcome(form_id uuid, account_name text) IS 'Returns the outcome of a form that the account sent before. No row if the form was not processed.';

--
-- Name: grant_roles(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.grant_roles() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    missing record;
    statement_count bigint := 0;
begin
    for missing in
        select grant_statement.statement
        from elt.grant_statement
        where
            grant_statement.part = 'right'
            and not grant_statement.is_done
            and to_regrole(grant_statement.role_name) is not null
        order by grant_statement.place
    loop
        begin
            execute missing.statement;
            statement_count := statement_count + 1;
        exception
            when insufficient_privilege then
                raise warning 'could not run: %', missing.statement using detail = sqlerrm;
        end;
    end loop;
    return statement_count;
end
$$;

--
-- Name: FUNCTION grant_roles(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.grant_roles() IS 'Grants the roles elt_load, elt_read, elt_web, elt_worker and elt_query the rights that they need, as far as they exist, and returns the number of statements run.';

--
-- Name: has_accounts(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.has_accounts() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select exists (select from elt.account where account.disabled_at is null)
$$;

--
-- Name: FUNCTION has_accounts(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.has_accounts() IS 'Whether there is an account that can sign in.';

--
-- Name: has_citus(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.has_citus() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select to_regclass('pg_catalog.pg_dist_partition') is not null
$$;

--
-- Name: FUNCTION has_citus(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.has_citus() IS 'Whether the database has Citus, which distributes tables over several servers.';

--
-- Name: has_key(jsonb, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.has_key(document jsonb, key jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select bool_and(elt.is_same(document ->> part.name, part.value))
    from jsonb_each_text(key) as part (name, value)
$$;

--
-- Name: FUNCTION has_key(document jsonb, key jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.has_key(document jsonb, key jsonb) IS 'Whether an object has all values of a key at its top level. The key is an object of names and values.';

--
-- Name: has_replaced_rows(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.has_replaced_rows(source text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(bool_or(
        pg_index.indrelid is not null
        and pg_attribute.attnum <> all(pg_index.indkey::int2[])
    ), false)
    from elt.filled_table
    inner join pg_catalog.pg_attribute
        on filled_table.filled = pg_attribute.attrelid and pg_attribute.attname = '_load_id'
    left join pg_catalog.pg_index
        on filled_table.filled = pg_index.indrelid and pg_index.indisprimary
    where has_replaced_rows.source = any(filled_table.sources)
$$;

--
-- Name: FUNCTION has_replaced_rows(source text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.has_replaced_rows(source text) IS 'Whether rows of a load of an append or merge source can take the place of rows of earlier loads.';

--
-- Name: has_value(anyelement, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.has_value(stored anyelement, key text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select elt.is_same(to_jsonb(stored) #>> '{}', key)
$$;

--
-- Name: FUNCTION has_value(stored anyelement, key text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.has_value(stored anyelement, key text) IS 'Whether a column of a core table has the value of a key (elt.is_same). Dates are compared as ISO dates.';

--
-- Name: header_key(jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.header_key(header jsonb) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(
        (
            select array_agg(pg_attribute.attname::text order by key_column.place)
            from pg_catalog.pg_index
            cross join lateral unnest(pg_index.indkey::int2[]) with ordinality as key_column (attnum, place)
            inner join pg_catalog.pg_attribute
                on pg_index.indrelid = pg_attribute.attrelid and key_column.attnum = pg_attribute.attnum
            where pg_index.indrelid = to_regclass(header ->> 'fills') and pg_index.indisprimary
        ),
        (
            select array_agg(coalesce(named.name[1], named.name[2]) order by named.place)
            from regexp_matches(
                substring(
                    header ->> 'grain'
                    from '\(((?:[a-z_][a-z0-9_]*|"[^"]+")(?:, *(?:[a-z_][a-z0-9_]*|"[^"]+"))*)\)'
                ),
                '"([^"]+)"|([a-z_][a-z0-9_]*)',
                'g'
            ) with ordinality as named (name, place)
        )
    )
$$;

--
-- Name: FUNCTION header_key(header jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.header_key(header jsonb) IS 'Returns the key columns of a view: the primary key of the table that it fills, or the columns in parentheses in its grain, such as: one row per (a, b). Null if there are none. header is the header of its file.';

--
-- Name: heartbeat(bigint, bigint[], interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.heartbeat(worker_id bigint, job_ids bigint[], lease interval DEFAULT '00:01:00'::interval) RETURNS TABLE(job_id bigint, claim_number bigint, is_cancelled boolean)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with seen as (
        update elt.worker
        set last_seen_at = now(), stopped_at = null
        where worker.worker_id = heartbeat.worker_id
    ),

    -- Skips a job that is locked by an open transaction of another session, and renews the others.
    mine as (
        select
            job.job_id,
            job.job_id = any(job_ids) as is_run
        from elt.job
        where
            job.worker_id = heartbeat.worker_id
            and job.state = 'running'
            and (job.job_id = any(job_ids) or job.started_at < now() - interval '5 seconds')
        order by job.job_id
        for no key update skip locked
    ),

    -- No worker knows of a claim whose answer got lost. Other workers need not wait for its lease to end.
    renewed as (
        update elt.job
        set lease_until = case when mine.is_run then now() + lease else now() end
        from mine
        where job.job_id = mine.job_id
    )

    select
        job.job_id,
        job.claim_count,
        job.cancel_requested_at is not null
    from elt.job
    where
        job.worker_id = heartbeat.worker_id
        and job.state = 'running'
        and job.job_id = any(job_ids)
$$;

--
-- Name: FUNCTION heartbeat(worker_id bigint, job_ids bigint[], lease interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.heartbeat(worker_id bigint, job_ids bigint[], lease interval) IS 'Renews the leases of the jobs that a worker reports as running, and returns the jobs that it still holds. The worker has lost a job that is missing, and should end a job that is cancelled.';

--
-- Name: holds_worker_lock(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.holds_worker_lock(worker_id bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select exists (
        select 1
        from pg_catalog.pg_locks
        inner join pg_catalog.pg_database on pg_locks.database = pg_database.oid
        where
            pg_locks.locktype = 'advisory'
            and pg_database.datname = current_database()
            and pg_locks.classid = 6646903
            and pg_locks.objid = worker_id
            and pg_locks.objsubid = 2
            and pg_locks.granted
    )
$$;

--
-- Name: FUNCTION holds_worker_lock(worker_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.holds_worker_lock(worker_id bigint) IS 'Whether a session holds the advisory lock of a worker, which shows that the worker is alive.';

--
-- Name: instant_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.instant_value(value text) RETURNS timestamp with time zone
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    trimmed text := btrim(value, E' \t\n\r\f\x0B');
    zone text := substring(trimmed, '(?:Z|z|UTC|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)$');
    before_zone text := left(trimmed, length(trimmed) - length(zone));
begin
    if zone in ('Z', 'z', 'UTC') then
        return elt.local_timestamp_value(before_zone) at time zone 'UTC';
    end if;
    return elt.local_timestamp_value(before_zone) at time zone make_interval(
        hours => left(zone, 3)::integer,
        mins => (left(zone, 1) || lpad(ltrim(substr(zone, 4), ':'), 2, '0'))::integer
    );
end
$_$;

--
-- Name: FUNCTION instant_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.instant_value(value text) IS 'Reads a date and time with a zone: what elt.local_timestamp_value reads, followed by Z, UTC, +01:00, +0100 or +01. Null for anything else, including a text without a zone.';

--
-- Name: integer_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.integer_value(value text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case
        when elt.bigint_value(value) between -2147483648 and 2147483647
            then elt.bigint_value(value)::integer
    end
$$;

--
-- Name: FUNCTION integer_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.integer_value(value text) IS 'As elt.bigint_value, but also null for numbers that do not fit into 32 bits.';

--
-- Name: is_distributed_function(regprocedure); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.is_distributed_function(routine regprocedure) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    is_known boolean := false;
begin
    if elt.has_citus() then
        execute
            'select exists (
                select 1 from pg_catalog.pg_dist_object where classid = ''pg_proc''::regclass and objid = $1 limit 1
            )'
        into is_known
        using routine::oid;
    end if;
    return is_known;
end
$_$;

--
-- Name: FUNCTION is_distributed_function(routine regprocedure); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.is_distributed_function(routine regprocedure) IS 'Whether Citus keeps a function on all nodes.';

--
-- Name: is_missing(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.is_missing(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select
        value is null
        or lower(btrim(value, E' \t\n\r\f\x0B') collate "C")
        in ('', 'na', 'n/a', 'null', 'none', 'nan', 'nat', '-', '--', '.', '?', '\n')
$$;

--
-- Name: FUNCTION is_missing(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.is_missing(value text) IS 'Returns whether a value is missing: null, empty, or a marker such as NA, N/A, null, NaN, -, ? or \N, in any case. White space around it is allowed.';

--
-- Name: is_prepared(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.is_prepared(table_name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(
        count(*) = max(prepared_part.parts)
        and min(prepared_part.core_state) = max(prepared_part.core_state)
        and min(prepared_part.core_state) = elt.core_state(is_prepared.table_name),
        false
    )
    from elt.prepared_part
    where prepared_part.table_name = is_prepared.table_name
$$;

--
-- Name: FUNCTION is_prepared(table_name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.is_prepared(table_name text) IS 'Whether all parts of a core table are prepared for the loads that are live now, and nothing that they were made from has changed since.';

--
-- Name: is_same(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.is_same(value text, key text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce(
        elt.text_value(value) = elt.text_value(key) or elt.bigint_value(value) = elt.bigint_value(key),
        elt.text_value(value) = elt.text_value(key),
        false
    )
$$;

--
-- Name: FUNCTION is_same(value text, key text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.is_same(value text, key text) IS 'Whether a raw value equals the value of a key: as text without white space around it, or as an integer (007 equals 7).';

--
-- Name: iso_date_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.iso_date_value(value text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
    return elt.date_value(value);
end
$$;

--
-- Name: FUNCTION iso_date_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.iso_date_value(value text) IS 'As elt.date_value, for text that another function returns: elt.iso_date_value(elt.day_first_as_iso(text)).';

--
-- Name: iso_timestamp_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.iso_timestamp_value(value text) RETURNS timestamp without time zone
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
    return elt.local_timestamp_value(value);
end
$$;

--
-- Name: FUNCTION iso_timestamp_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.iso_timestamp_value(value text) IS 'As elt.local_timestamp_value, for text that another function returns: elt.iso_timestamp_value(elt.day_first_as_iso(text)).';

--
-- Name: job_argument_choices(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_argument_choices(kind text, argument text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    described elt.job_argument;
    found_choices text[];
begin
    select job_argument.* into described
    from elt.job_argument
    where
        job_argument.kind = job_argument_choices.kind
        and job_argument.argument = job_argument_choices.argument;
    if described.choice_table is null then
        return described.choices;
    end if;
    execute format(
        'select array_agg(distinct %1$I::text order by %1$I::text) from %2$I.%3$I',
        described.choice_column,
        split_part(described.choice_table, '.', 1),
        split_part(described.choice_table, '.', 2)
    ) into found_choices;
    return coalesce(found_choices, '{}');
end
$_$;

--
-- Name: FUNCTION job_argument_choices(kind text, argument text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_argument_choices(kind text, argument text) IS 'Returns the allowed values of an argument. Null if any value is allowed.';

--
-- Name: job_argument_problems(text, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_argument_problems(kind text, args jsonb) RETURNS TABLE(argument text, problem text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with described as (
        select
            job_argument.*,
            nullif(job_argument_problems.args -> job_argument.argument, 'null') as value,
            elt.job_argument_choices(job_argument.kind, job_argument.argument) as allowed
        from elt.job_argument
        where job_argument.kind = job_argument_problems.kind
    ),

    -- The elements of lists, or the value itself.
    element as (
        select
            described.argument,
            described.type,
            described.allowed,
            listed.value
        from described
        cross join lateral jsonb_array_elements(
            case when described.is_list then described.value else jsonb_build_array(described.value) end
        ) as listed (value)
        where
            described.value is not null
            and (not described.is_list or jsonb_typeof(described.value) = 'array')
    ),

    found as (
        select
            given.argument,
            2000000000 as place,
            'There is no such argument.' as problem
        from jsonb_object_keys(job_argument_problems.args) as given (argument)
        where
            given.argument <> 'task_id'
            and exists (select 1 from described)
            and given.argument not in (select described.argument from described)
        union all
        select
            described.argument,
            described.place,
            case
                when described.value is null then 'This argument is required.'
                else 'This must be a list.'
            end as problem
        from described
        where
            (described.is_required and coalesce(described.value, '""') in ('""', '[]'))
            or (described.is_list and jsonb_typeof(described.value) <> 'array')
        union all
        select
            described.argument,
            described.place,
            coalesce(
                elt.job_value_problem(element.value, element.type),
                format('There is no choice "%s".', element.value #>> '{}')
            ) as problem
        from element
        inner join described on element.argument = described.argument
        where
            elt.job_value_problem(element.value, element.type) is not null
            or element.value #>> '{}' <> all(element.allowed)
    )

    select
        found.argument,
        min(found.problem) as problem
    from found
    group by found.argument
    order by min(found.place), found.argument
$$;

--
-- Name: FUNCTION job_argument_problems(kind text, args jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_argument_problems(kind text, args jsonb) IS 'Returns what is wrong with the arguments of a job, one sentence per argument. No row if they are valid, and for kinds without described arguments.';

--
-- Name: job_difference(bigint, text, jsonb, text, bigint, timestamp with time zone, bigint, interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_difference(job_id bigint, kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, max_attempts bigint, time_limit interval) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select array(
        select compared.name
        from elt.job
        inner join elt.job_kind on job_kind.kind = job_difference.kind
        cross join lateral (
            values
            (1, 'kind', job.kind <> job_difference.kind),
            (2, 'args', job.args <> coalesce(job_difference.args, '{}')),
            (3, 'queue', job.queue <> job_difference.queue),
            (4, 'priority', job.priority <> job_difference.priority),
            -- Two times in the past both mean now.
            (5, 'run_at', greatest(job.run_at, now()) <> greatest(job_difference.run_at, now())),
            (6, 'max_attempts', job.max_attempts <> coalesce(job_difference.max_attempts, job_kind.max_attempts)),
            (7, 'time_limit', job.time_limit <> coalesce(job_difference.time_limit, job_kind.time_limit))
        ) as compared (place, name, is_other)
        where job.job_id = job_difference.job_id and compared.is_other
        order by compared.place
    )
$$;

--
-- Name: FUNCTION job_difference(job_id bigint, kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, max_attempts bigint, time_limit interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_difference(job_id bigint, kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, max_attempts bigint, time_limit interval) IS 'Returns the names of the settings in which a job differs from the arguments of elt.enqueue(), such as args and priority.';

--
-- Name: job_history(interval, interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_history(span interval, step interval) RETURNS TABLE(from_time timestamp with time zone, succeeded_count bigint, failed_count bigint, queued_count bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with bounds as (
        select
            date_bin(step, now() - span, 'epoch') + step as first_time,
            date_bin(step, now(), 'epoch') as last_time
    ),

    finished as (
        select
            date_bin(step, job_attempt.finished_at, 'epoch') as from_time,
            count(*) filter (where job_attempt.outcome = 'succeeded') as succeeded_count,
            count(*) filter (where job_attempt.outcome in ('failed', 'lost')) as failed_count
        from bounds
        inner join elt.job_attempt
            on
                job_attempt.started_at > bounds.first_time - interval '7 days'
                and bounds.first_time <= job_attempt.finished_at
        group by date_bin(step, job_attempt.finished_at, 'epoch')
    ),

    -- Times during which a job could have been claimed, and was not. The end is null if it is still queued.
    waits as (
        select
            job_attempt.due_at as wait_start,
            job_attempt.started_at as wait_end
        from bounds
        inner join elt.job_attempt on bounds.first_time <= job_attempt.started_at
        where job_attempt.due_at is not null
        union all
        select
            greatest(job.run_at, job.created_at) as wait_start,
            null as wait_end
        from elt.job
        where job.state = 'queued' and job.run_at <= now()
        union all
        select
            greatest(job.run_at, job.created_at) as wait_start,
            job.finished_at as wait_end
        from bounds
        inner join elt.job on bounds.first_time <= job.finished_at
        where
            job.state = 'cancelled'
            and job.run_at < job.finished_at
            and (job.started_at is null or job.started_at < job.run_at)
    ),

    -- Each wait adds one in the step in which it starts and subtracts one in the step in which it ends.
    change as (
        select
            greatest(date_bin(step, waits.wait_start, 'epoch'), bounds.first_time) as from_time,
            1 as difference
        from waits
        cross join bounds
        union all
        select
            date_bin(step, waits.wait_end, 'epoch') as from_time,
            -1 as difference
        from waits
        where waits.wait_end is not null
    ),

    changed as (
        select
            change.from_time,
            sum(change.difference) as difference
        from change
        group by change.from_time
    )

    select
        steps.from_time,
        coalesce(finished.succeeded_count, 0) as succeeded_count,
        coalesce(finished.failed_count, 0) as failed_count,
        coalesce(sum(changed.difference) over (order by steps.from_time), 0)::bigint as queued_count
    from bounds
    cross join lateral generate_series(bounds.first_time, bounds.last_time, step) as steps (from_time)
    left join finished on steps.from_time = finished.from_time
    left join changed on steps.from_time = changed.from_time
    order by steps.from_time
$$;

--
-- Name: FUNCTION job_history(span interval, step interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_history(span interval, step interval) IS 'Attempts that finished within each step of the span before now, and the jobs that were due and waited for a worker at its end: elt.job_history(''1 hour'', ''1 minute''). The last step has not ended.';

--
-- Name: job_value_problem(jsonb, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_value_problem(value jsonb, type text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    is_text constant boolean := jsonb_typeof(value) = 'string';
    word constant text := value #>> '{}';
    form text := 'a text';
    is_valid boolean := is_text;
begin
    case type
        when 'integer' then
            form := 'a whole number';
            is_valid := jsonb_typeof(value) = 'number' and word ~ '^-?[0-9]{1,18}$';
        when 'number' then
            form := 'a number';
            is_valid := jsonb_typeof(value) = 'number';
        when 'boolean' then
            form := 'true or false';
            is_valid := jsonb_typeof(value) = 'boolean';
        when 'date' then
            form := 'a day such as 2026-11-30';
            is_valid := is_text and elt.date_value(word) is not null;
        when 'time' then
            form := 'a time with its zone such as 2026-11-30T17:30:00Z';
            is_valid := is_text and elt.instant_value(word) is not null;
        when 'interval' then
            form := 'a time span such as 30 days or 90 minutes';
            is_valid := is_text and word::interval is not null;
        when 'json' then
            is_valid := true;
        else
            null;
    end case;
    return case when not is_valid then format('This must be %s.', form) end;
exception
    when data_exception then
        return format('This must be %s.', form);
end
$_$;

--
-- Name: FUNCTION job_value_problem(value jsonb, type text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_value_problem(value jsonb, type text) IS 'Returns why a value is not of a type of elt.job_argument, a sentence. Null if it is.';

--
-- Name: job_wait(text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.job_wait(queues text[]) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
    select ceil(extract(epoch from job.run_at - clock_timestamp()) * 1000)::bigint
    from elt.job
    where
        job.state = 'queued'
        and job.run_at > now()
        and job.run_at < 'infinity'
        and job.queue = any(queues)
    order by job.run_at asc
    limit 1
$$;

--
-- Name: FUNCTION job_wait(queues text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.job_wait(queues text[]) IS 'Milliseconds until the next job of these queues is due. Null if no job is scheduled.';

--
-- Name: keep_audit(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.keep_audit() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW' then
        -- Anyone can add failures of unknown accounts, so they would fill the disk.
        if
            old.happened_at < now() - interval '1 year'
            or (
                old.action = 'sign_in.fail'
                and old.about is null
                and old.happened_at < now() - interval '30 days'
            )
        then
            return old;
        end if;
    end if;
    raise exception 'elt.audit is append-only'
        using
            errcode = 'object_not_in_prerequisite_state',
            hint = 'Only entries older than a year can be deleted, with elt.prune_audit().';
end
$$;

--
-- Name: FUNCTION keep_audit(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.keep_audit() IS 'Trigger of elt.audit. Refuses to update, truncate, and delete entries younger than a year.';

--
-- Name: keep_next_run(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.keep_next_run() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    next_run timestamptz;
begin
    -- A migration may insert a row before sql/elt has made the function; elt.enqueue_due() completes it.
    if to_regprocedure('elt.next_run(text, text, timestamptz)') is null then
        return new;
    end if;
    next_run := elt.next_run(new.cron, new.time_zone, now());
    if next_run is null then
        raise exception 'schedule "%" never comes: %', new.schedule, new.cron
            using errcode = 'invalid_parameter_value';
    end if;
    new.next_run_at := case when tg_op = 'INSERT' then coalesce(new.next_run_at, next_run) else next_run end;
    new.error := null;
    return new;
end
$$;

--
-- Name: FUNCTION keep_next_run(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.keep_next_run() IS 'Trigger of elt.schedule: refuses invalid times, and computes the next one.';

--
-- Name: keep_times(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.keep_times() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'INSERT' then
        new.created_at := now();
    else
        new.created_at := old.created_at;
    end if;
    -- Later than before also within one transaction.
    new.updated_at := case when tg_op = 'INSERT' then now() else clock_timestamp() end;
    return new;
end
$$;

--
-- Name: FUNCTION keep_times(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.keep_times() IS 'Trigger, before insert or update, of a table with created_at and updated_at: sets them, whatever the client sends.';

--
-- Name: kept_attribute(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.kept_attribute(target regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive readers as (
        select target::oid as oid, 'table' as kind
        union
        select dependent.view_id, 'view' as kind
        from readers
        cross join lateral elt.table_dependent(readers.oid) as dependent
        where dependent.view_id is not null
    )

    select
        case pg_description.objsubid
            when 0 then format('comment on %s %s is %L', readers.kind, readers.oid::regclass, pg_description.description)
            else format(
                'comment on column %s.%I is %L',
                readers.oid::regclass, pg_attribute.attname, pg_description.description
            )
        end
    from readers
    inner join pg_catalog.pg_description
        on readers.oid = pg_description.objoid and pg_description.classoid = 'pg_class'::regclass
    left join pg_catalog.pg_attribute
        on readers.oid = pg_attribute.attrelid and pg_description.objsubid = pg_attribute.attnum
    union all
    select attributes.statement
    from readers
    cross join lateral elt.view_attributes(readers.oid) as attributes (statement)
    where readers.kind = 'view'
    union all
    select table_statement.statement
    from elt.table_statement(target) as table_statement
    where table_statement.place = 4 or table_statement.statement like 'comment on %'
$$;

--
-- Name: FUNCTION kept_attribute(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.kept_attribute(target regclass) IS 'Returns the statements that restore comments, grants and options of a table, and of all views that read it, after both were made anew.';

--
-- Name: key_condition(regclass, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.key_condition(target regclass, key jsonb) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select string_agg(
        case
            when pg_attribute.attname is null then 'false'
            else format('elt.has_value(have.%I, %L)', part.name, part.value)
        end,
        ' and '
    )
    from jsonb_each_text(key) as part (name, value)
    left join pg_catalog.pg_attribute
        on
            pg_attribute.attrelid = target
            and part.name = pg_attribute.attname
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
$$;

--
-- Name: FUNCTION key_condition(target regclass, key jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.key_condition(target regclass, key jsonb) IS 'Returns the condition that selects the rows of a core table (have) with all values of a key, an object of names and values. Null if the key is null.';

--
-- Name: later_loads(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.later_loads(load_id bigint) RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive file as (
        select
            load.load_id,
            load.load_id as file_load_id
        from elt.load
        where
            load.replayed_load_id is null
            and load.source = (
                select own.source
                from elt.load as own
                where own.load_id = later_loads.load_id
            )
        union all
        select
            load.load_id,
            file.file_load_id
        from file
        inner join elt.load on file.load_id = load.replayed_load_id
    )

    select coalesce(array_agg(later.load_id order by later.load_id), '{}')
    from file as own
    inner join file as later on own.file_load_id < later.file_load_id
    where own.load_id = later_loads.load_id
$$;

--
-- Name: FUNCTION later_loads(load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.later_loads(load_id bigint) IS 'Returns the loads of the same source whose files are later. For a load of corrected rejects, the file is the one that the rejects came from.';

--
-- Name: list_accounts(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_accounts(token_sha256 bytea, name text DEFAULT NULL::text) RETURNS TABLE(account_name text, role text, created_at timestamp with time zone, password_set_at timestamp with time zone, last_signed_in_at timestamp with time zone, disabled_at timestamp with time zone, must_change_password boolean, session_count bigint, token_count bigint, locked_until timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform elt.require_admin(token_sha256);
    return query
    select
        account.name,
        account.role,
        account.created_at,
        account.password_set_at,
        account.last_signed_in_at,
        account.disabled_at,
        account.must_change_password,
        (
            select count(*)
            from elt.session
            where
                session.account_id = account.account_id
                and session.created_at > now() - interval '7 days'
                and session.seen_at > now() - interval '12 hours'
        ),
        (
            select count(*)
            from elt.api_token
            where
                api_token.account_id = account.account_id
                and api_token.revoked_at is null
                and api_token.expires_at > now()
        ),
        (
            select max(elt.sign_in_frees_at(account.name, failed.address))
            from (
                select distinct sign_in.address
                from elt.sign_in
                where
                    lower(sign_in.name) = lower(account.name)
                    and not sign_in.is_success
                    and sign_in.attempted_at > now() - interval '15 minutes'
            ) as failed
        )
    from elt.account
    where lower(account.name) = lower(coalesce(list_accounts.name, account.name))
    order by account.disabled_at is not null, lower(account.name);
end
$$;

--
-- Name: FUNCTION list_accounts(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_accounts(token_sha256 bytea, name text) IS 'Returns all accounts, or one, for the admin whose session it is. locked_until: until then, sign-ins from a network that failed too often must wait.';

--
-- Name: list_audit(bytea, text, text, timestamp with time zone, timestamp with time zone, bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint) RETURNS TABLE(audit_id bigint, happened_at timestamp with time zone, done text, about text, done_by text, address text, detail text, role_name text, program text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform elt.require_admin(token_sha256);
    return query
    select
        audit.audit_id,
        audit.happened_at,
        audit.action,
        audit.about,
        audit.account_name,
        audit.address,
        (
            select string_agg(format('%s: %s', fact.name, fact.value), ', ' order by fact.name)
            from jsonb_each_text(audit.detail) as fact (name, value)
        ),
        audit.role_name,
        audit.program
    from elt.audit
    where
        (list_audit.action is null or audit.action = list_audit.action)
        and (
            list_audit.account_name is null
            or lower(audit.account_name) = lower(list_audit.account_name)
            or lower(audit.about) = lower(list_audit.account_name)
        )
        and (list_audit.since is null or audit.happened_at >= list_audit.since)
        and (list_audit.until is null or audit.happened_at < list_audit.until)
        and (list_audit.before_id is null or audit.audit_id < list_audit.before_id)
    order by audit.audit_id desc
    limit least(list_audit.row_limit, 1000);
end
$$;

--
-- Name: FUNCTION list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint) IS 'Returns entries of the audit, the latest first, for the admin whose session it is. A filter that is null does not apply. before_id: entries with a lower number.';

--
-- Name: list_sessions(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_sessions(token_sha256 bytea, name text) RETURNS TABLE(session_id bigint, address text, user_agent text, created_at timestamp with time zone, seen_at timestamp with time zone, is_own boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
begin
    return query
    select
        session.session_id,
        session.address,
        session.user_agent,
        session.created_at,
        session.seen_at,
        session.token_sha256 = list_sessions.token_sha256
    from elt.session
    where
        session.account_id = owner_id
        and session.created_at > now() - interval '7 days'
        and session.seen_at > now() - interval '12 hours'
    order by session.seen_at desc, session.session_id desc;
end
$$;

--
-- Name: FUNCTION list_sessions(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_sessions(token_sha256 bytea, name text) IS 'Returns the sessions of an account, the latest first: of the account itself or, for an admin''s session, of any account.';

--
-- Name: list_tokens(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_tokens(token_sha256 bytea, name text) RETURNS TABLE(token_id bigint, token_name text, may_change boolean, created_at timestamp with time zone, expires_at timestamp with time zone, last_used_at timestamp with time zone, revoked_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
begin
    return query
    select
        api_token.token_id,
        api_token.name,
        api_token.may_change,
        api_token.created_at,
        api_token.expires_at,
        api_token.last_used_at,
        api_token.revoked_at
    from elt.api_token
    where api_token.account_id = owner_id
    order by api_token.revoked_at is not null or api_token.expires_at <= now(), api_token.token_id desc
    limit 200;
end
$$;

--
-- Name: FUNCTION list_tokens(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_tokens(token_sha256 bytea, name text) IS 'Returns the latest 200 tokens of an account, valid ones first, without their hashes: of the account itself or, for an admin''s session, of any account.';

--
-- Name: list_value(jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_value(value jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case coalesce(jsonb_typeof(value), 'null')
        when 'array' then value
        when 'null' then '[]'::jsonb
        else jsonb_build_array(value)
    end
$$;

--
-- Name: FUNCTION list_value(value jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_value(value jsonb) IS 'Returns the value if it is a list, a list of one for a single value, and an empty list for a missing value.';

--
-- Name: list_words(anyarray); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.list_words(value anyarray) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case
        when cardinality(value) = 0 then 'empty list'
        else array_to_string(value, ', ', '–')
    end
$$;

--
-- Name: FUNCTION list_words(value anyarray); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.list_words(value anyarray) IS 'Returns a list as people write it, with commas between the values and a dash for null.';

--
-- Name: live_since(text, text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.live_since(source text, since_column text, since_type text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select load.since_value
    from elt.load
    where
        load.source = live_since.source
        and load.live_publish_id is not null
        and load.since_value is not null
        and load.since_column = live_since.since_column
        and load.since_type = live_since.since_type
    order by load.load_id desc
    limit 1
$$;

--
-- Name: FUNCTION live_since(source text, since_column text, since_type text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.live_since(source text, since_column text, since_type text) IS 'Returns the highest value of a column up to the latest live load of a source (elt.load.since_value). Null if no live load has one.';

--
-- Name: local_timestamp_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.local_timestamp_value(value text) RETURNS timestamp without time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            btrim(value, E' \t\n\r\f\x0B') !~ (
                '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                || '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0{0,3})?)?$'
            )
            then null
        when left(btrim(value, E' \t\n\r\f\x0B'), 4) = '0000'
            then null
        when
            substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer <= 28
            or substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer <= extract(
                day from
                make_date(
                    left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                    substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                    1
                )
                + interval '1 month - 1 day'
            )
            then make_timestamp(
                left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 12, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 15, 2)::integer,
                ('0' || substr(btrim(value, E' \t\n\r\f\x0B'), 18))::double precision
            )
    end
$_$;

--
-- Name: FUNCTION local_timestamp_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.local_timestamp_value(value text) IS 'Reads a date and time without a zone: YYYY-MM-DD and HH:MM, optionally with seconds of up to six decimal places. White space around it is allowed. Null for anything else, including a day that does not exist and a text with a zone.';

--
-- Name: make_live(bigint, bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.make_live(publish_id bigint, load_ids bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    replaced text[];
    merged record;
    change record;
begin
    select array_agg(load.source)
    into replaced
    from elt.load
    inner join elt.source on load.source = source.source
    where load.load_id = any(load_ids) and source.mode = 'replace';

    -- All pointers are moved first, because a core query may read several sources.
    insert into elt.live_pointer (source, load_id, publish_id)
    select
        load.source,
        load.load_id,
        make_live.publish_id
    from elt.load
    where load.load_id = any(load_ids) and load.source = any(replaced)
    order by load.source
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;
    if replaced is not null then
        perform elt.refresh_sources(publish_id, replaced);
    end if;
    update elt.load
    set live_publish_id = null
    where
        load.source = any(replaced)
        and load.live_publish_id is not null
        and load.load_id <> all(load_ids);
    update elt.load
    set
        state = 'published',
        live_publish_id = make_live.publish_id,
        core_sha256 = source_core.core_sha256,
        rolled_back_at = null
    from elt.source_core
    where
        load.load_id = any(load_ids)
        and load.source = source_core.source
        and load.source = any(replaced);

    perform elt.replace_files(publish_id, load_ids);
    for merged in
        select
            load.source,
            array_agg(load.load_id order by load.load_id) as load_ids,
            -- Corrected records are as old as their file, and may be older than live loads.
            count(*) > 1 and not bool_or(load.replayed_load_id is not null) and not exists (
                select 1
                from elt.load as live
                where
                    live.source = load.source
                    and live.live_publish_id is not null
                    and live.load_id > min(load.load_id)
            ) as is_batch
        from elt.load
        where load.load_id = any(load_ids) and load.source <> all(coalesce(replaced, '{}'))
        group by load.source
        order by min(load.load_id)
    loop
        for change in
            select batch.*
            from elt.merge_batch(publish_id, merged.source, merged.load_ids) as batch
            where merged.is_batch
            union all
            select single.*
            from unnest(merged.load_ids) as named (load_id)
            cross join lateral elt.merge_load(publish_id, named.load_id) as single
            where not merged.is_batch
        loop
            perform elt.add_publish_change(
                publish_id, change.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
            );
        end loop;
    end loop;
end
$$;

--
-- Name: FUNCTION make_live(publish_id bigint, load_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.make_live(publish_id bigint, load_ids bigint[]) IS 'Moves the live pointers of sources to loads and updates core from these loads.';

--
-- Name: mark_dead_loads(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.mark_dead_loads() RETURNS SETOF bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    candidate record;
begin
    -- A running load holds the advisory lock (6646901, its number), for a batch that of the first load. If the lock is
    -- free, the load is dead.
    for candidate in
        select
            load.load_id,
            coalesce(load.batch_load_id, load.load_id) as locked_id
        from elt.load
        where load.state in ('copying', 'staged')
        order by load.load_id
    loop
        if pg_try_advisory_xact_lock(6646901, candidate.locked_id::integer) then
            update elt.load
            set
                state = 'interrupted',
                finished_at = now(),
                error = 'the program ended before the load was published'
            where
                load.load_id = candidate.load_id
                and load.state in ('copying', 'staged');
            if found then
                return next candidate.load_id;
            end if;
        end if;
    end loop;
end
$$;

--
-- Name: FUNCTION mark_dead_loads(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.mark_dead_loads() IS 'Marks loads whose program died as interrupted, and returns their numbers.';

--
-- Name: marked_amount_value(text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.marked_amount_value(value text, is_percent boolean) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            value !~ (
                '^[ \u00a0\u2009\u202f]*'
                -- A sign or a bracket, and a unit, in either order.
                || '(?:[-+\u2212(][ \u00a0\u2009\u202f]*(?:\u0001[ \u00a0\u2009\u202f]*)?'
                || '|\u0001[ \u00a0\u2009\u202f]*(?:[-+\u2212(][ \u00a0\u2009\u202f]*)?)?'
                -- A number with groups of one kind, or a plain one.
                || '(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+|(?:\u00a0[0-9]{3})+'
                || '|(?:\u2009[0-9]{3})+|(?:\u202f[0-9]{3})+|(?:''[0-9]{3})+|(?:\u2019[0-9]{3})+)'
                || '(?:\.[0-9]*)?'
                || '|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)'
                || '[ \u00a0\u2009\u202f]*'
                -- A bracket and a unit, in either order.
                || '(?:\)[ \u00a0\u2009\u202f]*(?:\u0001[ \u00a0\u2009\u202f]*)?'
                || '|\u0001[ \u00a0\u2009\u202f]*(?:\)[ \u00a0\u2009\u202f]*)?)?$'
            )
            then null
        when value like E'%\u0001%\u0001%'
            then null
        when (strpos(value, '(') > 0) <> (strpos(value, ')') > 0)
            then null
        when is_percent and right(rtrim(value, E') \u00a0\u2009\u202f'), 1) <> E'\u0001'
            then null
        when octet_length(value) <= 100
            then
                translate(
                    value, E'(\u2212)+\u0001,''\u2019 \u00a0\u2009\u202f', '--'
                )::numeric
        else
            elt.numeric_value(
                translate(value, E'(\u2212)+\u0001,''\u2019 \u00a0\u2009\u202f', '--')
            )
    end
$_$;

--
-- Name: FUNCTION marked_amount_value(value text, is_percent boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.marked_amount_value(value text, is_percent boolean) IS 'Reads an amount whose unit has been replaced by the character U+0001; see elt.amount_value. If is_percent is true, the unit is required after the number.';

--
-- Name: mentions(text, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.mentions(message text, key jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    select coalesce(
        bool_and(
            mentions.message ~ (
                '(^|[^[:alnum:]])'
                || regexp_replace(part.value, '([^[:alnum:]])', '\\\1', 'g')
                || '([^[:alnum:]]|$)'
            )
        ),
        false
    )
    from jsonb_each_text(key) as part (name, value)
$_$;

--
-- Name: FUNCTION mentions(message text, key jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.mentions(message text, key jsonb) IS 'Whether all values of a key appear in a message, each as a separate word. The key is an object of names and values. False for a null message.';

--
-- Name: merge_batch(bigint, text, bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.merge_batch(publish_id bigint, source text, load_ids bigint[]) RETURNS TABLE(table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $_$
declare
    target record;
    parts record;
    load_number bigint;
    foreign_load_id bigint;
    incoming text := 'pg_temp.elt_incoming';
begin
    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    perform elt.override_live(load_ids);

    rows_deleted := 0;
    for target in
        select filled_table.*
        from elt.filled_table
        where merge_batch.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        table_name := target.table_name;
        parts := elt.core_columns(target.filled, target.core_query_name::regclass);
        execute format(
            'create temporary table elt_incoming on commit drop as
            select %s, null::bigint as _merged_load_id from %s with no data',
            parts.column_list, target.core_query_name
        );
        execute format(
            'prepare elt_bring as
            insert into pg_temp.elt_incoming
            select %s, current_setting(''elt.merged_load_id'')::bigint
            from %s',
            parts.column_list, target.core_query_name
        );
        foreach load_number in array load_ids loop
            perform set_config('elt.merged_load_id', load_number::text, true);
            execute 'execute elt_bring';
        end loop;
        execute 'deallocate elt_bring';
        execute format(
            'select min(_merged_load_id) from %s where _load_id is distinct from _merged_load_id', incoming
        )
        into foreign_load_id;
        if foreign_load_id is not null then
            raise exception 'core query "%" has rows whose _load_id is not that of load %',
                target.core_query_name, foreign_load_id
                using
                    errcode = 'invalid_parameter_value',
                    hint = 'Let the core query select staged._load_id. elt rollback needs it to find the rows of a load.';
        end if;
        perform elt.create_partitions(target.filled, 2);
        if parts.key_list is null then
            execute format(
                'insert into %s (%2$s) select %2$s from pg_temp.elt_incoming', target.filled, parts.column_list
            );
            get diagnostics rows_inserted = row_count;
            rows_updated := 0;
        else
            select merged.*
            into rows_inserted, rows_updated
            from elt.merge_steps(target.filled, target.core_query_name::regclass, target.table_name) as merged;
        end if;
        drop table pg_temp.elt_incoming;
        return next;
    end loop;

    perform set_config('elt.merged_load_id', '', true);
    delete from elt.live_override
    where live_override.load_id = any(load_ids);
    insert into elt.live_pointer (source, load_id, publish_id)
    values (merge_batch.source, load_ids[cardinality(load_ids)], merge_batch.publish_id)
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;
    update elt.load
    set
        state = 'published',
        live_publish_id = merge_batch.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = merge_batch.source
        ),
        rolled_back_at = null
    where load.load_id = any(load_ids);
end
$_$;

--
-- Name: FUNCTION merge_batch(publish_id bigint, source text, load_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.merge_batch(publish_id bigint, source text, load_ids bigint[]) IS 'Makes several loads of an append or merge source live, the oldest first: merges the rows of all into core at once. They are later than every live load of the source, and none has corrected records. Returns what changed in each table.';

--
-- Name: merge_load(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.merge_load(publish_id bigint, load_id bigint) RETURNS TABLE(table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    merged record;
    target record;
begin
    select
        source.source,
        source.mode
    into strict merged
    from elt.load
    inner join elt.source on load.source = source.source
    where load.load_id = merge_load.load_id;

    insert into elt.live_pointer (source, load_id, publish_id)
    values (merged.source, merge_load.load_id, merge_load.publish_id)
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;

    delete from elt.earlier_row
    where earlier_row.load_id = merge_load.load_id;
    for target in
        select filled_table.*
        from elt.filled_table
        where merged.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        table_name := target.table_name;
        select brought.*
        into rows_inserted, rows_updated, rows_deleted
        from elt.bring_core(
            target.filled, target.core_query_name, merged.mode, merge_load.load_id, target.table_name
        ) as brought;
        return next;
    end loop;

    update elt.load
    set
        state = 'published',
        live_publish_id = merge_load.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = merged.source
        ),
        rolled_back_at = null
    where load.load_id = merge_load.load_id;
end
$$;

--
-- Name: FUNCTION merge_load(publish_id bigint, load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.merge_load(publish_id bigint, load_id bigint) IS 'Makes a load of an append or merge source live: moves the live pointer of the source to it and merges its rows into core. Returns what changed in each table.';

--
-- Name: merge_rows(regclass, regclass, bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.merge_rows(target regclass, core_query regclass, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'iso'
    SET "IntervalStyle" TO 'postgres'
    SET jit TO 'off'
    AS $_$
declare
    parts record := elt.core_columns(target, core_query);
    rows_written bigint;
    -- Corrected records are as old as their file, so rows of later files are kept.
    later_loads bigint[] := elt.later_loads(load_id);
begin
    -- A temporary table has statistics. Without them the planner does not know which partition the
    -- query reads, and would scan all of core for a large load.
    execute format(
        'create temporary table elt_incoming on commit drop as select %s from %s',
        parts.column_list, core_query
    );
    analyze pg_temp.elt_incoming;
    perform elt.require_origin('pg_temp.elt_incoming', core_query, load_id);

    rows_updated := 0;
    if parts.have_data is not null then
        execute format(
            'insert into elt.earlier_row (load_id, table_name, earlier)
            select $1, $2, %s
            from pg_temp.elt_incoming as incoming
            inner join %s as have on %s
            where row(%s) is distinct from row(%s) and have._load_id <> all(%L::bigint[])',
            parts.image, target, parts.key_matches, parts.have_data, parts.incoming_data, later_loads
        )
        using load_id, table_name;
        get diagnostics rows_updated = row_count;
    end if;
    execute format(
        'insert into %1$s as have (%2$s)
        select %2$s
        from pg_temp.elt_incoming
        on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        case
            when parts.have_data is null then 'do nothing'
            else format(
                'do update set %s where row(%s) is distinct from row(%s) and have._load_id <> all(%L::bigint[])',
                parts.updates,
                parts.have_data,
                replace(parts.incoming_data, 'incoming.', 'excluded.'),
                later_loads
            )
        end
    );
    get diagnostics rows_written = row_count;
    rows_inserted := rows_written - rows_updated;

    drop table pg_temp.elt_incoming;
end
$_$;

--
-- Name: FUNCTION merge_rows(target regclass, core_query regclass, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.merge_rows(target regclass, core_query regclass, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) IS 'Merges the rows of a load into a table with a primary key: inserts new keys, updates rows that differ and deletes none. Returns the number of rows inserted and updated.';

--
-- Name: merge_steps(regclass, regclass, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.merge_steps(target regclass, core_query regclass, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'iso'
    SET "IntervalStyle" TO 'postgres'
    SET jit TO 'off'
    AS $_$
declare
    parts record := elt.core_columns(target, core_query);
    repeated_load_id bigint;
    steps text := 'pg_temp.elt_step';
begin
    analyze pg_temp.elt_incoming;
    execute format(
        'create temporary table elt_step on commit drop as
        with numbered as (
            select
                incoming.*,
                lag(incoming._load_id) over steps as _previous_load_id,
                lag(row(%1$s)) over steps is distinct from row(%1$s) as _differs
            from pg_temp.elt_incoming as incoming
            window steps as (partition by %2$s order by incoming._load_id)
        ),

        changes as (
            select
                incoming.*,
                have.%3$s is not null as _is_known,
                incoming._previous_load_id = incoming._load_id as _is_repeated
            from numbered as incoming
            left join %4$s as have on %5$s
            where
                incoming._previous_load_id = incoming._load_id
                or case
                    when incoming._previous_load_id is not null then incoming._differs
                    when have.%3$s is null then true
                    else row(%6$s) is distinct from row(%1$s)
                end
        )

        select
            changes.*,
            row_number() over steps as _change_number,
            lead(changes._load_id) over steps as _next_load_id
        from changes
        window steps as (partition by %2$s order by changes._load_id)',
        coalesce(parts.incoming_data, '1'),
        parts.key_list,
        elt.first_key_column(target),
        target,
        parts.key_matches,
        coalesce(parts.have_data, '1')
    );
    execute format('select min(_load_id) from %s where _is_repeated', steps) into repeated_load_id;
    if repeated_load_id is not null then
        raise exception 'core query "%" returns several rows with the same key for load %', core_query, repeated_load_id
            using
                errcode = 'cardinality_violation',
                hint = 'Let the core query keep one row per key, for example with distinct on.';
    end if;

    execute format(
        'insert into elt.earlier_row (load_id, table_name, earlier)
        select incoming._load_id, $1, %s
        from pg_temp.elt_step as incoming
        inner join %s as have on %s
        where incoming._change_number = 1 and incoming._is_known
        union all
        select have._next_load_id, $1, %1$s
        from pg_temp.elt_step as have
        where have._next_load_id is not null',
        parts.image, target, parts.key_matches
    )
    using table_name;
    execute format(
        'insert into %s as have (%2$s)
        select %2$s
        from pg_temp.elt_step
        where _next_load_id is null
        on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        coalesce('do update set ' || parts.updates, 'do nothing')
    );
    execute format(
        'select
            count(*) filter (where _change_number = 1 and not _is_known),
            count(*) filter (where _change_number > 1 or _is_known)
        from %s',
        steps
    )
    into rows_inserted, rows_updated;
    execute format('drop table %s', steps);
end
$_$;

--
-- Name: FUNCTION merge_steps(target regclass, core_query regclass, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.merge_steps(target regclass, core_query regclass, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) IS 'Merges the rows of several loads, which are in the temporary table elt_incoming, into a table with a primary key, as if one load after the other were merged. Returns the number of rows inserted and updated.';

--
-- Name: month_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.month_as_iso(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case
        when
            name in (
                'jan', 'january', 'feb', 'february', 'mar', 'march', 'apr', 'april', 'may',
                'jun', 'june', 'jul', 'july', 'aug', 'august', 'sep', 'sept', 'september',
                'oct', 'october', 'nov', 'november', 'dec', 'december'
            )
            then
                lpad(
                    (
                        strpos('janfebmaraprmayjunjulaugsepoctnovdec', left(name, 3)) / 3 + 1
                    )::text,
                    2,
                    '0'
                )
    end
$$;

--
-- Name: FUNCTION month_as_iso(name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.month_as_iso(name text) IS 'Returns the two-digit number of a month, given its English name in lower case: in full, as three letters, or sept. Null for anything else.';

--
-- Name: month_first_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.month_first_as_iso(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            translate(value, '123456789', '000000000') in (
                '00.00.0000', '00.00.0000 00:00', '00.00.0000 00:00:00',
                '00/00/0000', '00/00/0000 00:00', '00/00/0000 00:00:00',
                '00-00-0000', '00-00-0000 00:00', '00-00-0000 00:00:00'
            )
            then
                substr(value, 7, 4)
                || '-'
                || left(value, 2)
                || '-'
                || substr(value, 4, 2)
                || substr(value, 11)
        when
            btrim(value, E' \t\n\r\f\x0B') ~ (
                '^[0-9]{1,2}(\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)([0-9]{4}|[0-9]{2})'
                || '([T ,]+[0-9].*)?$'
            )
            then elt.date_as_iso(
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    3
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    1
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    2
                ),
                ltrim(
                    substr(
                        btrim(value, E' \t\n\r\f\x0B'),
                        length(
                            split_part(
                                translate(btrim(value, E' \t\n\r\f\x0B'), 'T,', '  '), ' ', 1
                            )
                        ) + 1
                    ),
                    'T ,'
                )
            )
    end
$_$;

--
-- Name: FUNCTION month_first_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.month_first_as_iso(value text) IS 'Converts a date written month first, such as 1/5/2024, 01-05-24 or 1.5.2024, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';

--
-- Name: month_name_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.month_name_as_iso(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            lower(btrim(value, E' \t\n\r\f\x0B') collate "C") ~ (
                '^([0-9]{1,2}[-/., ]+[a-z]+|[a-z]+[-/., ]+[0-9]{1,2})'
                || '[-/., ]+([0-9]{4}|[0-9]{2})([t ,]+[0-9].*)?$'
            )
            then elt.date_as_iso(
                substring(
                    regexp_replace(
                        lower(btrim(value, E' \t\n\r\f\x0B') collate "C"),
                        '^[0-9a-z]+[-/., ]+[0-9a-z]+[-/., ]+',
                        ''
                    ),
                    '^[0-9]+'
                ),
                elt.month_as_iso(
                    substring(lower(btrim(value, E' \t\n\r\f\x0B') collate "C"), '[a-z]+')
                ),
                substring(btrim(value, E' \t\n\r\f\x0B'), '[0-9]+'),
                regexp_replace(
                    lower(btrim(value, E' \t\n\r\f\x0B') collate "C"),
                    '^[0-9a-z]+[-/., ]+[0-9a-z]+[-/., ]+[0-9]+[t ,]*',
                    ''
                )
            )
    end
$_$;

--
-- Name: FUNCTION month_name_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.month_name_as_iso(value text) IS 'Converts a date with an English month name, in full or as three letters, such as 5-Jan-24, 5 January 2024 or Jan 5, 2024, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';

--
-- Name: new_token(bytea, text, bytea, boolean, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_session(token_sha256);
begin
    if days is null or days not between 1 and 3660 then
        raise exception 'a token is valid for 1 to 3660 days' using errcode = 'invalid_parameter_value';
    end if;
    -- Pages list at most twice as many, so that none is hidden.
    if (
        select count(*) >= 100
        from elt.api_token
        where api_token.account_id = owner_id and (api_token.expires_at is null or api_token.expires_at > now())
    ) then
        raise exception 'an account has at most 100 tokens'
            using errcode = 'object_not_in_prerequisite_state', hint = 'Revoke those that are not used.';
    end if;
    return elt.add_token(owner_id, btrim(name), new_token_sha256, may_change, make_interval(days => days));
exception
    when check_violation then
        raise exception 'the name of a token has 1 to 150 characters' using errcode = 'invalid_parameter_value';
end
$$;

--
-- Name: FUNCTION new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer) IS 'Registers a token of the account whose session it is, and returns its number.';

--
-- Name: next_run(text, text, timestamp with time zone); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.next_run(cron text, time_zone text, after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    written constant text := btrim(cron, E' \t\r\n');
    fields constant text[] := regexp_split_to_array(
        case lower(written)
            when '@hourly' then '0 * * * *'
            when '@daily' then '0 0 * * *'
            when '@midnight' then '0 0 * * *'
            when '@weekly' then '0 0 * * 0'
            when '@monthly' then '0 0 1 * *'
            when '@yearly' then '0 0 1 1 *'
            when '@annually' then '0 0 1 1 *'
            else written
        end,
        '\s+'
    );
    is_interval constant boolean := concat(fields[1], fields[2]) like '%*%';
    minutes bigint[];
    hours bigint[];
    month_days bigint[];
    months bigint[];
    week_days bigint[];
    furthest timestamp;
    day date;
    day_start timestamptz;
    fixed_time timestamp;
    latest_time timestamptz;
    is_month_day boolean;
    is_week_day boolean;
    is_due_day boolean;
    found_time timestamptz;
begin
    if lower(written) = '@reboot' then
        raise exception 'schedule "%" has no time', cron
            using
                errcode = 'invalid_parameter_value',
                detail = 'Workers start and stop at any time, and any of them may enqueue the jobs of a schedule.',
                hint = 'To run a job at startup, call elt jobs enqueue when the machine or its worker starts.';
    elsif cardinality(fields) = 1 and left(written, 1) = '@' then
        raise exception 'there is no schedule "%"', cron
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually.';
    elsif cardinality(fields) <> 5 then
        raise exception 'schedule "%" has % fields, not 5', cron, cardinality(fields)
            using errcode = 'invalid_parameter_value';
    end if;
    minutes := elt.cron_values(fields[1], 0, 59);
    hours := elt.cron_values(fields[2], 0, 23);
    month_days := elt.cron_values(fields[3], 1, 31);
    months := elt.cron_values(fields[4], 1, 12);
    week_days := elt.cron_values(fields[5], 0, 7);
    -- The latest local time so far. If the clock was set back, it is later than the current local time.
    select max(minute at time zone time_zone) into furthest
    from generate_series(after - interval '1 day', after, interval '1 minute') as minute;
    day := (case when is_interval then after at time zone time_zone else furthest end)::date;
    -- The next 29 February may be eight years away.
    for distance in 0..3300 loop
        if extract(month from day) = any(months) then
            is_month_day := extract(day from day) = any(month_days);
            is_week_day := extract(dow from day) = any(week_days)
                or (extract(dow from day) = 0 and 7 = any(week_days));
            -- As in cron: if both are restricted, either one is enough.
            is_due_day := (is_month_day and is_week_day)
                or (
                    (is_month_day or is_week_day)
                    and left(fields[3], 1) <> '*'
                    and left(fields[5], 1) <> '*'
                );
            if is_due_day and is_interval then
                day_start := day::timestamp at time zone time_zone;
                -- Every minute of a day, which may be a few hours longer than others.
                select min(minute) into found_time
                from generate_series(
                    greatest(date_trunc('minute', after) + interval '1 minute', day_start - interval '3 hours'),
                    day_start + interval '27 hours',
                    interval '1 minute'
                ) as minute
                cross join lateral (select minute at time zone time_zone as shown) as clock
                where
                    clock.shown::date = day
                    and extract(hour from clock.shown) = any(hours)
                    and extract(minute from clock.shown) = any(minutes);
            elsif is_due_day then
                select min(candidate.shown) into fixed_time
                from unnest(hours) as hour
                cross join unnest(minutes) as minute
                cross join lateral (
                    select day + make_time(hour::integer, minute::integer, 0) as shown
                ) as candidate
                where candidate.shown > furthest;
                -- PostgreSQL takes the later of two times, and keeps the old offset for a skipped one: never early.
                latest_time := fixed_time at time zone time_zone;
                select min(minute) into found_time
                from generate_series(latest_time - interval '1 day', latest_time, interval '1 minute') as minute
                where minute at time zone time_zone >= fixed_time;
            end if;
            if found_time is not null then
                return found_time;
            end if;
        end if;
        day := day + 1;
    end loop;
    return null;
end
$$;

--
-- Name: FUNCTION next_run(cron text, time_zone text, after timestamp with time zone); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.next_run(cron text, time_zone text, after timestamp with time zone) IS 'Returns the next time after a moment at which a cron expression is due, by the clock of a time zone. Null if there is none.';

--
-- Name: node_finding(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.node_finding() RETURNS TABLE(area text, what text, level text, why text, statement text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
    return query execute $nodes$
        with answers as (
            select
                format('%s:%s', answer.nodename, answer.nodeport) as node,
                answer.success,
                answer.result
            from run_command_on_workers(
                'select count(*) from pg_prepared_xacts where database = current_database() '
                'and prepared < now() - interval ''5 minutes'''
            ) as answer
        ),

        shards as (
            select
                shard.logicalrelid,
                format('%s:%s', node.nodename, node.nodeport) as node,
                coalesce(size.shard_size, 0) as bytes
            from pg_catalog.pg_dist_shard as shard
            inner join pg_catalog.pg_dist_placement as placement on shard.shardid = placement.shardid
            inner join pg_catalog.pg_dist_node as node on placement.groupid = node.groupid
            left join citus_shards as size
                on shard.shardid = size.shardid and node.nodename = size.nodename and node.nodeport = size.nodeport
        )

        select
            'cluster', format('node %s does not answer', answers.node), 'problem',
            format('Tables with shards there can be neither read nor written: %s', answers.result), null
        from answers
        where not answers.success
        union all
        select
            'cluster', format('node %s: old prepared transactions: %s', answers.node, answers.result), 'problem',
            'Citus could not finish them. Their rows stay locked until its maintenance daemon does (citus.recover_2pc_interval).',
            'select recover_prepared_transactions()'
        from answers
        where answers.success and answers.result <> '0'
        union all
        select
            'cluster', format('node %s:%s is disabled', node.nodename, node.nodeport), 'problem',
            'Citus does not use it.',
            format('select citus_activate_node(%L, %s)', node.nodename, node.nodeport)
        from pg_catalog.pg_dist_node as node
        where not node.isactive
        union all
        select
            'cluster', format('node %s:%s has no shards', node.nodename, node.nodeport), 'advice',
            'Rows stay where they are until the shards are rebalanced.', 'select citus_rebalance_start()'
        from pg_catalog.pg_dist_node as node
        where
            node.shouldhaveshards
            and exists (select 1 from shards limit 1)
            and not exists (select 1 from shards where shards.node = format('%s:%s', node.nodename, node.nodeport) limit 1)
        union all
        select
            'cluster', format('table %s: uneven shards', shards.logicalrelid), 'advice',
            format(
                'The largest has %s of %s. Rows with the same value of the distribution column are in one shard: choose a column with more values.',
                pg_size_pretty(max(shards.bytes)), pg_size_pretty(sum(shards.bytes))
            ), null
        from shards
        group by shards.logicalrelid
        having count(*) > 1 and max(shards.bytes) > 4 * avg(shards.bytes) and max(shards.bytes) > 64 * 1024 * 1024
    $nodes$;
end
$_$;

--
-- Name: FUNCTION node_finding(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.node_finding() IS 'Returns problems of the nodes of Citus: unreachable or disabled nodes, old prepared transactions, nodes without shards, uneven shards.';

--
-- Name: note_audit(text, text, jsonb, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.note_audit(action text, about text, detail jsonb DEFAULT '{}'::jsonb, address text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if split_part(action, '.', 1) in ('account', 'password', 'sign_in', 'session', 'token', 'audit') then
        raise exception 'elt.note_audit cannot record "%"', action
            using
                errcode = 'insufficient_privilege',
                hint = 'The functions that change accounts, sessions and tokens record that themselves.';
    end if;
    perform elt.add_audit(action, about, detail, address);
end
$$;

--
-- Name: FUNCTION note_audit(action text, about text, detail jsonb, address text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.note_audit(action text, about text, detail jsonb, address text) IS 'Records an action in the audit, such as purge.load or rejects.download. Call it in the transaction of the action.';

--
-- Name: note_change(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.note_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    row_key jsonb;
    changed_table text;
begin
    select jsonb_object_agg(key_column, coalesce(old_row, new_row) -> key_column)
    into row_key
    from unnest(tg_argv) as key_column;
    if tg_op = 'UPDATE' then
        select
            jsonb_object_agg(changed.key, old_row -> changed.key),
            jsonb_object_agg(changed.key, changed.value)
        into old_row, new_row
        from jsonb_each(new_row) as changed
        where
            changed.value is distinct from old_row -> changed.key
            -- The row itself tells when it changed.
            and changed.key <> 'updated_at';
        if new_row is null then
            return null;
        end if;
    end if;
    select pg_namespace.nspname || '.' || pg_class.relname
    into changed_table
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_class.oid = coalesce(pg_partition_root(tg_relid), tg_relid);
    insert into elt.change (table_name, row_key, operation, old_values, new_values, account_name)
    values (
        changed_table,
        row_key,
        lower(tg_op),
        old_row,
        new_row,
        nullif(current_setting('elt.account', true), '')
    );
    return null;
end
$$;

--
-- Name: FUNCTION note_change(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.note_change() IS 'Trigger, after insert, update or delete of each row, with the names of the primary key''s columns as arguments: records the change in elt.change.';

--
-- Name: note_form(uuid, text, bytea, text[], text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into elt.sent_form (form_id, account_name, content_sha256, row_key, said)
    select note_form.form_id, note_form.account_name, note_form.content_sha256, note_form.row_key, note_form.said
    where note_form.form_id is not null
$$;

--
-- Name: FUNCTION note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text) IS 'Records that a form was processed, and its outcome. A form without a number is not recorded.';

--
-- Name: note_rows_before(bigint, regclass, text, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.note_rows_before(publish_id bigint, filled regclass, table_name text, sources text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    rows_after bigint;
    is_limited boolean := exists (
        select 1
        from elt.publish
        inner join elt.publish_change on publish.publish_id = publish_change.publish_id
        inner join elt.live_load on publish.publish_id = live_load.publish_id
        inner join elt.source on live_load.source = source.source
        where
            publish.publish_id = note_rows_before.publish_id
            and publish.cause = 'load'
            and publish_change.table_name = note_rows_before.table_name
            and publish_change.rows_deleted > 0
            and source.source = any(sources)
            and source.max_shrink < 1
    );
begin
    if not is_limited then
        return;
    end if;
    execute format('select count(*) from %s', filled) into rows_after;
    update elt.publish_change
    set rows_before = rows_after + publish_change.rows_deleted - publish_change.rows_inserted
    where
        publish_change.publish_id = note_rows_before.publish_id
        and publish_change.table_name = note_rows_before.table_name;
end
$$;

--
-- Name: FUNCTION note_rows_before(publish_id bigint, filled regclass, table_name text, sources text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.note_rows_before(publish_id bigint, filled regclass, table_name text, sources text[]) IS 'Records how many rows a table had before a publish of new loads, if the publish deleted some of them and elt.source.max_shrink is set for one of the sources that fill the table.';

--
-- Name: notify_job(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.notify_job() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if exists (select 1 from added where added.state = 'queued') then
        perform pg_notify('elt_job', '');
    end if;
    return null;
end
$$;

--
-- Name: FUNCTION notify_job(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.notify_job() IS 'Trigger of elt.job: wakes workers for new jobs, including those for a later time.';

--
-- Name: notify_job_again(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.notify_job_again() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform pg_notify('elt_job', '');
    return null;
end
$$;

--
-- Name: FUNCTION notify_job_again(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.notify_job_again() IS 'Trigger of elt.job: wakes workers for jobs that are queued again, or for another time.';

--
-- Name: notify_job_change(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.notify_job_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not pg_try_advisory_xact_lock_shared(6646905, 0) then
        perform pg_notify('elt_job_change', '');
    end if;
    return null;
end
$$;

--
-- Name: FUNCTION notify_job_change(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.notify_job_change() IS 'Trigger of elt.job: notifies sessions that watch jobs and hold the advisory lock (6646905, 0).';

--
-- Name: notify_schedule(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.notify_schedule() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform pg_notify('elt_schedule', '');
    return null;
end
$$;

--
-- Name: FUNCTION notify_schedule(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.notify_schedule() IS 'Trigger of elt.schedule: tells workers that the next time of a schedule changed.';

--
-- Name: numeric_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.numeric_value(value text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            octet_length(value) between 1 and 100
            and translate(value, '0123456789', '') in ('', '.')
            and value <> '.'
            then value::numeric
        when
            btrim(value, E' \t\n\r\f\x0B')
            !~ '^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$'
            then null
        when
            octet_length(btrim(value, E' \t\n\r\f\x0B')) <= 100
            or btrim(value, E' \t\n\r\f\x0B') ~ '^[+-]?[0-9]{0,100}(\.[0-9]{0,100})?([eE].*)?$'
            then btrim(value, E' \t\n\r\f\x0B')::numeric
    end
$_$;

--
-- Name: FUNCTION numeric_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.numeric_value(value text) IS 'Reads a number: at most 100 digits before and after a decimal point, an optional sign, and an optional exponent of up to 3 digits (1e-05). White space around it is allowed. Null for anything else.';

--
-- Name: open_batch(text, text, jsonb, text[], text[], text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_batch(source text, elt_version text, layout jsonb, file_names text[], locations text[], file_stamps text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    load_ids bigint[];
begin
    select array_agg(nextval(pg_get_serial_sequence('elt.load', 'load_id')) order by each)
    into load_ids
    from generate_series(1, cardinality(file_names)) as each;
    -- Another session may have drawn numbers in between, but not changed their order.
    insert into elt.load (
        load_id, source, location, elt_version, layout, file_name, file_stamp, batch_load_id
    )
    overriding system value
    select
        file.load_id,
        open_batch.source,
        file.location,
        open_batch.elt_version,
        open_batch.layout,
        file.file_name,
        file.file_stamp,
        load_ids[1]
    from unnest(load_ids, file_names, locations, file_stamps) as file (load_id, file_name, location, file_stamp);
    perform elt.open_staging(load_ids[1], null);
    return query
    select unnest(load_ids);
end
$$;

--
-- Name: FUNCTION open_batch(source text, elt_version text, layout jsonb, file_names text[], locations text[], file_stamps text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_batch(source text, elt_version text, layout jsonb, file_names text[], locations text[], file_stamps text[]) IS 'Records the loads of several files that are staged together and creates their empty partition, which is named for the first load. Returns their numbers in the order of the files.';

--
-- Name: open_part(bigint, bigint, bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    partition text;
    leaf text;
begin
    select load.source || '_load_' || load.load_id
    into strict partition
    from elt.load
    where load.load_id = open_part.load_id;

    if not exists (
        select 1
        from pg_catalog.pg_partitioned_table
        where partrelid = format('staging.%I', partition)::regclass
    ) then
        return format('staging.%I', partition);
    end if;
    leaf := format('%s_part_%s', partition, part);
    -- Another file of the load was copied before, with other columns.
    if to_regclass(format('staging.%I', leaf)) is not null then
        return format('staging.%I', leaf);
    end if;
    -- A check that implies the bounds of both levels, nulls included, makes attaching skip the scan
    -- of the rows.
    execute format(
        'create table staging.%1$I (
            like staging.%2$I including defaults including constraints,
            constraint part_check check (
                _load_id = %5$s and (_row & %3$s) is not null and (_row & %3$s) = %4$s
            )
        )',
        leaf, partition, part_mask, part_bits, load_id
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', leaf);
    end if;
    return format('staging.%I', leaf);
end
$_$;

--
-- Name: FUNCTION open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint) IS 'Returns the table that one connection of a load fills: the partition of the load, or a separate table, which is created here and attached by elt.close_part.';

--
-- Name: open_publish(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_publish(cause text, elt_version text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    publish_number bigint;
begin
    -- Only one publish runs at a time, so that none reads the partial result of another.
    perform pg_advisory_xact_lock(6646900, 2);

    insert into elt.publish (state, cause, core_sha256, sql_sha256, elt_version, started_at)
    values (
        'published', cause, elt.core_sha256(), elt.sql_sha256(), elt_version, clock_timestamp()
    )
    returning publish.publish_id into publish_number;
    return publish_number;
end
$$;

--
-- Name: FUNCTION open_publish(cause text, elt_version text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_publish(cause text, elt_version text) IS 'Starts a publish: waits until no other one is running, inserts its record and returns its number.';

--
-- Name: open_session(bigint, text, bytea, text, text, bytea, bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.use_sign_in(open_session.sign_in_id, open_session.password_hash);
begin
    if owner_id is null then
        return false;
    end if;
    update elt.account set last_signed_in_at = now()
    where account.account_id = owner_id;
    insert into elt.session (account_id, token_sha256, address, user_agent)
    values (owner_id, open_session.token_sha256, open_session.address, left(open_session.user_agent, 300));
    delete from elt.device
    where device.account_id = owner_id and device.token_sha256 = open_session.old_device_sha256;
    insert into elt.device (account_id, token_sha256)
    values (owner_id, open_session.device_sha256);
    perform elt.add_audit('sign_in.succeed', elt.account_name(owner_id), address => open_session.address);
    return true;
end
$$;

--
-- Name: FUNCTION open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea) IS 'Opens a session and registers its browser. Returns false if the hash is not that of the password that the attempt (elt.begin_sign_in) is for.';

--
-- Name: open_staging(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_staging(load_id bigint, part_mask bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    parent text;
    partition text;
    is_batch boolean;
    -- The loads whose rows the partition has.
    load_ids text;
begin
    select
        load.source,
        load.source || '_load_' || load.load_id,
        load.batch_load_id is not null,
        (
            select string_agg(part.load_id::text, ', ' order by part.load_id)
            from elt.load as part
            where part.load_id = load.load_id or part.batch_load_id = load.load_id
        )
    into strict parent, partition, is_batch, load_ids
    from elt.load
    where load.load_id = open_staging.load_id;

    execute format(
        'create table staging.%I (like staging.%I including defaults including constraints) %s',
        partition,
        parent,
        case
            when part_mask is not null and current_setting('wal_level') = 'minimal'
                then format('partition by list ((_row & %s))', part_mask)
        end
    );
    if is_batch then
        -- Core queries read one load at a time.
        execute format('create index on staging.%I (_load_id)', partition);
    else
        execute format(
            'alter table staging.%I alter column _load_id set default %s', partition, load_id
        );
    end if;
    -- Corrected records of an API belong to no page.
    if exists (
        select 1
        from elt.load
        inner join pg_catalog.pg_attribute
            on pg_attribute.attrelid = format('staging.%I', parent)::regclass
        where
            load.load_id = open_staging.load_id
            and load.replayed_load_id is not null
            and pg_attribute.attname = '_page'
    ) then
        execute format('alter table staging.%I alter column _page set default 0', partition);
    end if;
    execute format(
        'comment on table staging.%I is %L',
        partition,
        case
            when is_batch then format('Rows of the loads with batch_load_id %s (elt.load).', load_id)
            else format('Rows of load %s (elt.load).', load_id)
        end
    );
    execute format(
        'alter table staging.%I attach partition staging.%I for values in (%s)',
        parent, partition, load_ids
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', partition);
    end if;
    return format('staging.%I', partition);
end
$$;

--
-- Name: FUNCTION open_staging(load_id bigint, part_mask bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_staging(load_id bigint, part_mask bigint) IS 'Creates the empty partition of the staging table for a load, or for the loads of a batch, and returns its name.';

--
-- Name: open_token(bigint, text, bytea, interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.use_sign_in(open_token.sign_in_id, open_token.password_hash);
begin
    if owner_id is null then
        return false;
    end if;
    -- A one-time password can only choose a new one.
    if (select account.must_change_password from elt.account where account.account_id = owner_id) then
        return false;
    end if;
    perform elt.add_audit('sign_in.succeed', elt.account_name(owner_id));
    perform elt.add_token(
        owner_id, 'signed in', open_token.token_sha256, false,
        least(open_token.holds, interval '1 day'), is_from_sign_in => true
    );
    return true;
end
$$;

--
-- Name: FUNCTION open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval) IS 'Registers a read-only token for at most a day. Returns false if the hash is not that of the password that the attempt (elt.begin_sign_in) is for, or if the account must change its password first.';

--
-- Name: origin(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.origin(load_id bigint, row_number bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive place as (
        select
            load.source,
            load.location,
            load.replayed_load_id,
            load.replay_location,
            coalesce(load.replay_after_row, 0) as replay_after_row,
            load.load_id
        from elt.load
        where load.load_id = origin.load_id
        union all
        select
            replayed.source,
            replayed.location,
            replayed.replayed_load_id,
            replayed.replay_location,
            coalesce(replayed.replay_after_row, 0) as replay_after_row,
            replayed.load_id
        from place
        inner join elt.load as replayed on place.replayed_load_id = replayed.load_id
        where origin.row_number <= place.replay_after_row
    )

    select
        coalesce(place.replay_location, file.location, place.location)
        || case
            when source.format = 'csv' then ', line '
            when source.format = 'rest' and place.replay_location is null then ', record '
            else ', document '
        end
        || origin.row_number - coalesce(file.after_row, place.replay_after_row)
    from place
    inner join elt.source on place.source = source.source
    left join lateral (
        select
            load_file.location,
            load_file.after_row
        from elt.load_file
        where
            load_file.load_id = place.load_id
            and load_file.after_row < origin.row_number
            and place.replay_location is null
        order by load_file.after_row desc, load_file.file_number desc
        limit 1
    ) as file on true
    where place.replayed_load_id is null or origin.row_number > place.replay_after_row
$$;

--
-- Name: FUNCTION origin(load_id bigint, row_number bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.origin(load_id bigint, row_number bigint) IS 'Returns the origin of a row as text, from its _load_id and _row: the file with the line or the position of the document, or the address of the API with the position of the record over all pages.';

--
-- Name: override_live(bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.override_live(load_ids bigint[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    insert into elt.live_override (source, load_id)
    select
        load.source,
        load.load_id
    from elt.load
    where load.load_id = any(load_ids)
$$;

--
-- Name: FUNCTION override_live(load_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.override_live(load_ids bigint[]) IS 'Shows these loads as live to the transaction that calls it. No other transaction sees a difference.';

--
-- Name: part_condition(regclass, integer, integer, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.part_condition(target regclass, part integer, parts integer, alias text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select format(
        'satisfies_hash_partition(%L::oid, %s, %s, %s)',
        target::oid,
        parts,
        part,
        string_agg(
            format('%s%I::%s', alias, pg_attribute.attname, format_type(pg_attribute.atttypid, pg_attribute.atttypmod)),
            ', ' order by keys.place
        )
    )
    from pg_catalog.pg_partitioned_table
    cross join unnest(pg_partitioned_table.partattrs::smallint[]) with ordinality as keys (number, place)
    inner join pg_catalog.pg_attribute
        on pg_partitioned_table.partrelid = pg_attribute.attrelid and keys.number = pg_attribute.attnum
    where pg_partitioned_table.partrelid = target
    group by pg_partitioned_table.partrelid
$$;

--
-- Name: FUNCTION part_condition(target regclass, part integer, parts integer, alias text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.part_condition(target regclass, part integer, parts integer, alias text) IS 'Returns the condition that selects one part of the keys of a table that is partitioned by hash. alias comes before the name of each column, such as "incoming.".';

--
-- Name: partition_name(regclass, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.partition_name(target regclass, part bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select left(pg_class.relname, 50) || '_part_' || part
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

--
-- Name: FUNCTION partition_name(target regclass, part bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.partition_name(target regclass, part bigint) IS 'Returns the name of a partition of a core table, in the schema of the table.';

--
-- Name: partition_table(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.partition_table(target regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET default_tablespace TO ''
    AS $$
declare
    table_name text := target::text;
    this record;
    each record;
    is_kept boolean;
    partition_name text;
    statements text[];
    triggers text[];
    views text[];
    statement text;
begin
    select
        pg_class.relname::text as name,
        pg_class.relnamespace::regnamespace::text as schema_name,
        pg_class.reloptions is not null as has_options,
        pg_tablespace.spcname,
        (
            select string_agg(quote_ident(pg_attribute.attname), ', ' order by key_column.place)
            from pg_catalog.pg_index
            cross join lateral unnest(pg_index.indkey::int2[]) with ordinality as key_column (attnum, place)
            inner join pg_catalog.pg_attribute
                on pg_index.indrelid = pg_attribute.attrelid and key_column.attnum = pg_attribute.attnum
            where pg_index.indrelid = target and pg_index.indisprimary and key_column.place <= pg_index.indnkeyatts
        ) as key_list
    into this
    from pg_catalog.pg_class
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    where pg_class.oid = target;
    -- For a database in which this was done by hand.
    if exists (
        select from pg_catalog.pg_partitioned_table
        inner join pg_catalog.pg_index on pg_partitioned_table.partrelid = pg_index.indrelid and pg_index.indisprimary
        where
            pg_partitioned_table.partrelid = target
            and pg_partitioned_table.partstrat = 'h'
            and pg_partitioned_table.partattrs::int2[] <@ pg_index.indkey::int2[]
            and pg_partitioned_table.partattrs::int2[] @> pg_index.indkey::int2[]
    ) then
        return;
    end if;
    perform elt.refuse_partitioning(target);

    -- In the order in which a query locks them, because the other order would deadlock with readers: views before the
    -- tables and views that they read. To set the same owner only locks.
    for each in
        with recursive readers as (
            select dependent.view_id, 0 as depth
            from elt.table_dependent(target) as dependent
            union
            select dependent.view_id, readers.depth + 1
            from readers
            cross join lateral elt.table_dependent(readers.view_id) as dependent
            where dependent.view_id is not null
        )

        select
            readers.view_id::regclass as name,
            pg_class.relowner::regrole as owner
        from readers
        inner join pg_catalog.pg_class on readers.view_id = pg_class.oid
        group by readers.view_id, pg_class.relowner
        having min(readers.depth) = 0
        order by max(readers.depth) desc, readers.view_id
    loop
        execute format('alter view %s owner to %s', each.name, each.owner);
    end loop;
    execute format('lock table %s in access exclusive mode', target);
    perform elt.refuse_partitioning(target);

    execute format('select exists (select from %s)', target) into is_kept;
    -- A table has storage options, and a partitioned table has none.
    is_kept := is_kept or this.has_options;
    partition_name := format('%s.%I', this.schema_name, left(this.name, 50) || '_part_0');

    statements := array(
        select table_statement.statement
        from elt.table_statement(target) as table_statement
        order by table_statement.place, table_statement.statement
    );
    triggers := array(
        select format(
            '%s; alter table %s %s trigger %I%s',
            pg_get_triggerdef(pg_trigger.oid),
            table_name,
            case pg_trigger.tgenabled
                when 'D' then 'disable'
                when 'R' then 'enable replica'
                when 'A' then 'enable always'
                else 'enable'
            end,
            pg_trigger.tgname,
            format(
                '; comment on trigger %I on %s is %L',
                pg_trigger.tgname, table_name, obj_description(pg_trigger.oid, 'pg_trigger')
            )
        )
        from pg_catalog.pg_trigger
        where pg_trigger.tgrelid = target and not pg_trigger.tgisinternal
        order by pg_trigger.tgname
    );
    -- A view holds the identifier of the table. Written out and created again, it means the table of that name.
    views := array(
        select format(
            'create or replace view %s%s as %s',
            pg_class.oid::regclass,
            ' with (' || array_to_string(pg_class.reloptions, ', ') || ')',
            pg_get_viewdef(pg_class.oid)
        )
        from elt.table_dependent(target) as dependent
        inner join pg_catalog.pg_class on dependent.view_id = pg_class.oid
        order by pg_class.oid
    );

    -- The names of the table and of its indexes and triggers are those of the partitioned table from here on.
    for each in
        select
            pg_index.indexrelid::regclass as name,
            case
                when starts_with(pg_class.relname::text, this.name || '_')
                    then left(this.name, 50) || '_part_0' || substr(pg_class.relname::text, length(this.name) + 1)
                else left(pg_class.relname::text, 50) || '_part_0'
            end as new_name
        from pg_catalog.pg_index
        inner join pg_catalog.pg_class on pg_index.indexrelid = pg_class.oid
        where pg_index.indrelid = target
    loop
        execute format('alter index %s rename to %I', each.name, each.new_name);
    end loop;
    for each in
        select pg_trigger.tgname
        from pg_catalog.pg_trigger
        where pg_trigger.tgrelid = target and not pg_trigger.tgisinternal
    loop
        execute format('drop trigger %I on %s', each.tgname, target);
    end loop;
    execute format('alter table %s rename to %I', target, left(this.name, 50) || '_part_0');

    execute format(
        'create table %s (like %s including all excluding indexes) partition by hash (%s)%s',
        table_name, partition_name, this.key_list, ' tablespace ' || quote_ident(this.spcname)
    );
    -- Rights that default privileges gave to the new table.
    for each in
        select distinct case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as grantee
        from pg_catalog.pg_class
        cross join lateral aclexplode(pg_class.relacl) as granted
        where pg_class.oid = table_name::regclass and granted.grantee <> pg_class.relowner
    loop
        execute format('revoke all on %s from %s', table_name, each.grantee);
    end loop;
    foreach statement in array statements loop
        execute statement;
    end loop;

    if is_kept then
        -- Scans the rows, because nothing says that all of them belong to the only partition.
        execute format(
            'alter table %s attach partition %s for values with (modulus 1, remainder 0)', table_name, partition_name
        );
    end if;
    foreach statement in array triggers loop
        execute statement;
    end loop;
    foreach statement in array views loop
        execute statement;
    end loop;
    if is_kept then
        -- Readers have rights on the whole table only.
        for each in
            select distinct case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as grantee
            from pg_catalog.pg_class
            cross join lateral (
                select owned.grantee
                from aclexplode(pg_class.relacl) as owned
                union
                select owned.grantee
                from pg_catalog.pg_attribute
                cross join lateral aclexplode(pg_attribute.attacl) as owned
                where pg_attribute.attrelid = target and not pg_attribute.attisdropped
            ) as granted
            where pg_class.oid = target and granted.grantee <> pg_class.relowner
        loop
            execute format('revoke all on %s from %s', partition_name, each.grantee);
        end loop;
        -- Autovacuum never analyzes a partitioned table.
        execute format('analyze %s', table_name);
    else
        execute format('drop table %s', partition_name);
    end if;
end
$$;

--
-- Name: FUNCTION partition_table(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.partition_table(target regclass) IS 'Turns a table with a primary key into one that is partitioned by hash of that key. A no-op if it is one already. Its rows become the only partition; an empty table gets no partition, and the first load creates them. Views, triggers, indexes, comments, grants and owner are kept. Raises an error, and changes nothing, if something else depends on the table. Locks the table and the views that read it in ACCESS EXCLUSIVE mode until the end of the transaction, while it scans the rows once.';

--
-- Name: prepare_changes(text, regclass, regclass, boolean, integer, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prepare_changes(table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    relation text := elt.prepared_name(target, part);
    partition regclass;
    change record;
begin
    select pg_class.oid::regclass
    into partition
    from pg_catalog.pg_inherits
    inner join pg_catalog.pg_class on pg_inherits.inhrelid = pg_class.oid
    where
        pg_inherits.inhparent = target
        and pg_get_expr(pg_class.relpartbound, pg_class.oid)
        = format('FOR VALUES WITH (modulus %s, remainder %s)', parts, part);
    if reads_one_source then
        perform set_config('enable_hashjoin', 'off', true);
    end if;
    execute format(
        'create table %s as %s',
        relation,
        elt.changes_query(
            target,
            core_query,
            false,
            elt.part_condition(target, part, parts, 'incoming.'),
            case
                when partition is not null then format('select * from %s', partition)
                else format(
                    'select * from %s as have where %s',
                    target, elt.part_condition(target, part, parts, 'have.')
                )
            end
        )
    );
    perform set_config('enable_hashjoin', 'on', true);
    execute format('analyze %s', relation);
    change := elt.count_changes(relation::regclass);
    insert into elt.prepared_part (
        relation, table_name, part, parts, is_partition, core_state, rows_inserted, rows_updated, rows_deleted
    )
    values (
        relation,
        table_name,
        part,
        parts,
        false,
        elt.core_state(table_name),
        change.rows_inserted,
        change.rows_updated,
        change.rows_deleted
    );
end
$$;

--
-- Name: FUNCTION prepare_changes(table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prepare_changes(table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer) IS 'Compares one part of the keys of a core table with its core query and keeps the rows that differ in a table.';

--
-- Name: prepare_part(bigint[], integer, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prepare_part(load_ids bigint[], part integer, parts integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET max_parallel_workers_per_gather TO '0'
    SET max_parallel_maintenance_workers TO '0'
    SET jit TO 'off'
    AS $$
declare
    target record;
begin
    perform set_config('work_mem', current_setting('maintenance_work_mem'), true);
    perform elt.override_live(load_ids);
    for target in
        select * from elt.table_to_prepare(load_ids)
    loop
        if exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhparent = target.filled
        ) then
            perform elt.prepare_changes(
                target.table_name, target.filled, target.core_query, target.reads_one_source, part, parts
            );
        else
            perform elt.prepare_partition(target.table_name, target.filled, target.core_query, part, parts);
        end if;
    end loop;
    delete from elt.live_override;
end
$$;

--
-- Name: FUNCTION prepare_part(load_ids bigint[], part integer, parts integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prepare_part(load_ids bigint[], part integer, parts integer) IS 'Prepares one part of the keys of each large core table for a publish of these loads: a future partition, or the rows that differ.';

--
-- Name: prepare_partition(text, regclass, regclass, integer, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prepare_partition(table_name text, target regclass, core_query regclass, part integer, parts integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    columns record := elt.core_columns(target, core_query);
    relation text := elt.prepared_name(target, part);
    rows_inserted bigint;
begin
    execute format(
        'create table %s (
            like %s including defaults including constraints including generated including storage,
            constraint part_check check (%s)
        )',
        relation, target, elt.part_condition(target, part, parts, '')
    );
    execute format(
        'insert into %s (%2$s) select %2$s from %3$s as incoming where %4$s',
        relation, columns.column_list, core_query, elt.part_condition(target, part, parts, 'incoming.')
    );
    get diagnostics rows_inserted = row_count;
    execute format('alter table %s add primary key (%s)', relation, columns.key_list);
    insert into elt.prepared_part (
        relation, table_name, part, parts, is_partition, core_state, rows_inserted, rows_updated, rows_deleted
    )
    values (
        relation, table_name, part, parts, true, elt.core_state(table_name), rows_inserted, 0, 0
    );
end
$_$;

--
-- Name: FUNCTION prepare_partition(table_name text, target regclass, core_query regclass, part integer, parts integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prepare_partition(table_name text, target regclass, core_query regclass, part integer, parts integer) IS 'Creates and fills a future partition of a core table that has no partitions yet.';

--
-- Name: prepared_name(regclass, integer); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prepared_name(target regclass, part integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select format('%I.%I', pg_class.relnamespace::regnamespace, left(pg_class.relname, 40) || '_prepared_' || part)
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

--
-- Name: FUNCTION prepared_name(target regclass, part integer); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prepared_name(target regclass, part integer) IS 'Returns the schema and name of the table that is prepared for one part of a core table.';

--
-- Name: prune(jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prune(args jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    pruned jsonb := elt.prune_jobs(args);
    session_count bigint;
begin
    delete from elt.session
    where
        session.created_at < now() - interval '7 days'
        or session.seen_at < now() - interval '12 hours';
    get diagnostics session_count = row_count;
    delete from elt.device where device.created_at < now() - interval '180 days';
    delete from elt.sign_in where sign_in.attempted_at < now() - interval '30 days';
    delete from elt.api_token where api_token.expires_at < now() - interval '30 days';
    delete from elt.sent_form where sent_form.sent_at < now() - interval '7 days';
    delete from elt.audit
    where
        audit.action = 'sign_in.fail'
        and audit.about is null
        and audit.happened_at < now() - interval '30 days';
    return pruned || jsonb_build_object('sessions', session_count);
end
$$;

--
-- Name: FUNCTION prune(args jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prune(args jsonb) IS 'Deletes jobs that finished long ago (elt.prune_jobs), ended sessions, forms that were sent more than a week ago, and, after a month, sign-in attempts, ended tokens and failures of unknown accounts in the audit.';

--
-- Name: prune_audit(interval); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prune_audit(older_than interval) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    entry_count bigint;
begin
    if prune_audit.older_than is null or now() - prune_audit.older_than > now() - interval '1 year' then
        raise exception 'entries of the audit are kept for at least a year'
            using errcode = 'invalid_parameter_value', hint = 'Use a year or longer.';
    end if;
    delete from elt.audit
    where audit.happened_at < now() - prune_audit.older_than;
    get diagnostics entry_count = row_count;
    perform elt.add_audit(
        'audit.prune', null,
        jsonb_build_object('before', now() - prune_audit.older_than, 'entries', entry_count)
    );
    return entry_count;
end
$$;

--
-- Name: FUNCTION prune_audit(older_than interval); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prune_audit(older_than interval) IS 'Deletes entries of the audit that are older than a year or longer, and records that. Returns their number.';

--
-- Name: prune_jobs(jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.prune_jobs(args jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    before constant timestamptz := now() - coalesce(args ->> 'keep', '30 days')::interval;
    job_count bigint;
    worker_count bigint;
begin
    if before > now() then
        raise exception 'keep must be an interval, not %', args ->> 'keep'
            using errcode = 'invalid_parameter_value';
    end if;
    delete from elt.job where job.finished_at < before;
    get diagnostics job_count = row_count;
    delete from elt.change where change.table_name = 'elt.job' and change.changed_at < before;
    delete from elt.worker
    where
        worker.stopped_at < before
        and not exists (
            select 1 from elt.job_attempt
            where job_attempt.worker_id = worker.worker_id
        );
    get diagnostics worker_count = row_count;
    return jsonb_build_object('jobs', job_count, 'workers', worker_count);
end
$$;

--
-- Name: FUNCTION prune_jobs(args jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.prune_jobs(args jsonb) IS 'Deletes jobs that finished longer ago than keep (default: 30 days), with their attempts and requests, and workers that have no jobs or attempts left.';

--
-- Name: publish_loads(bigint[], text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.publish_loads(load_ids bigint[], cause text, elt_version text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

--
-- Name: FUNCTION publish_loads(load_ids bigint[], cause text, elt_version text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.publish_loads(load_ids bigint[], cause text, elt_version text) IS 'Publishes loads, or, if none are named, publishes the live loads again whose core queries have changed: updates core, runs the rules and records the result. A load named by a rollback becomes the latest one. Returns the number of the publish.';

--
-- Name: purge_key(jsonb, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.purge_key(key jsonb, elt_version text) RETURNS TABLE(what text, rows_removed bigint, publish_id bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
    set header = null, header_columns = null
    where elt.mentions(load.header_columns::text, key);
    get diagnostics rows_removed = row_count;
    if rows_removed > 0 then
        return next;
    end if;
    what := 'elt.load_file, headers';
    update elt.load_file
    set header = null, header_columns = null
    where elt.mentions(load_file.header_columns::text, key);
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
$_$;

--
-- Name: FUNCTION purge_key(key jsonb, elt_version text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.purge_key(key jsonb, elt_version text) IS 'Removes the rows with all values of a key from staging, core, rejects, samples of rules and the history of tables, for all loads, and publishes the live loads again without them. Clears errors, arguments and results of jobs that contain all values. Returns the number of rows removed from each place, 0 if rows were only changed. The last row has the number of the publish.';

--
-- Name: purge_load(bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.purge_load(load_id bigint, elt_version text) RETURNS TABLE(what text, rows_removed bigint, publish_id bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;

--
-- Name: FUNCTION purge_load(load_id bigint, elt_version text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.purge_load(load_id bigint, elt_version text) IS 'Removes the rows of a load from core, staging, rejects and samples of rules. If the load is live, its source looks as if it had never been loaded. Returns the number of rows removed from each place. The last row has the number of the publish, or null if none was needed.';

--
-- Name: purge_staging(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.purge_staging(load_id bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    partition text;
begin
    select format('staging.%I', load.source || '_load_' || load.batch_load_id)
    into partition
    from elt.load
    where
        load.load_id = purge_staging.load_id
        and exists (
            select 1
            from elt.load as other
            where
                other.batch_load_id = load.batch_load_id
                and other.load_id <> load.load_id
                and other.staging_dropped_at is null
        );
    if partition is null then
        return elt.drop_staging(load_id);
    end if;

    execute format('delete from %s where _load_id = $1', partition) using load_id;
    delete from elt.earlier_row
    where earlier_row.load_id = purge_staging.load_id;
    update elt.load
    set staging_dropped_at = now()
    where load.load_id = purge_staging.load_id;
    return true;
end
$_$;

--
-- Name: FUNCTION purge_staging(load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.purge_staging(load_id bigint) IS 'Removes the rows of a load from staging, and leaves those of loads that were staged together with it. Returns false and does nothing if another session is using the partition.';

--
-- Name: range_words(anyrange); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.range_words(value anyrange) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with bounds as (
        select
            lower(value)::text as low,
            case
                when upper_inc(value) then upper(value)::text
                when pg_typeof(value) = 'pg_catalog.daterange'::regtype and isfinite(upper(value)::text::date)
                    then (upper(value)::text::date - 1)::text
                when pg_typeof(value) in ('pg_catalog.int4range'::regtype, 'pg_catalog.int8range'::regtype)
                    then (upper(value)::text::bigint - 1)::text
            end as high
    )

    select case
        when isempty(value) then 'empty'
        when lower_inf(value) and upper_inf(value) then 'always'
        when upper_inf(value) then concat(case when not lower_inc(value) then 'after ' else 'from ' end, low)
        when lower_inf(value) then coalesce('until ' || high, 'before ' || upper(value)::text)
        when low = high then low
        else concat(
            case when not lower_inc(value) then 'after ' end,
            low,
            coalesce(' to ' || high, ' until before ' || upper(value)::text)
        )
    end
    from bounds
$$;

--
-- Name: FUNCTION range_words(value anyrange); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.range_words(value anyrange) IS 'Returns a range in words, such as 2021-01-04 to 2021-02-28 or from 2021-01-04. Both ends are included, unless it says after or before.';

--
-- Name: ranges_words(anymultirange); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.ranges_words(value anymultirange) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(string_agg(elt.range_words(part.part), '; ' order by part.place), 'empty')
    from unnest(value) with ordinality as part (part, place)
    where value is not null
$$;

--
-- Name: FUNCTION ranges_words(value anymultirange); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.ranges_words(value anymultirange) IS 'Returns several ranges in words, with semicolons between them (elt.range_words).';

--
-- Name: read_instant(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.read_instant(value text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    cut text := value;
begin
    if value ~ '\.[0-9]{7}' then
        cut := regexp_replace(value, '(\.[0-9]{6})[0-9]+', '\1');
    end if;
    if
        cut ~ (
            '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?'
            || '(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$'
        )
        and elt.date_value(left(cut, 10)) is not null
    then
        return cut::timestamptz;
    end if;
    return coalesce(elt.timestamp_value(cut), elt.instant_value(cut));
end
$_$;

--
-- Name: FUNCTION read_instant(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.read_instant(value text) IS 'Reads a point in time in any form that elt.timestamp_value or elt.instant_value reads. A text without a zone is read as UTC. Null for anything else.';

--
-- Name: rebuild_source(bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.rebuild_source(publish_id bigint, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    load_ids bigint[];
    load_mode text;
    target record;
    change record;
    load_number bigint;
begin
    perform elt.require_mode(rebuild_source.source);
    select
        array_agg(load.load_id order by load.load_id),
        min(source_of.mode)
    into load_ids, load_mode
    from elt.load
    inner join elt.source as source_of on load.source = source_of.source
    where load.source = rebuild_source.source and load.live_publish_id is not null;

    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    for target in
        select filled_table.*
        from elt.filled_table
        where rebuild_source.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        execute format(
            'create temporary table elt_rebuilt (like %s including all) on commit drop', target.filled
        );
        foreach load_number in array load_ids loop
            update elt.live_pointer
            set load_id = load_number, publish_id = rebuild_source.publish_id
            where live_pointer.source = rebuild_source.source;
            perform elt.bring_core(
                'pg_temp.elt_rebuilt', target.core_query_name, load_mode, load_number, target.table_name
            );
        end loop;
        perform elt.create_partitions(target.filled, 2);
        change := elt.replace_rows(target.filled, 'pg_temp.elt_rebuilt', true);
        perform elt.add_publish_change(
            publish_id, target.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
        );
        drop table pg_temp.elt_rebuilt;
    end loop;

    update elt.load
    set
        live_publish_id = rebuild_source.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = rebuild_source.source
        )
    where load.load_id = any(load_ids);
end
$$;

--
-- Name: FUNCTION rebuild_source(publish_id bigint, source text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.rebuild_source(publish_id bigint, source text) IS 'Rebuilds the core tables of an append or merge source from all its live loads, the oldest first, with the current core queries. All these loads must be in staging.';

--
-- Name: refresh_sources(bigint, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.refresh_sources(publish_id bigint, sources text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    target record;
    change record;
begin
    for target in
        select filled_table.*
        from elt.filled_table
        where filled_table.sources && refresh_sources.sources
        order by filled_table.core_query_name
    loop
        if elt.is_prepared(target.table_name) then
            change := elt.use_prepared(target.table_name, target.filled);
        else
            perform elt.drop_prepared(target.table_name);
            change := elt.bring_core(
                target.filled, target.core_query_name, 'replace', null, target.table_name
            );
        end if;
        perform elt.add_publish_change(
            publish_id, target.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
        );
        perform elt.note_rows_before(publish_id, target.filled, target.table_name, target.sources);
    end loop;
end
$$;

--
-- Name: FUNCTION refresh_sources(publish_id bigint, sources text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.refresh_sources(publish_id bigint, sources text[]) IS 'Updates every table that is filled from these sources from its core query and records the changes.';

--
-- Name: refuse_loads(bigint[], text, text, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.refuse_loads(load_ids bigint[], cause text, elt_version text, findings jsonb) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with refusal as (
        insert into elt.publish (state, cause, elt_version, finished_at)
        values ('refused', cause, elt_version, now())
        returning publish.publish_id
    ),

    results as (
        insert into elt.rule_result (publish_id, rule, level, violation_count, sample, seconds)
        select refusal.publish_id, found.rule, found.level, found.violation_count, found.sample, found.seconds
        from refusal
        cross join jsonb_to_recordset(findings) as found (
            rule text, level text, violation_count bigint, sample jsonb, seconds double precision
        )
    ),

    loads as (
        update elt.load
        set
            state = 'refused',
            publish_id = refusal.publish_id,
            finished_at = now(),
            error = 'a rule of level error found rows'
        from refusal
        where load.load_id = any(load_ids) and load.state = 'staged'
    )

    select refusal.publish_id
    from refusal
$$;

--
-- Name: FUNCTION refuse_loads(load_ids bigint[], cause text, elt_version text, findings jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.refuse_loads(load_ids bigint[], cause text, elt_version text, findings jsonb) IS 'Records that loads were refused, and the violations that the rules found. Their rows stay in staging for inspection.';

--
-- Name: refuse_partitioning(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.refuse_partitioning(target regclass) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    problems text[];
    hints text[];
begin
    with found (problem, hint) as (
        select
            case
                when pg_class.relkind = 'p' then 'it is partitioned in another way'
                when pg_class.relkind <> 'r' then 'it is not a table'
                when pg_class.relispartition then 'it is a partition'
                when pg_class.relpersistence <> 'p' then 'it is unlogged or temporary'
                when pg_class.relrowsecurity then 'it has row security'
                when pg_class.relreplident <> 'd' then 'it has a replica identity'
            end,
            null
        from pg_catalog.pg_class
        where pg_class.oid = target
        union all
        select 'it has no primary key', 'The partitions are made by hash of the key.'
        where not exists (
            select from pg_catalog.pg_index
            where pg_index.indrelid = target and pg_index.indisprimary
        )
        union all
        select format('table %s inherits from table %s', inhrelid::regclass, inhparent::regclass), null
        from pg_catalog.pg_inherits
        where target in (pg_inherits.inhrelid, pg_inherits.inhparent)
        union all
        select
            format('column "%s" is an identity column', pg_attribute.attname),
            'A core query fills all columns: drop the identity.'
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = target and pg_attribute.attidentity <> '' and not pg_attribute.attisdropped
        union all
        select
            format('sequence %s belongs to it', pg_depend.objid::regclass),
            format('alter sequence %s owned by none', pg_depend.objid::regclass)
        from pg_catalog.pg_depend
        inner join pg_catalog.pg_class on pg_depend.objid = pg_class.oid and pg_class.relkind = 'S'
        where
            pg_depend.classid = 'pg_class'::regclass
            and pg_depend.refclassid = 'pg_class'::regclass
            and pg_depend.refobjid = target
            and pg_depend.deptype = 'a'
        union all
        select
            pg_describe_object('pg_constraint'::regclass, pg_constraint.oid, 0)
            || case
                when pg_constraint.contype = 'f' then ' is a foreign key'
                when pg_constraint.contype = 'x' then ' is an exclusion constraint'
                when pg_constraint.contype = 't' then ' is a constraint trigger'
                when pg_constraint.connoinherit then ' is not inherited'
                else ' is not valid'
            end,
            'Drop the constraint, and create it again after the migration if it fits a partitioned table.'
        from pg_catalog.pg_constraint
        where
            (pg_constraint.conrelid = target and pg_constraint.contype in ('f', 'x', 't'))
            or pg_constraint.confrelid = target
            or (
                pg_constraint.conrelid = target
                and pg_constraint.contype = 'c'
                and (pg_constraint.connoinherit or not pg_constraint.convalidated)
            )
        union all
        select
            format('index %s ', other.indexrelid::regclass)
            || case when other.indisvalid then 'is unique and lacks columns of the key' else 'is not valid' end,
            format('drop index %s', other.indexrelid::regclass)
        from pg_catalog.pg_index as other
        left join pg_catalog.pg_index as own on own.indrelid = target and own.indisprimary
        where
            other.indrelid = target
            and (
                not other.indisvalid
                or (other.indisunique and not other.indkey::int2[] @> own.indkey::int2[])
            )
        union all
        select pg_describe_object('pg_trigger'::regclass, pg_trigger.oid, 0) || ' uses transition tables for each row', null
        from pg_catalog.pg_trigger
        where
            pg_trigger.tgrelid = target
            and pg_trigger.tgtype & 1 = 1
            and coalesce(pg_trigger.tgoldtable, pg_trigger.tgnewtable) is not null
        union all
        select pg_describe_object('pg_policy'::regclass, pg_policy.oid, 0) || ' would be lost', null
        from pg_catalog.pg_policy
        where pg_policy.polrelid = target
        union all
        select pg_describe_object('pg_rewrite'::regclass, pg_rewrite.oid, 0) || ' would be lost', null
        from pg_catalog.pg_rewrite
        where pg_rewrite.ev_class = target
        union all
        select
            format('publication "%s" names it', pg_publication.pubname),
            format('alter publication %I drop table %s', pg_publication.pubname, target)
        from pg_catalog.pg_publication_rel
        inner join pg_catalog.pg_publication on pg_publication_rel.prpubid = pg_publication.oid
        where pg_publication_rel.prrelid = target
        union all
        select format('it has the security label "%s"', pg_seclabel.label), null
        from pg_catalog.pg_seclabel
        where pg_seclabel.classoid = 'pg_class'::regclass and pg_seclabel.objoid = target
        union all
        select
            pg_describe_object(dependent.class_id, dependent.object_id, dependent.part_id) || ' depends on it',
            'Drop it, and create it again after the migration.'
        from elt.table_dependent(target) as dependent
        where dependent.view_id is null
        union all
        select
            format('view %s ', dependent.view_id::regclass)
            || case
                when reader.relpersistence = 't' then 'is a temporary view of a session'
                when not pg_has_role(reader.relowner, 'usage')
                    then format('belongs to role "%s"', pg_get_userbyid(reader.relowner))
                else format('is in a schema in which role "%s" may not create views', current_user)
            end,
            case
                when reader.relpersistence = 't' then 'Try again when that session has ended.'
                when not pg_has_role(reader.relowner, 'usage')
                    then format(
                        'grant %I to %I, and revoke it after the migration. Or drop the view, and create it again then.',
                        pg_get_userbyid(reader.relowner), current_user
                    )
                else format('grant create on schema %s to %I', reader.relnamespace::regnamespace, current_user)
            end
        from elt.table_dependent(target) as dependent
        inner join pg_catalog.pg_class as reader on dependent.view_id = reader.oid
        where
            reader.relpersistence = 't'
            or not pg_has_role(reader.relowner, 'usage')
            or not has_schema_privilege(reader.relnamespace, 'create')
    )

    select
        array_agg(found.problem),
        array_agg(
            coalesce(found.hint, 'Create the table again in a migration, partitioned by hash of its key.')
        )
    into problems, hints
    from found
    where found.problem is not null;

    if cardinality(problems) > 0 then
        raise exception 'cannot partition table "%": %', target, problems[1]
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = case
                    when cardinality(problems) > 1
                        then 'Further obstacles: ' || array_to_string(problems[2:], '; ') || '.'
                    else 'Nothing was changed.'
                end,
                hint = hints[1];
    end if;
end
$$;

--
-- Name: FUNCTION refuse_partitioning(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.refuse_partitioning(target regclass) IS 'Raises an error if elt.partition_table() cannot turn a table into a partitioned one without losing something, and names each obstacle.';

--
-- Name: relation_bytes(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.relation_bytes(relation regclass) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    bytes bigint;
begin
    execute format(
        'select sum(%s(parts.oid))::bigint
        from (
            select $1 as oid
            union
            select tree.relid from pg_partition_tree($1) as tree
        ) as parts',
        case when elt.distribution_column(relation) is null then 'pg_total_relation_size' else 'citus_total_relation_size' end
    )
    into bytes
    using relation;
    return bytes;
end
$_$;

--
-- Name: FUNCTION relation_bytes(relation regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.relation_bytes(relation regclass) IS 'Returns the size of a table and its partitions with indexes, on Citus on all workers together.';

--
-- Name: release_job(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.release_job(job_id bigint, claim_number bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    held elt.job;
begin
    held := elt.end_attempt(job_id, claim_number, 'released', null, null);
    if held.cancel_requested_at is null then
        perform elt.requeue_job(job_id, held.run_at, held.attempt_count - 1);
    else
        update elt.job
        set
            state = 'cancelled',
            attempt_count = held.attempt_count - 1,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = release_job.job_id;
    end if;
end
$$;

--
-- Name: FUNCTION release_job(job_id bigint, claim_number bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.release_job(job_id bigint, claim_number bigint) IS 'Returns a job to its queue for another worker, unless it is cancelled. The attempt does not count.';

--
-- Name: replace_files(bigint, bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.replace_files(publish_id bigint, load_ids bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    replaced record;
    later bigint[];
begin
    for replaced in
        with recursive old as (
            select
                load.load_id,
                load.source,
                file.load_id as new_load_id
            from elt.load as file
            inner join elt.source on file.source = source.source and source.mode = 'append'
            inner join elt.load on file.source = load.source and file.file_name = load.file_name
            where
                file.load_id = any(load_ids)
                and load.load_id <> all(load_ids)
                and load.live_publish_id is not null
            union
            -- The corrected records of the old file.
            select
                load.load_id,
                load.source,
                old.new_load_id
            from old
            inner join elt.load on old.load_id = load.replayed_load_id
            where load.live_publish_id is not null
        ),

        marked as (
            update elt.load
            set replaced_by_load_id = old.new_load_id
            from old
            where load.load_id = old.load_id
            returning load.load_id, load.source
        )

        select
            marked.source,
            array_agg(marked.load_id) as load_ids
        from marked
        group by marked.source
    loop
        select coalesce(array_agg(retained_load.load_id), '{}')
        into later
        from elt.retained_load
        where
            elt.has_replaced_rows(replaced.source)
            and retained_load.source = replaced.source
            and retained_load.load_id > (select min(named.load_id) from unnest(replaced.load_ids) as named (load_id))
            and retained_load.load_id <> all(replaced.load_ids);
        perform elt.take_back(publish_id, replaced.source, replaced.load_ids || later, later, null);
    end loop;
end
$$;

--
-- Name: FUNCTION replace_files(publish_id bigint, load_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.replace_files(publish_id bigint, load_ids bigint[]) IS 'Removes the rows of live loads of append sources from core if one of these loads has the same file with new bytes.';

--
-- Name: replace_rows(regclass, regclass, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.replace_rows(target regclass, core_query regclass, with_origin boolean, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    parts record := elt.core_columns(target, core_query);
    is_distributed boolean := elt.distribution_column(target) is not null;
    changes regclass;
begin
    if parts.key_list is null and is_distributed then
        -- Shards have no common row identifier. Only a rebuild comes here: loads are appended.
        execute format('delete from %s', target);
        get diagnostics rows_deleted = row_count;
        execute format('insert into %s (%2$s) select %2$s from %3$s', target, parts.column_list, core_query);
        get diagnostics rows_inserted = row_count;
        rows_updated := 0;
    elsif parts.key_list is null then
        -- The casts run once, and the result is compared in both directions.
        execute format(
            'create temporary table elt_incoming on commit drop as select %s from %s',
            parts.column_list, core_query
        );
        analyze pg_temp.elt_incoming;

        -- Without a key, whole rows are compared and duplicates counted. Composite
        -- values compare nulls as equal.
        execute format(
            'with have as (
                select
                    stored.ctid as place,
                    stored as content,
                    row_number() over (partition by stored order by stored.ctid) as copy
                from %1$s as stored
            ),

            incoming as (
                select row(%2$s)::%1$s as content, count(*) as copies
                from pg_temp.elt_incoming
                group by 1
            )

            delete from %1$s as gone
            where gone.ctid in (
                select have.place
                from have
                left join incoming on incoming.content = have.content
                where have.copy > coalesce(incoming.copies, 0)
            )',
            target, parts.column_list
        );
        get diagnostics rows_deleted = row_count;
        execute format(
            'with have as (
                select stored as content, count(*) as copies
                from %1$s as stored
                group by stored
            ),

            incoming as (
                select
                    numbered.content,
                    numbered.place,
                    row_number() over (
                        partition by numbered.content order by numbered.place
                    ) as copy
                from (
                    select row(%2$s)::%1$s as content, row_number() over () as place
                    from pg_temp.elt_incoming
                ) as numbered
            )

            insert into %1$s (%2$s)
            select (incoming.content).*
            from incoming
            left join have on have.content = incoming.content
            where incoming.copy > coalesce(have.copies, 0)
            order by incoming.place',
            target, parts.column_list
        );
        get diagnostics rows_inserted = row_count;
        rows_updated := 0;
        drop table pg_temp.elt_incoming;
    else
        -- Compared first, because a conflict locks its row, and so writes it, even if nothing
        -- differs.
        if is_distributed then
            -- The rows go to the workers once, which then compare their own shards.
            core_query := elt.create_work_table(
                'elt_incoming',
                target,
                parts.column_list,
                format('select %s from %s', parts.column_list, core_query)
            );
        end if;
        changes := elt.create_work_table(
            'elt_changed',
            target,
            parts.column_list || ', false as elt_is_new, false as elt_is_gone',
            elt.changes_query(target, core_query, with_origin, 'true', format('select * from %s', target))
        );
        select *
        into rows_inserted, rows_updated, rows_deleted
        from elt.count_changes(changes);
        perform elt.apply_changes(target, changes, rows_inserted + rows_updated > 0, rows_deleted > 0);
        execute format('drop table %s', changes);
        if is_distributed then
            execute format('drop table %s', core_query);
        end if;
    end if;
end
$_$;

--
-- Name: FUNCTION replace_rows(target regclass, core_query regclass, with_origin boolean, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.replace_rows(target regclass, core_query regclass, with_origin boolean, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) IS 'Makes a table equal to the result of a query: inserts new rows, updates rows that differ and deletes rows that are gone, by primary key, or by whole rows if the table has none. If origin is true, a row that only came from another place counts as different. Returns the number of rows inserted, updated and deleted.';

--
-- Name: report_progress(bigint, bigint, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.report_progress(job_id bigint, claim_number bigint, progress jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    update elt.job
    set progress = report_progress.progress
    where
        job.job_id = report_progress.job_id
        and job.claim_count = report_progress.claim_number
        and job.state = 'running'
$$;

--
-- Name: FUNCTION report_progress(job_id bigint, claim_number bigint, progress jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.report_progress(job_id bigint, claim_number bigint, progress jsonb) IS 'Records the progress of a job. Does nothing if this claim no longer holds the job.';

--
-- Name: requeue_job(bigint, timestamp with time zone, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.requeue_job(job_id bigint, run_at timestamp with time zone, attempt_count bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '1s'
    AS $$
begin
    update elt.job
    set
        state = 'queued',
        run_at = requeue_job.run_at,
        attempt_count = requeue_job.attempt_count,
        worker_id = null,
        lease_until = null,
        cancel_requested_at = null,
        finished_at = null
    where job.job_id = requeue_job.job_id;
exception
    when unique_violation or lock_not_available then
        update elt.job
        set dedup_key = null
        where job.job_id = requeue_job.job_id;
        perform elt.requeue_job(job_id, run_at, attempt_count);
end
$$;

--
-- Name: FUNCTION requeue_job(job_id bigint, run_at timestamp with time zone, attempt_count bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.requeue_job(job_id bigint, run_at timestamp with time zone, attempt_count bigint) IS 'Queues a job again. Removes its dedup_key if a newer queued job has it.';

--
-- Name: require_account(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_account(name text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
begin
    select account.account_id into number
    from elt.account
    where lower(account.name) = lower(require_account.name);
    if number is null then
        raise exception 'there is no account "%"', name
            using errcode = 'no_data_found', hint = 'Accounts are listed in elt.account.';
    end if;
    return number;
end
$$;

--
-- Name: FUNCTION require_account(name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_account(name text) IS 'Returns the number of an account. Raises an error if it does not exist.';

--
-- Name: require_admin(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_admin(token_sha256 bytea) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    admin_id constant bigint := elt.require_session(require_admin.token_sha256);
begin
    if not exists (
        select
        from elt.account
        where account.account_id = admin_id and account.role = 'admin'
    ) then
        raise exception 'only admins manage accounts' using errcode = 'insufficient_privilege';
    end if;
    return admin_id;
end
$$;

--
-- Name: FUNCTION require_admin(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_admin(token_sha256 bytea) IS 'Returns the number of the account that a session belongs to, and acts as that account (elt.act_as). Raises an error if it is not an admin''s.';

--
-- Name: require_job_right(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_job_right(kind text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if
        nullif(current_setting('elt.account', true), '') is null
        or not coalesce(pg_has_role(session_user, to_regrole('elt_web')::oid, 'member'), true)
        or exists (
            select 1
            from elt.job_kind
            inner join elt.account on account.role = 'admin' or account.role = job_kind.web_role
            where
                job_kind.kind = require_job_right.kind
                and account.name = current_setting('elt.account', true)
                and account.disabled_at is null
        )
    then
        return;
    end if;
    raise exception 'the account may not start jobs of kind "%"', kind
        using errcode = 'insufficient_privilege', hint = 'See elt.job_kind.web_role.';
end
$$;

--
-- Name: FUNCTION require_job_right(kind text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_job_right(kind text) IS 'Raises an error if the account of the web application that acts may not start jobs of the kind. Admins may retry and run all kinds.';

--
-- Name: require_mode(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_mode(source text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    found_problem record;
begin
    select
        mode_problem.problem,
        mode_problem.hint,
        configured.mode
    into found_problem
    from elt.mode_problem
    inner join elt.source as configured on mode_problem.source = configured.source
    where mode_problem.source = require_mode.source
    limit 1;
    if found then
        raise exception 'source "%" is of mode %, and %', source, found_problem.mode, found_problem.problem
            using errcode = 'object_not_in_prerequisite_state', hint = found_problem.hint;
    end if;
end
$$;

--
-- Name: FUNCTION require_mode(source text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_mode(source text) IS 'Raises an error if core does not fit the mode of a source.';

--
-- Name: require_origin(regclass, regclass, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_origin(rows regclass, core_query regclass, load_id bigint) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    is_of_another boolean;
begin
    execute format('select exists (select 1 from %s where _load_id is distinct from $1 limit 1)', rows)
    into is_of_another
    using load_id;
    if is_of_another then
        raise exception 'core query "%" has rows whose _load_id is not that of load %', core_query, load_id
            using
                errcode = 'invalid_parameter_value',
                hint = 'Let the core query select staged._load_id. elt rollback needs it to find the rows of a load.';
    end if;
end
$_$;

--
-- Name: FUNCTION require_origin(rows regclass, core_query regclass, load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_origin(rows regclass, core_query regclass, load_id bigint) IS 'Raises an error if the _load_id of a row is not that of the load.';

--
-- Name: require_other(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_other(token_sha256 bytea, name text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    admin_id bigint;
    other_id bigint;
begin
    perform account.account_id
    from elt.account
    where account.role = 'admin' and account.disabled_at is null
    order by account.account_id
    for no key update;
    admin_id := elt.require_admin(token_sha256);
    other_id := elt.require_account(name);
    if not exists (
        select
        from elt.account
        where account.role = 'admin' and account.disabled_at is null and account.account_id <> other_id
    ) then
        raise exception '"%" is the only enabled admin', require_other.name
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Give another account the role admin first.';
    end if;
    if other_id = admin_id then
        raise exception '"%" is your own account', require_other.name
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Another admin can change it. Your password, sessions and tokens are on the page Account.';
    end if;
    return other_id;
end
$$;

--
-- Name: FUNCTION require_other(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_other(token_sha256 bytea, name text) IS 'Returns the number of the account that an admin wants to change. Raises an error if it is the admin''s own, or the only enabled admin.';

--
-- Name: require_own(bytea, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_own(token_sha256 bytea, name text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id constant bigint := elt.require_session(require_own.token_sha256);
begin
    if lower(elt.account_name(owner_id)) = lower(require_own.name) then
        return owner_id;
    end if;
    perform elt.require_admin(require_own.token_sha256);
    return elt.require_account(require_own.name);
end
$$;

--
-- Name: FUNCTION require_own(token_sha256 bytea, name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_own(token_sha256 bytea, name text) IS 'Returns the number of an account. Raises an error unless it is the account of the session, or an admin''s session.';

--
-- Name: require_queue_name(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_queue_name(queue text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
    if queue !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception '"%" is not a valid queue name', queue
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use at most 63 lower-case letters, digits and _, beginning with a letter.';
    end if;
end
$_$;

--
-- Name: FUNCTION require_queue_name(queue text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_queue_name(queue text) IS 'Raises an error if a queue name is not valid.';

--
-- Name: require_session(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.require_session(token_sha256 bytea) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner record;
begin
    select
        session_account.account_id,
        session_account.name,
        session.address
    into owner
    from elt.session_account(require_session.token_sha256) as session_account
    inner join elt.session on session_account.session_id = session.session_id;
    if owner.account_id is null then
        raise exception 'the session has ended'
            using errcode = 'invalid_authorization_specification', hint = 'Sign in again.';
    end if;
    -- Waits for a change of the account, such as one that ends its sessions, and then sees it.
    perform 1
    from elt.account
    where account.account_id = owner.account_id
    for no key update;
    if not exists (
        select 1
        from elt.session_account(require_session.token_sha256) as still
        where still.account_id = owner.account_id
    ) then
        raise exception 'the session has ended'
            using errcode = 'invalid_authorization_specification', hint = 'Sign in again.';
    end if;
    perform elt.act_as(owner.name, owner.address);
    return owner.account_id;
end
$$;

--
-- Name: FUNCTION require_session(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.require_session(token_sha256 bytea) IS 'Returns the number of the account that a session belongs to, and acts as that account (elt.act_as). Raises an error if the session has ended.';

--
-- Name: rescue_jobs(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.rescue_jobs() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    reason constant text := 'the worker died or lost its connection';
    candidate record;
    rescued bigint := 0;
begin
    if not pg_try_advisory_xact_lock(6646900, 3) then
        return 0;
    end if;
    update elt.worker
    set stopped_at = now()
    where
        worker.stopped_at is null
        and worker.holds_lock
        and not elt.holds_worker_lock(worker.worker_id);

    for candidate in
        select job.job_id, job.claim_count, job.attempt_count, job.max_attempts, job.cancel_requested_at
        from elt.job
        inner join elt.worker on job.worker_id = worker.worker_id
        where
            job.state = 'running'
            and (job.lease_until < now() or worker.stopped_at is not null)
        order by job.job_id
        for update of job skip locked
    loop
        perform elt.end_attempt(
            candidate.job_id, candidate.claim_count, 'lost', reason, null
        );
        update elt.job
        set error = reason
        where job.job_id = candidate.job_id;
        if candidate.cancel_requested_at is null and candidate.attempt_count < candidate.max_attempts then
            perform elt.requeue_job(candidate.job_id, now(), candidate.attempt_count);
        else
            update elt.job
            set
                state = case when candidate.cancel_requested_at is null then 'dead' else 'cancelled' end,
                worker_id = null,
                lease_until = null,
                run_at = now(),
                finished_at = clock_timestamp()
            where job.job_id = candidate.job_id;
        end if;
        rescued := rescued + 1;
    end loop;
    return rescued;
end
$$;

--
-- Name: FUNCTION rescue_jobs(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.rescue_jobs() IS 'Queues the jobs of dead workers and jobs with expired leases again, and returns their number.';

--
-- Name: retained_from(text, jsonb, bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.retained_from(source text, key jsonb, purged bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    names text[] := array(select jsonb_object_keys(key));
    retained bigint[];
    has_all boolean;
    first bigint;
begin
    select
        coalesce(array_agg(load.load_id) filter (where retained_load.load_id is not null), '{}'),
        bool_and(retained_load.load_id is not null)
    into retained, has_all
    from elt.load
    left join elt.retained_load on load.load_id = retained_load.load_id
    where load.source = retained_from.source and load.live_publish_id is not null;

    -- Core is then rebuilt from the rows in staging.
    if not elt.core_has_columns(source, names) then
        if not has_all then
            raise exception 'cannot find rows of source "%" by %: its core table has no such columns',
                source, (
                    select string_agg(format('"%s"', part.name), ' and ' order by part.name)
                    from unnest(names) as part (name)
                )
                using
                    errcode = 'invalid_parameter_value',
                    detail = 'Its older loads are no longer in staging. Nothing was removed.',
                    hint = 'Name columns that both the staging table and the core table have.';
        end if;
        return retained;
    end if;
    select min(found.load_id)
    into first
    from (
        select unnest(purged) as load_id
        union all
        select earlier_row.load_id
        from elt.earlier_row
        where earlier_row.load_id = any(retained) and elt.has_key(earlier_row.earlier, key)
    ) as found
    where found.load_id = any(retained);
    return array(
        select kept.load_id
        from unnest(retained) as kept (load_id)
        where kept.load_id >= first
    );
end
$$;

--
-- Name: FUNCTION retained_from(source text, key jsonb, purged bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.retained_from(source text, key jsonb, purged bigint[]) IS 'Returns the live loads of an append or merge source that must be undone and merged again to remove a key: from the oldest load in staging that contained the key or changed a row with it.';

--
-- Name: retry_job(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.retry_job(job_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    state_before text;
    kind text;
begin
    select job.state, job.kind into state_before, kind
    from elt.job
    where job.job_id = retry_job.job_id
    for update;
    if state_before is null then
        raise exception 'there is no job %', job_id
            using errcode = 'no_data_found', hint = 'Jobs are listed in elt.job_status.';
    end if;
    if state_before not in ('dead', 'cancelled') then
        raise exception 'job % is %: only dead and cancelled jobs can be retried',
            job_id, state_before
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform elt.require_job_right(kind);
    perform elt.requeue_job(job_id, now(), 0);
end
$$;

--
-- Name: FUNCTION retry_job(job_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.retry_job(job_id bigint) IS 'Queues a dead or cancelled job again with all its attempts. Its history is kept. Its dedup_key is removed if a newer queued job has it.';

--
-- Name: retry_pause(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.retry_pause(attempt_count bigint) RETURNS interval
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        least(
            interval '1 hour',
            interval '15 seconds' * power(2, least(greatest(attempt_count, 1), 20) - 1)
        ) * (0.8 + 0.4 * random())
$$;

--
-- Name: FUNCTION retry_pause(attempt_count bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.retry_pause(attempt_count bigint) IS 'Delay before the next attempt: 15 seconds, doubled with each attempt up to an hour, plus or minus a fifth at random, so that jobs that failed together are not retried together.';

--
-- Name: revoke_token(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.revoke_token(token_id bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    owner_id bigint;
    token_name text;
begin
    update elt.api_token set revoked_at = coalesce(api_token.revoked_at, now())
    where api_token.token_id = revoke_token.token_id
    returning api_token.account_id, api_token.name into owner_id, token_name;
    if not found then
        raise exception 'there is no token %', token_id
            using errcode = 'no_data_found', hint = 'Tokens are listed in elt.account_token.';
    end if;
    perform elt.add_audit(
        'token.revoke', elt.account_name(owner_id), jsonb_build_object('token', token_id, 'name', token_name)
    );
end
$$;

--
-- Name: FUNCTION revoke_token(token_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.revoke_token(token_id bigint) IS 'Revokes a token.';

--
-- Name: roll_back(bigint, bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.roll_back(publish_id bigint, load_id bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    rolled_back text;
    undone bigint[];
    redone bigint[];
    lost bigint;
    later bigint[];
begin
    select load.source
    into strict rolled_back
    from elt.load
    where load.load_id = roll_back.load_id;

    select
        array_agg(load.load_id),
        max(load.load_id) filter (where retained_load.load_id is null)
    into undone, lost
    from elt.load
    left join elt.retained_load on load.load_id = retained_load.load_id
    where
        load.source = rolled_back
        and load.load_id > roll_back.load_id
        and load.live_publish_id is not null;
    if lost is not null then
        raise exception 'cannot undo load %: its rows are no longer in staging', lost
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    -- Files that came again, and whose older bytes these loads replaced, possibly several times.
    with recursive replaced as (
        select load.load_id
        from elt.load
        where load.replaced_by_load_id = any(undone)
        union
        select load.load_id
        from replaced
        inner join elt.load on replaced.load_id = load.replaced_by_load_id
        where replaced.load_id > roll_back.load_id
    ),

    restored as (
        update elt.load
        set
            replaced_by_load_id = null,
            rolled_back_at = case when load.load_id > roll_back.load_id then now() end
        from replaced
        where load.load_id = replaced.load_id
        returning load.load_id, load.staging_dropped_at
    )

    select
        coalesce(array_agg(restored.load_id), '{}'),
        max(restored.load_id) filter (where restored.staging_dropped_at is not null)
    into redone, lost
    from restored
    where restored.load_id <= roll_back.load_id;
    if lost is not null then
        raise exception 'cannot restore load %, which a later load of its file replaced: its rows are no longer in staging', lost
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    select coalesce(array_agg(retained_load.load_id), '{}')
    into later
    from elt.retained_load
    where
        elt.has_replaced_rows(rolled_back)
        and retained_load.source = rolled_back
        and retained_load.load_id <= roll_back.load_id
        and retained_load.load_id > (select min(named.load_id) from unnest(redone) as named (load_id));
    perform elt.take_back(publish_id, rolled_back, coalesce(undone, '{}') || later, redone || later, null);
end
$$;

--
-- Name: FUNCTION roll_back(publish_id bigint, load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.roll_back(publish_id bigint, load_id bigint) IS 'Undoes all loads of an append or merge source that are later than this one. Loads of files that they replaced are live again.';

--
-- Name: row_estimate(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.row_estimate(relation regclass) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    row_count bigint;
    parts regclass[] := array(
        select relation
        union
        select tree.relid
        from pg_partition_tree(relation) as tree
    );
begin
    if elt.distribution_column(relation) is null then
        select sum(greatest(pg_class.reltuples, 0))
        into row_count
        from pg_catalog.pg_class
        where pg_class.oid = any(parts) and pg_class.relkind <> 'p';
    else
        execute
            'select sum(case when success then result::bigint end) from run_command_on_workers($1)'
        into row_count
        using (
            select format(
                'select coalesce(sum(greatest(reltuples, 0)), 0)::bigint
                from pg_catalog.pg_class
                where relkind = ''r'' and relnamespace = %L::regnamespace
                and regexp_replace(relname, ''_[0-9]+$'', '''') = any(%L::text[])',
                min(pg_class.relnamespace::regnamespace::text),
                array_agg(pg_class.relname)
            )
            from pg_catalog.pg_class
            where pg_class.oid = any(parts)
        );
    end if;
    return coalesce(row_count, 0);
end
$_$;

--
-- Name: FUNCTION row_estimate(relation regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.row_estimate(relation regclass) IS 'Returns the estimated number of rows of a table and of its partitions, from the statistics of PostgreSQL. On Citus, of all its shards.';

--
-- Name: run_rules(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.run_rules() RETURNS TABLE(rule text, level text, violation_count bigint, sample jsonb, description text)
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        split_part(rules.name, '.', 2),
        rules.level,
        found.violation_count,
        found.sample,
        obj_description(rules.name::regclass, 'pg_class')
    from (
        select
            current_view.name,
            current_view.header ->> 'level' as level,
            current_view.header ->> 'holds if' as holds_if
        from elt.current_view
        where current_view.layer = 'quality'
        order by
            current_view.header ->> 'level',
            current_view.name
    ) as rules
    cross join lateral elt.check_rule(rules.name::regclass, rules.holds_if) as found
$$;

--
-- Name: FUNCTION run_rules(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.run_rules() IS 'Runs all rules on the data that the transaction sees. Returns level, number of violations, the first five of them with their origin, and the description of each rule.';

--
-- Name: run_schedule(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.run_schedule(schedule text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    job_number bigint;
begin
    perform elt.require_job_right(wanted.kind)
    from elt.schedule as wanted
    where wanted.schedule = run_schedule.schedule;
    select
        elt.enqueue(
            wanted.kind,
            wanted.args,
            queue => wanted.queue,
            priority => wanted.priority,
            dedup_key => 'schedule:' || wanted.schedule
        )
    into job_number
    from elt.schedule as wanted
    where wanted.schedule = run_schedule.schedule;
    if job_number is null then
        raise exception 'there is no schedule "%"', run_schedule.schedule
            using errcode = 'no_data_found';
    end if;
    update elt.job
    set schedule = run_schedule.schedule
    where job.job_id = job_number and job.created_at = now();
    return job_number;
end
$$;

--
-- Name: FUNCTION run_schedule(schedule text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.run_schedule(schedule text) IS 'Enqueues the job of a schedule now, whether the schedule is enabled or not, and returns the number of the job.';

--
-- Name: schedule_wait(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.schedule_wait() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select ceil(extract(epoch from min(schedule.next_run_at) - clock_timestamp()) * 1000)::bigint
    from elt.schedule
    where
        schedule.is_enabled
        and schedule.next_run_at > now()
        and schedule.next_run_at < 'infinity'
$$;

--
-- Name: FUNCTION schedule_wait(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.schedule_wait() IS 'Milliseconds until the next schedule is due. Null if there is none.';

--
-- Name: seen_bigint_value(text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.seen_bigint_value(value text, is_integer boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when is_integer then value::bigint else elt.bigint_value(value) end
$$;

--
-- Name: FUNCTION seen_bigint_value(value text, is_integer boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.seen_bigint_value(value text, is_integer boolean) IS 'As elt.bigint_value, but faster if all values are known to be integers: elt.column_is(..., ''integer'').';

--
-- Name: seen_date_value(text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.seen_date_value(value text, is_date boolean) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    select case when is_date then value::date else elt.date_value(value) end
$$;

--
-- Name: FUNCTION seen_date_value(value text, is_date boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.seen_date_value(value text, is_date boolean) IS 'As elt.date_value, but faster if all values are known to be dates: elt.column_is(..., ''date'').';

--
-- Name: seen_text_value(text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.seen_text_value(value text, is_trimmed boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when is_trimmed then nullif(value, '') else elt.text_value(value) end
$$;

--
-- Name: FUNCTION seen_text_value(value text, is_trimmed boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.seen_text_value(value text, is_trimmed boolean) IS 'As elt.text_value, but faster if no value is known to have white space at its edges: elt.column_is(..., ''trimmed'').';

--
-- Name: session_account(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.session_account(token_sha256 bytea) RETURNS TABLE(session_id bigint, account_id bigint, name text, role text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    seen_at timestamptz;
begin
    select
        session.session_id,
        account.account_id,
        account.name,
        account.role,
        session.seen_at
    into
        session_account.session_id,
        session_account.account_id,
        session_account.name,
        session_account.role,
        seen_at
    from elt.session
    inner join elt.account on session.account_id = account.account_id
    where
        session.token_sha256 = session_account.token_sha256
        and session.created_at > now() - interval '7 days'
        and session.seen_at > now() - interval '12 hours'
        and account.disabled_at is null
        and not account.must_change_password;
    if not found then
        return;
    end if;
    if seen_at < now() - interval '1 minute' then
        update elt.session set seen_at = now()
        where session.session_id = session_account.session_id;
    end if;
    return next;
end
$$;

--
-- Name: FUNCTION session_account(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.session_account(token_sha256 bytea) IS 'Returns the account that the session of a cookie belongs to. No row if the session has ended, the account is disabled, or it must change its password first.';

--
-- Name: session_owes_password(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.session_owes_password(token_sha256 bytea) RETURNS TABLE(name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select account.name
    from elt.session
    inner join elt.account on session.account_id = account.account_id
    where
        session.token_sha256 = session_owes_password.token_sha256
        and session.created_at > now() - interval '1 hour'
        and account.disabled_at is null
        and account.must_change_password
$$;

--
-- Name: FUNCTION session_owes_password(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.session_owes_password(token_sha256 bytea) IS 'Returns the account of a session that began with a one-time password within an hour, and can only change that password.';

--
-- Name: set_password(bigint, text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.set_password(account_id bigint, password_hash text, revoke_tokens boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    changed record;
begin
    update elt.account
    set
        password_hash = set_password.password_hash,
        password_set_at = now(),
        must_change_password = false,
        disabled_at = null
    where account.account_id = set_password.account_id
    returning account.name into changed;
    -- Also clears a sign-in lockout.
    delete from elt.sign_in
    using elt.account
    where
        account.account_id = set_password.account_id
        and lower(sign_in.name) = lower(account.name)
        and not sign_in.is_success;
    delete from elt.device where device.account_id = set_password.account_id;
    update elt.api_token set revoked_at = now()
    where
        api_token.account_id = set_password.account_id
        and api_token.revoked_at is null
        and (api_token.is_from_sign_in or set_password.revoke_tokens);
    perform elt.close_sessions(account_id);
    perform elt.add_audit(
        case
            when coalesce(nullif(current_setting('elt.account', true), ''), changed.name) = changed.name
                then 'password.set'
            else 'password.reset'
        end,
        changed.name,
        jsonb_build_object('revoke_tokens', nullif(set_password.revoke_tokens, false))
    );
end
$$;

--
-- Name: FUNCTION set_password(account_id bigint, password_hash text, revoke_tokens boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.set_password(account_id bigint, password_hash text, revoke_tokens boolean) IS 'Sets the password of an account. Enables a disabled account and clears a sign-in lockout. Ends the account''s sessions, forgets its browsers, and revokes the tokens that were issued for the old password, or all its tokens if revoke_tokens is true.';

--
-- Name: sign_in_frees_at(text, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.sign_in_frees_at(name text, network text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with failed as materialized (
        select
            sign_in.attempted_at,
            lower(sign_in.name) = lower(sign_in_frees_at.name) as is_name,
            sign_in.address = sign_in_frees_at.network as is_network
        from elt.sign_in
        where
            not sign_in.is_success
            and sign_in.device_id is null
            and sign_in.attempted_at > now() - interval '15 minutes'
            and (
                lower(sign_in.name) = lower(sign_in_frees_at.name)
                or sign_in.address = sign_in_frees_at.network
            )
    ),

    too_many as (
        (
            select failed.attempted_at
            from failed
            where failed.is_name and failed.is_network
            order by failed.attempted_at desc
            offset 4 limit 1
        )
        union all
        (
            select failed.attempted_at
            from failed
            where
                failed.is_network
                and not exists (
                    select
                    from elt.sign_in as before
                    where
                        lower(before.name) = lower(sign_in_frees_at.name)
                        and before.address = sign_in_frees_at.network
                        and before.is_success
                        and before.attempted_at > now() - interval '30 days'
                )
            order by failed.attempted_at desc
            offset 29 limit 1
        )
        union all
        (
            select failed.attempted_at
            from failed
            where failed.is_name
            order by failed.attempted_at desc
            offset 99 limit 1
        )
    )

    select max(too_many.attempted_at) + interval '15 minutes'
    from too_many
$$;

--
-- Name: FUNCTION sign_in_frees_at(name text, network text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.sign_in_frees_at(name text, network text) IS 'Time until which an attempt from an unknown browser must wait after failures of its name and network. Null if it need not wait.';

--
-- Name: since_to_send(text, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.since_to_send(source text, is_full boolean) RETURNS TABLE(since_column text, since_type text, value text, reason text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with reading as (
        select
            rest_source.since_column,
            rest_source.since_type,
            rest_source.since_overlap,
            rest_source.since_start,
            elt.live_since(
                rest_source.source, rest_source.since_column, rest_source.since_type
            ) as live_value,
            exists (
                select 1
                from elt.source_behind
                where source_behind.source = rest_source.source
            ) as is_behind,
            exists (
                select 1
                from elt.load
                where
                    load.source = rest_source.source
                    and load.live_publish_id is not null
                    and load.since_value is not null
            ) as has_value
        from elt.rest_source
        where rest_source.source = since_to_send.source and rest_source.since_column is not null
    )

    select
        reading.since_column,
        reading.since_type,
        case
            when is_full or reading.is_behind or reading.live_value is null then reading.since_start
            when reading.since_type = 'timestamp'
                then elt.utc_text(
                    greatest(
                        elt.timestamp_value(reading.live_value) at time zone 'UTC'
                        - coalesce(reading.since_overlap, '0')::interval,
                        '0001-01-01'
                    )
                )
            when reading.since_type = 'date'
                then to_char(
                    greatest(
                        elt.date_value(reading.live_value) - coalesce(reading.since_overlap, '0')::interval,
                        '0001-01-01'
                    ),
                    'YYYY-MM-DD'
                )
            when reading.since_type = 'number'
                then trim_scale(
                    elt.numeric_value(reading.live_value) - coalesce(reading.since_overlap, '0')::numeric
                )::text
            else reading.live_value
        end,
        case
            when is_full then null
            when reading.is_behind then 'its core query has changed'
            when reading.live_value is null and reading.has_value
                then 'since_column or since_type in elt.rest_source has changed'
        end
    from reading
$$;

--
-- Name: FUNCTION since_to_send(source text, is_full boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.since_to_send(source text, is_full boolean) IS 'Returns the value that the next load of an API sends to get only newer records: the highest live value without the overlap, or since_start if everything is read. Null to send none. reason says why everything is read although an earlier load has a value. No row if the source is not loaded incrementally.';

--
-- Name: sources_of(text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.sources_of(relations text[]) RETURNS TABLE(source text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive core_queries as materialized (
        select
            current_view.name::regclass::oid as oid,
            to_regclass(current_view.header ->> 'fills')::oid as fills
        from elt.current_view
        where current_view.layer = 'core' and current_view.header ? 'fills'
    ),

    -- Once, because each step of a recursion would read the catalogue again.
    direct_reads as materialized (
        select
            object_use.object_id as oid,
            object_use.used_id
        from elt.object_use
        where
            object_use.class_id = 'pg_catalog.pg_class'::regclass
            and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
        union all
        select
            core_queries.fills,
            core_queries.oid
        from core_queries
    ),

    reads as (
        select to_regclass(relation)::oid as oid
        from unnest(relations) as relation
        union
        select direct_reads.used_id
        from reads
        inner join direct_reads on reads.oid = direct_reads.oid
    )

    select pg_class.relname::text
    from reads
    inner join pg_catalog.pg_class on pg_class.oid = reads.oid
    where pg_class.relnamespace = 'staging'::regnamespace
$$;

--
-- Name: FUNCTION sources_of(relations text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.sources_of(relations text[]) IS 'Returns the sources that relations are computed from, through views and through tables that core queries fill.';

--
-- Name: sql_sha256(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.sql_sha256() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select encode(
        sha256(
            convert_to(
                coalesce(string_agg(name || ' ' || sha256, ' ' order by name collate "C"), ''), 'UTF8'
            )
        ),
        'hex'
    )
    from elt.current_view
$$;

--
-- Name: FUNCTION sql_sha256(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.sql_sha256() IS 'Returns the fingerprint of everything in sql/: views, functions, rules and export queries.';

--
-- Name: staged_since(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.staged_since(load_id bigint) RETURNS TABLE(value text, unreadable_count bigint, future_count bigint)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    reading record;
    read_value text;
    is_past text := 'true';
    is_future text := 'false';
    highest text;
begin
    select
        load.source,
        load.since_column,
        load.since_type,
        load.started_at
    into strict reading
    from elt.load
    where load.load_id = staged_since.load_id;
    if reading.since_column is null then
        return next;
        return;
    end if;

    case reading.since_type
        when 'timestamp' then
            read_value := 'elt.read_instant(said.value)';
            is_past := 'read.value <= $3';
            is_future := 'read.value > clock_timestamp()';
            highest := 'elt.utc_text(greatest(%s, elt.timestamp_value($4)) at time zone ''UTC'')';
        when 'date' then
            read_value :=
                'coalesce(elt.date_value(said.value), (elt.read_instant(said.value) at time zone ''UTC'')::date)';
            is_past := 'read.value <= ($3 at time zone ''UTC'')::date';
            -- The first time zones have the next day when it is ten o'clock in UTC.
            is_future := 'read.value > (clock_timestamp() at time zone ''UTC'' + interval ''14 hours'')::date';
            highest := 'to_char(greatest(%s, elt.date_value($4)), ''YYYY-MM-DD'')';
        when 'number' then
            read_value := 'elt.numeric_value(said.value)';
            -- An exponent can make a number longer than elt.numeric_value reads.
            is_past := 'abs(read.value) < 1e100 and scale(read.value) <= 100';
            highest := 'trim_scale(greatest(%s, elt.numeric_value($4)))::text';
        when 'text' then
            read_value := 'said.value collate "C"';
            highest := 'greatest(%s, $4 collate "C")';
    end case;
    execute format(
        'with said as (
            select coalesce(staged.payload ->> $2, staged.payload #>> string_to_array($2, ''.'')) as value
            from staging.%I as staged
            where staged._load_id = $1
        ),

        read as materialized (
            select %s as value
            from said
            where not elt.is_missing(said.value)
        )

        select
            %s,
            count(*) filter (where read.value is null),
            count(*) filter (where %s)
        from read',
        reading.source,
        read_value,
        format(highest, format('max(read.value) filter (where %s)', is_past)),
        is_future
    )
    into value, unreadable_count, future_count
    using
        staged_since.load_id,
        reading.since_column,
        reading.started_at,
        elt.live_since(reading.source, reading.since_column, reading.since_type);
    return next;
end
$_$;

--
-- Name: FUNCTION staged_since(load_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.staged_since(load_id bigint) IS 'Returns how far a staged load of an API has read: the highest value of since_column in its rows, or the live value if that is higher. Also counts values that cannot be read as since_type, and values in the future. All are null if the load is not incremental.';

--
-- Name: standing_result(bigint, text[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.standing_result(publish_id bigint, sources text[]) RETURNS TABLE(rule text, level text, violation_count bigint, sample jsonb, run_publish_id bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive latest as (
        select max(publish.publish_id) as publish_id
        from elt.publish
        where publish.state = 'published' and publish.publish_id < standing_result.publish_id
    ),

    core_queries as materialized (
        select
            current_view.name::regclass::oid as oid,
            to_regclass(current_view.header ->> 'fills')::oid as fills
        from elt.current_view
        where current_view.layer = 'core' and current_view.header ? 'fills'
    ),

    reads as (
        select
            split_part(current_view.name, '.', 2) as rule,
            to_regclass(current_view.name)::oid as oid
        from elt.current_view
        where current_view.layer = 'quality'
        union
        select
            reads.rule,
            further.oid
        from reads
        cross join lateral (
            select object_use.used_id as oid
            from elt.object_use
            where
                object_use.object_id = reads.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
            union all
            select core_queries.oid
            from core_queries
            where core_queries.fills = reads.oid
        ) as further
    ),

    may_have_changed as (
        select distinct reads.rule
        from reads
        inner join pg_catalog.pg_class on reads.oid = pg_class.oid
        where
            (
                pg_class.relkind <> 'v'
                and pg_class.oid not in ('elt.live_pointer'::regclass, 'elt.live_override'::regclass)
                and pg_class.oid not in (
                    select core_queries.fills
                    from core_queries
                    where core_queries.fills is not null
                )
                and (
                    pg_class.relnamespace <> 'staging'::regnamespace
                    or pg_class.relname::text = any(sources)
                )
            )
            or exists (
                select 1
                from elt.object_use
                inner join pg_catalog.pg_proc on object_use.used_id = pg_proc.oid
                where
                    object_use.object_id = reads.oid
                    and object_use.class_id = 'pg_catalog.pg_class'::regclass
                    and object_use.used_class_id = 'pg_catalog.pg_proc'::regclass
                    and pg_proc.provolatile <> 'i'
                    -- The first reads only the live loads. The second is stable only so that it can be inlined.
                    and pg_proc.oid not in (
                        'elt.column_is(text, text, text)'::regprocedure,
                        'elt.seen_date_value(text, boolean)'::regprocedure
                    )
            )
    ),

    reads_staging as (
        select distinct reads.rule
        from reads
        inner join pg_catalog.pg_class on reads.oid = pg_class.oid
        where pg_class.relnamespace = 'staging'::regnamespace
    )

    select
        rule_result.rule,
        rule_result.level,
        rule_result.violation_count,
        rule_result.sample,
        coalesce(rule_result.run_publish_id, rule_result.publish_id)
    from latest
    inner join elt.publish as before on latest.publish_id = before.publish_id
    inner join elt.publish as this on this.publish_id = standing_result.publish_id
    inner join elt.rule_result on latest.publish_id = rule_result.publish_id
    inner join reads_staging on rule_result.rule = reads_staging.rule
    where
        before.sql_sha256 = this.sql_sha256
        and rule_result.rule not in (
            select may_have_changed.rule
            from may_have_changed
        )
$$;

--
-- Name: FUNCTION standing_result(publish_id bigint, sources text[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.standing_result(publish_id bigint, sources text[]) IS 'Returns the results of the previous publish that are still valid for this publish of these sources, because nothing that the rules read has changed.';

--
-- Name: start_job(text, jsonb, text, bigint, timestamp with time zone); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    wrong record;
begin
    if not exists (
        select 1
        from elt.job_kind
        inner join elt.account on account.role = 'admin' or account.role = job_kind.web_role
        where
            job_kind.kind = start_job.kind
            and job_kind.web_role is not null
            and account.name = current_setting('elt.account', true)
            and account.disabled_at is null
    ) then
        raise exception 'the account may not start jobs of kind "%"', kind
            using errcode = 'insufficient_privilege', hint = 'See elt.job_kind.web_role.';
    end if;
    select problems.argument, problems.problem into wrong
    from elt.job_argument_problems(kind, args) as problems
    limit 1;
    if found then
        raise exception 'argument "%" is not valid: %', wrong.argument, wrong.problem
            using errcode = 'invalid_parameter_value';
    end if;
    return elt.enqueue(kind, args, queue => queue, priority => priority, run_at => run_at);
end
$$;

--
-- Name: FUNCTION start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone) IS 'Enqueues a job for the account of the web application named by the setting elt.account, if its role may start such jobs, and returns its number.';

--
-- Name: start_worker(text, bigint, text, text[], bigint, boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.start_worker(host text, process_id bigint, elt_version text, queues text[], concurrency bigint, holds_lock boolean) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    number bigint;
begin
    perform elt.require_queue_name(queue) from unnest(queues) as queue;
    insert into elt.worker (host, process_id, elt_version, queues, concurrency, holds_lock)
    values (host, process_id, elt_version, queues, concurrency, holds_lock)
    returning worker.worker_id into number;
    return number;
end
$$;

--
-- Name: FUNCTION start_worker(host text, process_id bigint, elt_version text, queues text[], concurrency bigint, holds_lock boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.start_worker(host text, process_id bigint, elt_version text, queues text[], concurrency bigint, holds_lock boolean) IS 'Registers a worker and returns its number.';

--
-- Name: stop_worker(bigint); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.stop_worker(worker_id bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    update elt.worker
    set stopped_at = now()
    where worker.worker_id = stop_worker.worker_id and worker.stopped_at is null
$$;

--
-- Name: FUNCTION stop_worker(worker_id bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.stop_worker(worker_id bigint) IS 'Records that a worker stopped normally.';

--
-- Name: succeed_job(bigint, bigint, jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.succeed_job(job_id bigint, claim_number bigint, result jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform elt.end_attempt(job_id, claim_number, 'succeeded', null, null);
    update elt.job
    set
        state = 'succeeded',
        result = succeed_job.result,
        error = null,
        worker_id = null,
        lease_until = null,
        finished_at = clock_timestamp()
    where job.job_id = succeed_job.job_id;
end
$$;

--
-- Name: FUNCTION succeed_job(job_id bigint, claim_number bigint, result jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.succeed_job(job_id bigint, claim_number bigint, result jsonb) IS 'Ends a job successfully and records its result. Raises an error if this claim no longer holds the job.';

--
-- Name: sweep(); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.sweep() RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    candidate record;
begin
    return query
    select * from elt.mark_dead_loads();

    -- A publish holds the advisory lock (6646900, 4) from before it prepares until it has ended.
    if pg_try_advisory_xact_lock(6646900, 4) then
        perform elt.drop_prepared(null);
    end if;

    for candidate in
        -- Loads of a batch are dropped together.
        select min(staging_leftover.load_id) as load_id
        from elt.staging_leftover
        inner join elt.load on staging_leftover.load_id = load.load_id
        group by coalesce(load.batch_load_id, load.load_id)
        order by load_id
    loop
        perform elt.drop_staging(candidate.load_id);
    end loop;
end
$$;

--
-- Name: FUNCTION sweep(); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.sweep() IS 'Marks loads whose program died as interrupted and returns their numbers. Drops what they prepared for a publish, and the rows of failed loads and of published loads beyond elt.source.keep_loads from staging. Keeps the latest refused load of a source for inspection.';

--
-- Name: table_dependent(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.table_dependent(target regclass) RETURNS TABLE(class_id oid, object_id oid, part_id integer, view_id oid)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select distinct
        pg_depend.classid,
        pg_depend.objid,
        pg_depend.objsubid,
        case when reader.relkind = 'v' then reader.oid end
    from pg_catalog.pg_class
    inner join pg_catalog.pg_type on pg_class.reltype = pg_type.oid
    inner join pg_catalog.pg_depend
        on
            (pg_depend.refclassid = 'pg_class'::regclass and pg_depend.refobjid = pg_class.oid)
            or (
                pg_depend.refclassid = 'pg_type'::regclass
                and pg_depend.refobjid in (pg_type.oid, pg_type.typarray)
            )
    left join pg_catalog.pg_rewrite on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
    left join pg_catalog.pg_class as reader on pg_rewrite.ev_class = reader.oid and pg_rewrite.rulename = '_RETURN'
    where
        pg_class.oid = target
        and pg_depend.deptype = 'n'
        -- The rule of a view names the view itself.
        and pg_rewrite.ev_class is distinct from target::oid
        -- Parts of the table itself, whose expressions name its columns.
        and not (pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = target)
        and not exists (
            select from pg_catalog.pg_index
            where pg_depend.classid = 'pg_class'::regclass
            and pg_depend.objid = pg_index.indexrelid
            and pg_index.indrelid = target
        )
        and not exists (
            select from pg_catalog.pg_constraint
            where pg_depend.classid = 'pg_constraint'::regclass
            and pg_depend.objid = pg_constraint.oid
            and pg_constraint.conrelid = target
        )
        and not exists (
            select from pg_catalog.pg_attrdef
            where pg_depend.classid = 'pg_attrdef'::regclass
            and pg_depend.objid = pg_attrdef.oid
            and pg_attrdef.adrelid = target
        )
        and not exists (
            select from pg_catalog.pg_trigger
            where pg_depend.classid = 'pg_trigger'::regclass
            and pg_depend.objid = pg_trigger.oid
            and pg_trigger.tgrelid = target
        )
$$;

--
-- Name: FUNCTION table_dependent(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.table_dependent(target regclass) IS 'Returns the objects outside a table that refer to it or to its row type: the catalogue, the identifier and the number of the column of each, and the view if it is the query of one.';

--
-- Name: table_statement(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.table_statement(target regclass) RETURNS TABLE(place bigint, statement text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        1 as place,
        format(
            'set local default_tablespace = %L; %s',
            coalesce(pg_tablespace.spcname, ''),
            coalesce(
                'alter table '
                || target::text
                || ' add constraint '
                || quote_ident(pg_constraint.conname)
                || ' '
                || pg_get_constraintdef(pg_constraint.oid),
                pg_get_indexdef(pg_index.indexrelid)
            )
        ) as statement
    from pg_catalog.pg_index
    inner join pg_catalog.pg_class on pg_index.indexrelid = pg_class.oid
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    left join pg_catalog.pg_constraint
        on pg_index.indexrelid = pg_constraint.conindid and pg_constraint.conrelid = target
    where pg_index.indrelid = target
    union all
    select
        2 as place,
        format('comment on index %s is %L', pg_index.indexrelid::regclass, pg_description.description)
    from pg_catalog.pg_index
    inner join pg_catalog.pg_description
        on
            pg_index.indexrelid = pg_description.objoid
            and pg_description.classoid = 'pg_class'::regclass
            and pg_description.objsubid = 0
    where pg_index.indrelid = target
    union all
    select
        2 as place,
        format('comment on constraint %I on %s is %L', pg_constraint.conname, target, pg_description.description)
    from pg_catalog.pg_constraint
    inner join pg_catalog.pg_description
        on pg_constraint.oid = pg_description.objoid and pg_description.classoid = 'pg_constraint'::regclass
    where pg_constraint.conrelid = target
    union all
    select
        2 as place,
        format('comment on table %s is %L', target, obj_description(target, 'pg_class'))
    where obj_description(target, 'pg_class') is not null
    union all
    select
        3 as place,
        format(
            'alter table %s alter column %I set statistics %s', target, pg_attribute.attname, pg_attribute.attstattarget
        )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = target
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attstattarget >= 0
    union all
    select
        3 as place,
        format(
            'alter table %s alter column %I set (%s)',
            target, pg_attribute.attname, array_to_string(pg_attribute.attoptions, ', ')
        )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = target
        and not pg_attribute.attisdropped
        and pg_attribute.attoptions is not null
    union all
    select
        4 as place,
        format(
            'grant %s on %s to %s%s',
            granted.privilege_type,
            target,
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
            case when granted.is_grantable then ' with grant option' else '' end
        )
    from pg_catalog.pg_class
    cross join lateral aclexplode(pg_class.relacl) as granted
    where pg_class.oid = target and granted.grantee <> pg_class.relowner
    union all
    select
        4 as place,
        format(
            'grant %s (%I) on %s to %s%s',
            granted.privilege_type,
            pg_attribute.attname,
            target,
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
            case when granted.is_grantable then ' with grant option' else '' end
        )
    from pg_catalog.pg_attribute
    cross join lateral aclexplode(pg_attribute.attacl) as granted
    where pg_attribute.attrelid = target and not pg_attribute.attisdropped
    union all
    select
        5 as place,
        format('alter table %s owner to %s', target, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

--
-- Name: FUNCTION table_statement(target regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.table_statement(target regclass) IS 'Returns the statements that give a new table of the same name the keys, indexes, comments, grants and owner of a table, in the order of place.';

--
-- Name: table_to_prepare(bigint[]); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.table_to_prepare(load_ids bigint[]) RETURNS TABLE(table_name text, filled regclass, core_query regclass, reads_one_source boolean)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        filled_table.table_name,
        filled_table.filled,
        filled_table.core_query_name::regclass,
        cardinality(filled_table.sources) = 1
    from elt.filled_table
    inner join pg_catalog.pg_partitioned_table on filled_table.filled = pg_partitioned_table.partrelid
    where
        pg_partitioned_table.partstrat = 'h'
        -- The workers compare their shards side by side.
        and elt.distribution_column(filled_table.filled) is null
        and exists (
            select 1
            from elt.load
            where load.load_id = any(load_ids) and load.source = any(filled_table.sources)
        )
        and not exists (
            select 1
            from elt.source
            where source.source = any(filled_table.sources) and source.mode <> 'replace'
        )
        and exists (
            select 1
            from elt.load
            left join elt.live_load on load.load_id = live_load.load_id
            where
                load.source = any(filled_table.sources)
                and (live_load.load_id is not null or load.load_id = any(load_ids))
                and load.rows_staged >= coalesce(nullif(current_setting('elt.rows_to_prepare', true), '')::bigint, 200000)
        )
    order by filled_table.core_query_name
$$;

--
-- Name: FUNCTION table_to_prepare(load_ids bigint[]); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.table_to_prepare(load_ids bigint[]) IS 'Returns the partitioned core tables, with their core queries, whose rows are prepared before these loads are published.';

--
-- Name: take_back(bigint, text, bigint[], bigint[], jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.take_back(publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    targets record;
    parts record;
    load_id bigint;
    before text;
    rows_updated bigint;
    rows_deleted bigint;
begin
    perform elt.require_mode(take_back.source);
    for targets in
        select filled_table.*
        from elt.filled_table
        where take_back.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        -- Only rows that these loads wrote, or that have the key, can differ afterwards.
        execute format(
            'create temporary table %I on commit drop as
            select have.* from %s as have where have._load_id = any(%L::bigint[])%s',
            'elt_before_' || targets.filled::oid,
            targets.filled,
            undone,
            ' or ' || elt.key_condition(targets.filled, key)
        );
        for load_id in
            select named.load_id
            from unnest(undone) as named (load_id)
            order by named.load_id desc
        loop
            perform elt.undo_rows(targets.filled, load_id, targets.table_name);
        end loop;
        if key is not null then
            execute format(
                'delete from %s as have where %s', targets.filled, elt.key_condition(targets.filled, key)
            );
        end if;
    end loop;

    update elt.load
    set live_publish_id = null
    where load.load_id = any(undone);
    for load_id in
        select named.load_id
        from unnest(redone) as named (load_id)
        order by named.load_id
    loop
        perform elt.merge_load(publish_id, load_id);
    end loop;

    delete from elt.live_pointer
    where live_pointer.source = take_back.source;
    insert into elt.live_pointer (source, load_id, publish_id)
    select
        load.source,
        max(load.load_id),
        take_back.publish_id
    from elt.load
    where load.source = take_back.source and load.live_publish_id is not null
    group by load.source;

    for targets in
        select filled_table.*
        from elt.filled_table
        where take_back.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        parts := elt.core_columns(targets.filled, targets.filled);
        before := format('pg_temp.%I', 'elt_before_' || targets.filled::oid);
        rows_updated := 0;
        if parts.key_list is null then
            execute format(
                'select (select count(*) from %s) - (select count(*) from %s where _load_id = any($1))',
                before, targets.filled
            )
            into rows_deleted
            using undone;
        else
            execute format(
                'select
                    count(*) filter (where have.%1$s is null),
                    count(*) filter (where have.%1$s is not null and row(%2$s) is distinct from row(%3$s))
                from %4$s as incoming
                left join %5$s as have on %6$s',
                elt.first_key_column(targets.filled),
                coalesce(parts.have_data, '1'),
                coalesce(parts.incoming_data, '1'),
                before,
                targets.filled,
                parts.key_matches
            )
            into rows_deleted, rows_updated;
        end if;
        perform elt.add_publish_change(publish_id, targets.table_name, 0, rows_updated, rows_deleted);
    end loop;
end
$_$;

--
-- Name: FUNCTION take_back(publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.take_back(publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb) IS 'Undoes the latest loads of an append or merge source, deletes the rows of a key from core, and merges the loads that stay again. Records how many rows core lost and how many differ.';

--
-- Name: text_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.text_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select nullif(btrim(value, E' \t\n\r\f\x0B'), '')
$$;

--
-- Name: FUNCTION text_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.text_value(value text) IS 'Returns the text without ASCII white space at its edges. Null if nothing is left.';

--
-- Name: time_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.time_as_iso(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    hour integer;
    has_half boolean;
begin
    if
        value !~ (
            '^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?'
            || '([ \u00a0\u202f]*[aApP][mM])?$'
        )
    then
        return null;
    end if;
    hour := split_part(value, ':', 1)::integer;
    has_half := right(value, 1) in ('m', 'M');
    if has_half and hour not between 1 and 12 then
        return null;
    end if;
    -- 12 AM is midnight, and 12 PM is noon.
    if has_half then
        hour := hour % 12 + case when value ~ '[pP].$' then 12 else 0 end;
    end if;
    return lpad(hour::text, 2, '0')
        || rtrim(substr(value, strpos(value, ':')), E'aApPmM \u00a0\u202f');
end
$_$;

--
-- Name: FUNCTION time_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.time_as_iso(value text) IS 'Converts a time of day, such as 9:05, 09:05:30.5 or 9:05 PM, to ISO text. Null for any other text. Does not check that the time exists.';

--
-- Name: time_bound(text, boolean, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.time_bound(value text, is_end boolean, time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    trimmed text := lower(btrim(value));
    day date;
begin
    if trimmed in ('today', 'yesterday') then
        day := (now() at time zone time_zone)::date - (trimmed = 'yesterday')::integer;
    elsif trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
        day := trimmed::date;
    end if;
    if day is not null then
        return (day + is_end::integer)::timestamp at time zone time_zone;
    end if;
    if trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$' then
        return trimmed::timestamp at time zone time_zone;
    end if;
    if trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?(z|utc|[+-][0-9]{2}(:?[0-9]{2})?)$' then
        return trimmed::timestamptz;
    end if;
    return null;
exception
    when data_exception then
        return null;
end
$_$;

--
-- Name: FUNCTION time_bound(value text, is_end boolean, time_zone text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.time_bound(value text, is_end boolean, time_zone text) IS 'Returns the start (or with is_end the end) of a filter by time: a day as 2026-11-30, today or yesterday, or a time as 2026-11-30 17:30, in this time zone unless it names its own. Null if the text is neither.';

--
-- Name: timestamp_value(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.timestamp_value(value text) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select (
        elt.date_value(part[1])
        + make_interval(
            hours => part[2]::integer,
            mins => part[3]::integer,
            secs => coalesce(part[4], '0')::double precision
        )
        - case when part[5] = '-' then -1 else 1 end * make_interval(
            hours => coalesce(part[6], '0')::integer, mins => coalesce(part[7], '0')::integer
        )
    ) at time zone 'UTC'
    from regexp_match(
        btrim(value, E' \t\n\r\f\x0B'),
        '^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?(?:Z|z|([+-])([01][0-9]):?([0-5][0-9])?)?$'
    ) as part
$_$;

--
-- Name: FUNCTION timestamp_value(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.timestamp_value(value text) IS 'Reads a point in time: YYYY-MM-DD and HH:MM of a day that exists, optionally with seconds and a zone (Z, +01:00). A text without a zone is read as UTC. Null for anything else.';

--
-- Name: token_account(bytea); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.token_account(token_sha256 bytea) RETURNS TABLE(token_id bigint, account_id bigint, name text, role text, may_change boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    last_used_at timestamptz;
begin
    select
        api_token.token_id,
        account.account_id,
        account.name,
        account.role,
        api_token.may_change,
        api_token.last_used_at
    into
        token_account.token_id,
        token_account.account_id,
        token_account.name,
        token_account.role,
        token_account.may_change,
        last_used_at
    from elt.api_token
    inner join elt.account on api_token.account_id = account.account_id
    where
        api_token.token_sha256 = token_account.token_sha256
        and api_token.revoked_at is null
        and api_token.expires_at > now()
        and account.disabled_at is null
        and not account.must_change_password;
    if not found then
        return;
    end if;
    if last_used_at is null or last_used_at < now() - interval '1 minute' then
        update elt.api_token set last_used_at = now()
        where api_token.token_id = token_account.token_id;
    end if;
    return next;
end
$$;

--
-- Name: FUNCTION token_account(token_sha256 bytea); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.token_account(token_sha256 bytea) IS 'Returns the account that a token belongs to, and whether it may change data. No row if the token is not valid, or the account must change its password first.';

--
-- Name: undistribute(boolean); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.undistribute(is_dry_run boolean) RETURNS SETOF text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    target record;
    kept text[];
    statement text;
begin
    for target in
        select distinct filled_table.table_name, filled_table.filled
        from elt.filled_table
        where elt.distribution_column(filled_table.filled) is not null
        order by filled_table.table_name
    loop
        statement := format('select undistribute_table(%L)', target.table_name);
        return next statement;
        continue when is_dry_run;
        kept := array(select elt.kept_attribute(target.filled));
        -- Citus warns of views that are on the coordinator alone from here on.
        set local client_min_messages = error;
        execute statement;
        foreach statement in array kept loop
            execute statement;
        end loop;
        if to_regrole('elt_read') is not null then
            execute format('revoke select on %s from elt_read', target.table_name);
        end if;
        execute format('analyze %s', target.table_name);
    end loop;
end
$$;

--
-- Name: FUNCTION undistribute(is_dry_run boolean); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.undistribute(is_dry_run boolean) IS 'Brings all distributed core tables back to the coordinator, and keeps their views, comments and grants. Returns the statements. If is_dry_run is true, it only returns them.';

--
-- Name: undo_rows(regclass, bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.undo_rows(target regclass, load_id bigint, table_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'iso'
    SET "IntervalStyle" TO 'postgres'
    AS $_$
declare
    parts record := elt.core_columns(target, target);
begin
    if parts.key_list is null then
        execute format('delete from %s where _load_id = $1', target) using load_id;
        return;
    end if;
    execute format(
        'create temporary table elt_earlier on commit drop as
        select %s
        from elt.earlier_row as image
        where image.load_id = %s and image.table_name = %L',
        parts.earlier, load_id, table_name
    );
    analyze pg_temp.elt_earlier;
    execute format(
        'with incoming as materialized (
            select %s
            from pg_temp.elt_earlier
        )

        delete from %s as have
        where
            have._load_id = $1
            and not exists (select 1 from incoming where %s)',
        parts.key_list, target, parts.key_matches
    )
    using load_id;
    execute format(
        'insert into %s (%2$s) select %2$s from pg_temp.elt_earlier on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        coalesce('do update set ' || parts.updates, 'do nothing')
    );
    drop table pg_temp.elt_earlier;
    delete from elt.earlier_row
    where earlier_row.load_id = undo_rows.load_id and earlier_row.table_name = undo_rows.table_name;
end
$_$;

--
-- Name: FUNCTION undo_rows(target regclass, load_id bigint, table_name text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.undo_rows(target regclass, load_id bigint, table_name text) IS 'Undoes the changes that the latest load of an append or merge source made to a core table: restores the rows that it changed and deletes the rows that it inserted.';

--
-- Name: upstream(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.upstream(relation regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive reads as (
        select relation::oid as oid
        union
        select object_use.used_id
        from reads
        inner join elt.object_use
            on
                object_use.object_id = reads.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
    )

    select reads.oid::regclass
    from reads
    where reads.oid <> relation
$$;

--
-- Name: FUNCTION upstream(relation regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.upstream(relation regclass) IS 'Returns every table and view that a view reads, directly or through other views.';

--
-- Name: use_prepared(text, regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.use_prepared(table_name text, target regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    prepared record;
    schema_name text := (select relnamespace::regnamespace::text from pg_catalog.pg_class where oid = target);
    partition text;
    key_name text;
    is_filled boolean := false;
    statistics_target text := current_setting('default_statistics_target');
begin
    rows_inserted := 0;
    rows_updated := 0;
    rows_deleted := 0;
    for prepared in
        delete from elt.prepared_part
        where prepared_part.table_name = use_prepared.table_name
        returning *
    loop
        rows_inserted := rows_inserted + prepared.rows_inserted;
        rows_updated := rows_updated + prepared.rows_updated;
        rows_deleted := rows_deleted + prepared.rows_deleted;
        if not prepared.is_partition then
            perform elt.apply_changes(
                target,
                prepared.relation::regclass,
                prepared.rows_inserted + prepared.rows_updated > 0,
                prepared.rows_deleted > 0
            );
            execute format('drop table %s', prepared.relation);
            continue;
        end if;
        partition := elt.partition_name(target, prepared.part);
        select pg_constraint.conname
        into strict key_name
        from pg_catalog.pg_constraint
        where pg_constraint.conrelid = prepared.relation::regclass and pg_constraint.contype = 'p';
        execute format('alter table %s rename constraint %I to %I', prepared.relation, key_name, partition || '_pkey');
        execute format('alter table %s rename to %I', prepared.relation, partition);
        execute format(
            'alter table %s attach partition %s.%I for values with (modulus %s, remainder %s)',
            target, schema_name, partition, prepared.parts, prepared.part
        );
        execute format('alter table %s.%I drop constraint part_check', schema_name, partition);
        is_filled := true;
    end loop;
    if is_filled then
        -- For the rules, which run next, a sample is enough. After the publish, the table is analyzed fully
        -- (elt.analyze_change).
        perform set_config('default_statistics_target', '10', true);
        execute format('analyze %s', target);
        perform set_config('default_statistics_target', statistics_target, true);
    end if;
end
$$;

--
-- Name: FUNCTION use_prepared(table_name text, target regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.use_prepared(table_name text, target regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) IS 'Attaches the prepared partitions of a core table, or applies the prepared changes. Returns the number of rows inserted, updated and deleted.';

--
-- Name: use_sign_in(bigint, text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.use_sign_in(sign_in_id bigint, password_hash text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    attempt record;
    owner_id bigint;
begin
    update elt.sign_in
    set finished_at = now()
    where
        sign_in.sign_in_id = use_sign_in.sign_in_id
        and sign_in.finished_at is null
        and sign_in.attempted_at > now() - interval '2 minutes';
    if not found then
        return null;
    end if;
    select
        account.account_id,
        account.name,
        sign_in.address
    into attempt
    from elt.sign_in
    left join elt.account on lower(sign_in.name) = lower(account.name)
    where sign_in.sign_in_id = use_sign_in.sign_in_id;
    select account.account_id into owner_id
    from elt.account
    where
        account.account_id = attempt.account_id
        and account.disabled_at is null
        -- A one-time password is valid for a week.
        and (not account.must_change_password or account.password_set_at > now() - interval '7 days')
        and sha256(convert_to(account.password_hash, 'UTF8')) = sha256(convert_to(use_sign_in.password_hash, 'UTF8'))
    -- Waits for a change of the account, and then sees it.
    for no key update;
    if owner_id is null then
        -- The name of an unknown account is not recorded: it may be a password in the wrong field.
        perform elt.act_as(null, attempt.address);
        perform elt.add_audit('sign_in.fail', attempt.name);
        return null;
    end if;
    update elt.sign_in set is_success = true
    where sign_in.sign_in_id = use_sign_in.sign_in_id;
    perform elt.act_as(attempt.name, attempt.address);
    return owner_id;
end
$$;

--
-- Name: FUNCTION use_sign_in(sign_in_id bigint, password_hash text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.use_sign_in(sign_in_id bigint, password_hash text) IS 'Finishes an attempt to sign in that is at most two minutes old. Returns the account''s number if the hash is that of its password, otherwise null. Records a failure in the audit. After success, acts as the account (elt.act_as).';

--
-- Name: utc_text(timestamp without time zone); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.utc_text(instant timestamp without time zone) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select
        to_char(instant, 'YYYY-MM-DD"T"HH24:MI:SS')
        || case
            when date_trunc('second', instant) <> instant then to_char(instant, '.US')
            else ''
        end
        || 'Z'
$$;

--
-- Name: FUNCTION utc_text(instant timestamp without time zone); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.utc_text(instant timestamp without time zone) IS 'Writes a time in UTC for an API: 2026-11-30T08:00:00Z, with microseconds unless they are zero.';

--
-- Name: view_attributes(regclass); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.view_attributes(view regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select format('alter view %s set (%s)', view, array_to_string(pg_class.reloptions, ', '))
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.reloptions is not null
    union all
    select format(
        'grant %s on %s to %s%s',
        granted.privilege_type,
        view,
        case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
        case when granted.is_grantable then ' with grant option' else '' end
    )
    from pg_catalog.pg_class
    cross join lateral aclexplode(pg_class.relacl) as granted
    where pg_class.oid = view and granted.grantee <> pg_class.relowner
    union all
    select format(
        'grant %s (%I) on %s to %s%s',
        granted.privilege_type,
        pg_attribute.attname,
        view,
        case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
        case when granted.is_grantable then ' with grant option' else '' end
    )
    from pg_catalog.pg_attribute
    cross join lateral aclexplode(pg_attribute.attacl) as granted
    where pg_attribute.attrelid = view and not pg_attribute.attisdropped
    union all
    select format(
        'alter view %s alter column %I set default %s',
        view,
        pg_attribute.attname,
        pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid)
    )
    from pg_catalog.pg_attrdef
    inner join pg_catalog.pg_attribute
        on pg_attrdef.adrelid = pg_attribute.attrelid and pg_attrdef.adnum = pg_attribute.attnum
    where pg_attrdef.adrelid = view
    union all
    -- Triggers and rules that users created would be dropped with the view, without a message.
    select regexp_replace(pg_get_triggerdef(pg_trigger.oid), '^CREATE TRIGGER', 'create or replace trigger')
    from pg_catalog.pg_trigger
    where pg_trigger.tgrelid = view and not pg_trigger.tgisinternal
    union all
    select regexp_replace(pg_get_ruledef(pg_rewrite.oid), '^CREATE RULE', 'create or replace rule')
    from pg_catalog.pg_rewrite
    where pg_rewrite.ev_class = view and pg_rewrite.rulename <> '_RETURN'
    union all
    select format(
        'comment on %s %I on %s is %L',
        case pg_description.classoid when 'pg_catalog.pg_trigger'::regclass then 'trigger' else 'rule' end,
        coalesce(pg_trigger.tgname, pg_rewrite.rulename),
        view,
        pg_description.description
    )
    from pg_catalog.pg_description
    left join pg_catalog.pg_trigger
        on pg_description.classoid = 'pg_catalog.pg_trigger'::regclass and pg_description.objoid = pg_trigger.oid
    left join pg_catalog.pg_rewrite
        on pg_description.classoid = 'pg_catalog.pg_rewrite'::regclass and pg_description.objoid = pg_rewrite.oid
    where pg_trigger.tgrelid = view or (pg_rewrite.ev_class = view and pg_rewrite.rulename <> '_RETURN')
    union all
    -- Comments that users wrote on columns, unless some version of the view's file has a comment on the column.
    select format(
        'do %L',
        format(
            'begin if exists (select 1 from pg_catalog.pg_attribute where attrelid = %L::regclass and attname = %L '
            'and not attisdropped and pg_catalog.col_description(attrelid, attnum) is null) '
            'then comment on column %s.%I is %L; end if; end',
            view,
            pg_attribute.attname,
            view,
            pg_attribute.attname,
            col_description(view, pg_attribute.attnum)
        )
    )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = view
        and not pg_attribute.attisdropped
        and col_description(view, pg_attribute.attnum) is not null
        and not exists (
            select 1
            from elt.view_version
            where
                view_version.name = view::text
                and position(
                    format('comment on column %s.%I is', view, pg_attribute.attname) in view_version.definition
                ) > 0
        )
    union all
    -- Last, because only the owner may run the other statements.
    select format('alter view %s owner to %s', view, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.relowner::regrole::text <> quote_ident(current_user)
$$;

--
-- Name: FUNCTION view_attributes(view regclass); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.view_attributes(view regclass) IS 'Returns the statements that restore the options, grants, defaults, triggers, rules, comments and owner of a view after it was created again.';

--
-- Name: with_origin(jsonb); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.with_origin(violation jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case
        when jsonb_typeof(violation -> '_load_id') = 'number' and jsonb_typeof(violation -> '_row') = 'number'
            then violation || jsonb_build_object(
                'origin', elt.origin((violation ->> '_load_id')::bigint, (violation ->> '_row')::bigint)
            )
        else violation
    end
$$;

--
-- Name: FUNCTION with_origin(violation jsonb); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.with_origin(violation jsonb) IS 'Returns a row as an object. If the row has _load_id and _row, adds its file and line.';

--
-- Name: year_first_as_iso(text); Type: FUNCTION; Schema: elt; Owner: -
--

CREATE FUNCTION elt.year_first_as_iso(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when
            translate(value, '123456789', '000000000') in (
                '0000/00/00', '0000/00/00 00:00', '0000/00/00 00:00:00',
                '0000.00.00', '0000.00.00 00:00', '0000.00.00 00:00:00',
                '0000-00-00', '0000-00-00 00:00', '0000-00-00 00:00:00'
            )
            then
                translate(left(value, 10), './', '--')
                || substr(value, 11)
        when
            btrim(value, E' \t\n\r\f\x0B') ~ (
                '^[0-9]{4}(\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)[0-9]{1,2}'
                || '([T ,]+[0-9].*)?$'
            )
            then elt.date_as_iso(
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    1
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    2
                ),
                split_part(
                    split_part(
                        translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1
                    ),
                    '-',
                    3
                ),
                ltrim(
                    substr(
                        btrim(value, E' \t\n\r\f\x0B'),
                        length(
                            split_part(
                                translate(btrim(value, E' \t\n\r\f\x0B'), 'T,', '  '), ' ', 1
                            )
                        ) + 1
                    ),
                    'T ,'
                )
            )
    end
$_$;

--
-- Name: FUNCTION year_first_as_iso(value text); Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON FUNCTION elt.year_first_as_iso(value text) IS 'Converts a date written year first, such as 2024/1/5, 2024.01.05 or 2024-1-5, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';

--
-- Name: live_override; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.live_override (
    source text NOT NULL,
    load_id bigint NOT NULL
);

--
-- Name: TABLE live_override; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.live_override IS 'Loads that a session sees as live before they are published. Only elt.override_live inserts rows, and they are deleted in the same transaction: no other session ever sees them.';

--
-- Name: COLUMN live_override.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_override.source IS 'Source.';

--
-- Name: COLUMN live_override.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_override.load_id IS 'Load that the session sees as its live load.';

--
-- Name: live_pointer; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.live_pointer (
    source text NOT NULL,
    load_id bigint NOT NULL,
    publish_id bigint NOT NULL
);

--
-- Name: TABLE live_pointer; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.live_pointer IS 'The load of each source that its core queries read: the live load, or for append and merge sources the latest live load (elt.load.live_publish_id marks all of them). One row per source that was ever published. Only a publish changes it.';

--
-- Name: COLUMN live_pointer.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_pointer.source IS 'Source.';

--
-- Name: COLUMN live_pointer.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_pointer.load_id IS 'Live load of the source; for append and merge sources the latest one.';

--
-- Name: COLUMN live_pointer.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_pointer.publish_id IS 'Latest publish that updated core from this load. Later than the load''s own publish if core queries have changed since.';

--
-- Name: live_load; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.live_load AS
 SELECT live_pointer.source,
    live_pointer.load_id,
    live_pointer.publish_id
   FROM elt.live_pointer
  WHERE (NOT (EXISTS ( SELECT 1
           FROM elt.live_override
          WHERE (live_override.source = live_pointer.source))))
UNION ALL
 SELECT live_override.source,
    live_override.load_id,
    NULL::bigint AS publish_id
   FROM elt.live_override
  WHERE (NULLIF(current_setting('elt.merged_load_id'::text, true), ''::text) IS NULL)
UNION ALL
 SELECT live_override.source,
    live_override.load_id,
    NULL::bigint AS publish_id
   FROM elt.live_override
  WHERE (live_override.load_id = (NULLIF(current_setting('elt.merged_load_id'::text, true), ''::text))::bigint);

--
-- Name: VIEW live_load; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.live_load IS 'The load of each source that its core queries read: the live load, or for append and merge sources the latest live load (elt.load.live_publish_id marks all of them).';

--
-- Name: COLUMN live_load.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_load.source IS 'Source.';

--
-- Name: COLUMN live_load.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_load.load_id IS 'Live load of the source; for append and merge sources the latest one.';

--
-- Name: COLUMN live_load.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_load.publish_id IS 'Latest publish that updated core from this load. Later than the load''s own publish if core queries have changed since.';

--
-- Name: appointments; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.appointments (
    _load_id bigint NOT NULL,
    _row bigint NOT NULL,
    emr_practice_id text,
    emr_appointment_id text,
    emr_provider_id text,
    emr_department_id text,
    appointment_status text,
    encounter_state text,
    encounter_status text,
    appointment_date text,
    _extra jsonb
)
PARTITION BY LIST (_load_id);

--
-- Name: TABLE appointments; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON TABLE staging.appointments IS 'Appointments of the EMRs as loaded, one row per record, including repeats.';

--
-- Name: COLUMN appointments._load_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments._load_id IS 'Load (elt.load). Each load has a partition.';

--
-- Name: COLUMN appointments._row; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments._row IS 'Line of the file where the record begins.';

--
-- Name: COLUMN appointments.emr_practice_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.emr_practice_id IS 'Hospital or clinic: its id in the EMR.';

--
-- Name: COLUMN appointments.emr_appointment_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.emr_appointment_id IS 'Appointment, unique within a practice except for repeats.';

--
-- Name: COLUMN appointments.emr_provider_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.emr_provider_id IS 'Provider.';

--
-- Name: COLUMN appointments.emr_department_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.emr_department_id IS 'Department in which it takes place.';

--
-- Name: COLUMN appointments.appointment_status; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.appointment_status IS 'Status code. x and f are not valid.';

--
-- Name: COLUMN appointments.encounter_state; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.encounter_state IS 'State of the encounter. DELETED is not valid.';

--
-- Name: COLUMN appointments.encounter_status; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.encounter_status IS 'Status of the encounter. Not used by any result.';

--
-- Name: COLUMN appointments.appointment_date; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments.appointment_date IS 'Day of the appointment, YYYY-MM-DD.';

--
-- Name: COLUMN appointments._extra; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.appointments._extra IS 'Values of columns of the file that this table lacks, by name. Null if there are none.';

--
-- Name: appointment_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.appointment_rows AS
 SELECT staged._load_id,
    staged._row,
    elt.seen_bigint_value(staged.emr_practice_id, ( SELECT elt.column_is('appointments'::text, 'emr_practice_id'::text, 'integer'::text) AS column_is)) AS emr_practice_id,
    elt.seen_bigint_value(staged.emr_appointment_id, ( SELECT elt.column_is('appointments'::text, 'emr_appointment_id'::text, 'integer'::text) AS column_is)) AS emr_appointment_id,
    elt.seen_bigint_value(staged.emr_provider_id, ( SELECT elt.column_is('appointments'::text, 'emr_provider_id'::text, 'integer'::text) AS column_is)) AS emr_provider_id,
    elt.seen_bigint_value(staged.emr_department_id, ( SELECT elt.column_is('appointments'::text, 'emr_department_id'::text, 'integer'::text) AS column_is)) AS emr_department_id,
    elt.text_value(staged.emr_practice_id) AS emr_practice_text,
    elt.text_value(staged.emr_appointment_id) AS emr_appointment_text,
    elt.text_value(staged.emr_provider_id) AS emr_provider_text,
    elt.text_value(staged.emr_department_id) AS emr_department_text,
    elt.seen_text_value(staged.appointment_status, ( SELECT elt.column_is('appointments'::text, 'appointment_status'::text, 'trimmed'::text) AS column_is)) AS appointment_status,
    elt.seen_text_value(staged.encounter_state, ( SELECT elt.column_is('appointments'::text, 'encounter_state'::text, 'trimmed'::text) AS column_is)) AS encounter_state,
    elt.seen_text_value(staged.encounter_status, ( SELECT elt.column_is('appointments'::text, 'encounter_status'::text, 'trimmed'::text) AS column_is)) AS encounter_status,
    elt.text_value(staged.appointment_date) AS appointment_date_text,
    elt.seen_date_value(staged.appointment_date, ( SELECT elt.column_is('appointments'::text, 'appointment_date'::text, 'date'::text) AS column_is)) AS appointment_date,
    staged._extra
   FROM staging.appointments staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'appointments'::text)));

--
-- Name: VIEW appointment_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.appointment_rows IS 'Staged rows of the live load of appointments, with each value trimmed and, if possible, cast.';

--
-- Name: rest_appointments; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.rest_appointments (
    _load_id bigint NOT NULL,
    _row bigint NOT NULL,
    _page bigint NOT NULL,
    payload jsonb
)
PARTITION BY LIST (_load_id);

--
-- Name: TABLE rest_appointments; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON TABLE staging.rest_appointments IS 'Appointments from the REST API, one document per row, including repeats.';

--
-- Name: COLUMN rest_appointments._load_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.rest_appointments._load_id IS 'Load (elt.load). Each load has a partition.';

--
-- Name: COLUMN rest_appointments._row; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.rest_appointments._row IS 'Position of the record over all pages, from 1.';

--
-- Name: COLUMN rest_appointments._page; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.rest_appointments._page IS 'Page that contains the record, from 1.';

--
-- Name: COLUMN rest_appointments.payload; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.rest_appointments.payload IS 'The record: emr_practice_id, emr_appointment_id, emr_provider_id, emr_department_id, appointment_status, encounter_state, encounter_status, appointment_date.';

--
-- Name: rest_appointment_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.rest_appointment_rows AS
 SELECT staged._load_id,
    staged._row,
    staged._page,
    (staged.payload ->> 'emr_practice_id'::text) AS emr_practice_id,
    (staged.payload ->> 'emr_appointment_id'::text) AS emr_appointment_id,
    (staged.payload ->> 'emr_provider_id'::text) AS emr_provider_id,
    (staged.payload ->> 'emr_department_id'::text) AS emr_department_id,
    (staged.payload ->> 'appointment_status'::text) AS appointment_status,
    (staged.payload ->> 'encounter_state'::text) AS encounter_state,
    (staged.payload ->> 'encounter_status'::text) AS encounter_status,
    (staged.payload ->> 'appointment_date'::text) AS appointment_date
   FROM staging.rest_appointments staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'rest_appointments'::text)));

--
-- Name: VIEW rest_appointment_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.rest_appointment_rows IS 'Records of the live load of rest_appointments, with each value as the text from the API.';

--
-- Name: appointment_differences; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.appointment_differences AS
 WITH all_rows AS (
         SELECT 'file'::text AS side,
            appointment_rows._load_id,
            appointment_rows._row,
            COALESCE((appointment_rows.emr_practice_id)::text, appointment_rows.emr_practice_text) AS emr_practice_id,
            COALESCE((appointment_rows.emr_appointment_id)::text, appointment_rows.emr_appointment_text) AS emr_appointment_id,
            COALESCE((appointment_rows.emr_provider_id)::text, appointment_rows.emr_provider_text) AS emr_provider_id,
            COALESCE((appointment_rows.emr_department_id)::text, appointment_rows.emr_department_text) AS emr_department_id,
            appointment_rows.appointment_status,
            appointment_rows.encounter_state,
            appointment_rows.encounter_status,
            appointment_rows.appointment_date_text AS appointment_date
           FROM core.appointment_rows
          WHERE (EXISTS ( SELECT 1
                   FROM elt.live_load
                  WHERE (live_load.source = 'rest_appointments'::text)))
        UNION ALL
         SELECT 'rest'::text AS side,
            rest_appointment_rows._load_id,
            rest_appointment_rows._row,
            COALESCE((elt.bigint_value(rest_appointment_rows.emr_practice_id))::text, elt.text_value(rest_appointment_rows.emr_practice_id)) AS emr_practice_id,
            COALESCE((elt.bigint_value(rest_appointment_rows.emr_appointment_id))::text, elt.text_value(rest_appointment_rows.emr_appointment_id)) AS emr_appointment_id,
            COALESCE((elt.bigint_value(rest_appointment_rows.emr_provider_id))::text, elt.text_value(rest_appointment_rows.emr_provider_id)) AS emr_provider_id,
            COALESCE((elt.bigint_value(rest_appointment_rows.emr_department_id))::text, elt.text_value(rest_appointment_rows.emr_department_id)) AS emr_department_id,
            elt.text_value(rest_appointment_rows.appointment_status) AS appointment_status,
            elt.text_value(rest_appointment_rows.encounter_state) AS encounter_state,
            elt.text_value(rest_appointment_rows.encounter_status) AS encounter_status,
            elt.text_value(rest_appointment_rows.appointment_date) AS appointment_date
           FROM core.rest_appointment_rows
          WHERE (EXISTS ( SELECT 1
                   FROM elt.live_load
                  WHERE (live_load.source = 'appointments'::text)))
        ), unequal AS (
         SELECT all_rows.emr_practice_id,
            all_rows.emr_appointment_id,
            all_rows.emr_provider_id,
            all_rows.emr_department_id,
            all_rows.appointment_status,
            all_rows.encounter_state,
            all_rows.encounter_status,
            all_rows.appointment_date,
            count(*) FILTER (WHERE (all_rows.side = 'file'::text)) AS file_count,
            count(*) FILTER (WHERE (all_rows.side = 'rest'::text)) AS rest_count,
            max(all_rows._load_id) FILTER (WHERE (all_rows.side = 'file'::text)) AS file_load_id,
            min(all_rows._row) FILTER (WHERE (all_rows.side = 'file'::text)) AS file_row,
            max(all_rows._load_id) FILTER (WHERE (all_rows.side = 'rest'::text)) AS rest_load_id,
            min(all_rows._row) FILTER (WHERE (all_rows.side = 'rest'::text)) AS rest_row
           FROM all_rows
          GROUP BY all_rows.emr_practice_id, all_rows.emr_appointment_id, all_rows.emr_provider_id, all_rows.emr_department_id, all_rows.appointment_status, all_rows.encounter_state, all_rows.encounter_status, all_rows.appointment_date
         HAVING (count(*) FILTER (WHERE (all_rows.side = 'file'::text)) <> count(*) FILTER (WHERE (all_rows.side = 'rest'::text)))
        ), numbered AS (
         SELECT unequal.emr_practice_id,
            unequal.emr_appointment_id,
            unequal.emr_provider_id,
            unequal.emr_department_id,
            unequal.appointment_status,
            unequal.encounter_state,
            unequal.encounter_status,
            unequal.appointment_date,
            unequal.file_count,
            unequal.rest_count,
            unequal.file_load_id,
            unequal.file_row,
            unequal.rest_load_id,
            unequal.rest_row,
            (unequal.file_count > unequal.rest_count) AS is_of_file,
            row_number() OVER (PARTITION BY (unequal.file_count > unequal.rest_count), unequal.emr_practice_id, unequal.emr_appointment_id ORDER BY
                CASE
                    WHEN (unequal.file_count > unequal.rest_count) THEN unequal.file_row
                    ELSE unequal.rest_row
                END) AS place
           FROM unequal
        ), of_file AS (
         SELECT numbered.emr_practice_id,
            numbered.emr_appointment_id,
            numbered.emr_provider_id,
            numbered.emr_department_id,
            numbered.appointment_status,
            numbered.encounter_state,
            numbered.encounter_status,
            numbered.appointment_date,
            numbered.file_count,
            numbered.rest_count,
            numbered.file_load_id,
            numbered.file_row,
            numbered.rest_load_id,
            numbered.rest_row,
            numbered.is_of_file,
            numbered.place
           FROM numbered
          WHERE numbered.is_of_file
        ), of_rest AS (
         SELECT numbered.emr_practice_id,
            numbered.emr_appointment_id,
            numbered.emr_provider_id,
            numbered.emr_department_id,
            numbered.appointment_status,
            numbered.encounter_state,
            numbered.encounter_status,
            numbered.appointment_date,
            numbered.file_count,
            numbered.rest_count,
            numbered.file_load_id,
            numbered.file_row,
            numbered.rest_load_id,
            numbered.rest_row,
            numbered.is_of_file,
            numbered.place
           FROM numbered
          WHERE (NOT numbered.is_of_file)
        )
 SELECT COALESCE(of_file.emr_practice_id, of_rest.emr_practice_id) AS emr_practice_id,
    COALESCE(of_file.emr_appointment_id, of_rest.emr_appointment_id) AS emr_appointment_id,
        CASE
            WHEN ((of_file.place IS NOT NULL) AND (of_rest.place IS NOT NULL)) THEN ( SELECT string_agg(format('%s: %s in the file, %s from the API'::text, compared.name, COALESCE(compared.file_value, 'nothing'::text), COALESCE(compared.rest_value, 'nothing'::text)), '; '::text ORDER BY compared.place) AS string_agg
               FROM ( VALUES (1,'emr_provider_id'::text,of_file.emr_provider_id,of_rest.emr_provider_id), (2,'emr_department_id'::text,of_file.emr_department_id,of_rest.emr_department_id), (3,'appointment_status'::text,of_file.appointment_status,of_rest.appointment_status), (4,'encounter_state'::text,of_file.encounter_state,of_rest.encounter_state), (5,'encounter_status'::text,of_file.encounter_status,of_rest.encounter_status), (6,'appointment_date'::text,of_file.appointment_date,of_rest.appointment_date)) compared(place, name, file_value, rest_value)
              WHERE (compared.file_value IS DISTINCT FROM compared.rest_value))
            WHEN (COALESCE(of_file.rest_count, of_rest.rest_count) = 0) THEN 'only in the file'::text
            WHEN (COALESCE(of_file.file_count, of_rest.file_count) = 0) THEN 'only from the API'::text
            ELSE format('%s times in the file, %s times from the API'::text, COALESCE(of_file.file_count, of_rest.file_count), COALESCE(of_file.rest_count, of_rest.rest_count))
        END AS difference,
    COALESCE((of_file.file_count - of_file.rest_count), (0)::bigint) AS file_surplus_count,
    COALESCE((of_rest.rest_count - of_rest.file_count), (0)::bigint) AS rest_surplus_count,
    COALESCE(of_file.file_load_id, of_rest.file_load_id) AS file_load_id,
    COALESCE(of_file.file_row, of_rest.file_row) AS file_row,
    COALESCE(of_rest.rest_load_id, of_file.rest_load_id) AS rest_load_id,
    COALESCE(of_rest.rest_row, of_file.rest_row) AS rest_row
   FROM (of_file
     FULL JOIN of_rest ON (((of_file.emr_practice_id = of_rest.emr_practice_id) AND (of_file.emr_appointment_id = of_rest.emr_appointment_id) AND (of_file.place = of_rest.place))));

--
-- Name: VIEW appointment_differences; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.appointment_differences IS 'Differences between the file of appointments and the REST API: the appointment, what differs, and the first such row on each side. Empty if all rows agree, in any order, or if one source was never loaded.';

--
-- Name: COLUMN appointment_differences.difference; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointment_differences.difference IS 'What differs: values of columns, or the number of times that the row appears.';

--
-- Name: COLUMN appointment_differences.file_surplus_count; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointment_differences.file_surplus_count IS 'How many more times the row appears in the file than in the API.';

--
-- Name: COLUMN appointment_differences.rest_surplus_count; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointment_differences.rest_surplus_count IS 'How many more times the row appears in the API than in the file.';

--
-- Name: COLUMN appointment_differences.file_row; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointment_differences.file_row IS 'First such row of the file. Null if it has none. elt.origin(file_load_id, file_row) returns its line.';

--
-- Name: COLUMN appointment_differences.rest_row; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointment_differences.rest_row IS 'First such record of the API, counted over all pages. Null if it has none.';

--
-- Name: appointment_records; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.appointment_records AS
 SELECT staged._load_id,
    staged._row,
    staged.emr_practice_id,
    staged.emr_appointment_id,
    staged.emr_provider_id,
    staged.emr_department_id,
    staged.appointment_status,
    staged.encounter_state,
    staged.encounter_status,
    staged.appointment_date
   FROM staging.appointments staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'appointments'::text)));

--
-- Name: VIEW appointment_records; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.appointment_records IS 'Staged rows of the live load of appointments, as loaded.';

--
-- Name: appointments; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.appointments (
    emr_practice_id bigint NOT NULL,
    emr_appointment_id bigint NOT NULL,
    emr_provider_id bigint,
    emr_department_id bigint,
    appointment_status text,
    encounter_state text,
    encounter_status text,
    appointment_date date,
    row_count bigint NOT NULL,
    _load_id bigint NOT NULL,
    _row bigint NOT NULL
)
PARTITION BY HASH (emr_practice_id, emr_appointment_id);

--
-- Name: TABLE appointments; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.appointments IS 'Appointments, without repeats: the last row of each one counts. Filled by core.incoming_appointments.';

--
-- Name: COLUMN appointments.emr_practice_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.emr_practice_id IS 'Hospital or clinic: its id in the EMR.';

--
-- Name: COLUMN appointments.emr_appointment_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.emr_appointment_id IS 'Appointment, unique within the practice.';

--
-- Name: COLUMN appointments.emr_provider_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.emr_provider_id IS 'Provider. Null if missing or not an integer.';

--
-- Name: COLUMN appointments.emr_department_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.emr_department_id IS 'Department in which it takes place. Null if missing or not an integer.';

--
-- Name: COLUMN appointments.appointment_status; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.appointment_status IS 'Status code as loaded, trimmed.';

--
-- Name: COLUMN appointments.encounter_state; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.encounter_state IS 'State of the encounter as loaded, trimmed.';

--
-- Name: COLUMN appointments.encounter_status; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.encounter_status IS 'Status of the encounter as loaded, trimmed.';

--
-- Name: COLUMN appointments.appointment_date; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.appointment_date IS 'Day of the appointment. Null if missing or not a date.';

--
-- Name: COLUMN appointments.row_count; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments.row_count IS 'Number of rows of the load for this appointment.';

--
-- Name: COLUMN appointments._load_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments._load_id IS 'Load that last changed the row. Use it with _row in elt.origin().';

--
-- Name: COLUMN appointments._row; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.appointments._row IS 'Line of that load''s file.';

--
-- Name: departments; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.departments (
    entry_number bigint NOT NULL,
    emr_department_id bigint NOT NULL,
    emr_practice_id bigint NOT NULL,
    _load_id bigint NOT NULL,
    _row bigint NOT NULL
);

--
-- Name: TABLE departments; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.departments IS 'Departments that the office settings name: one row per entry and department. Filled by core.incoming_departments.';

--
-- Name: COLUMN departments.entry_number; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.departments.entry_number IS 'Entry of the office settings (core.offices).';

--
-- Name: COLUMN departments.emr_department_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.departments.emr_department_id IS 'Department; unique only within its EMR practice.';

--
-- Name: COLUMN departments.emr_practice_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.departments.emr_practice_id IS 'EMR practice of the department.';

--
-- Name: COLUMN departments._load_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.departments._load_id IS 'Load that last changed the row. Use it with _row in elt.origin().';

--
-- Name: COLUMN departments._row; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.departments._row IS 'Document of that load''s file.';

--
-- Name: office_settings; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.office_settings (
    _load_id bigint NOT NULL,
    _row bigint NOT NULL,
    payload jsonb
)
PARTITION BY LIST (_load_id);

--
-- Name: TABLE office_settings; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON TABLE staging.office_settings IS 'Offices with their departments and the dates on which they went live, one document per office.';

--
-- Name: COLUMN office_settings._load_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.office_settings._load_id IS 'Load (elt.load). Each load has a partition.';

--
-- Name: COLUMN office_settings._row; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.office_settings._row IS 'Position of the document in the file, from 1.';

--
-- Name: COLUMN office_settings.payload; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.office_settings.payload IS 'The document: practice_name, emr_practice_id, epion_practice_id, epion_office_id, office_name, emr_department_ids, launched_date, disabled_date.';

--
-- Name: offices; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.offices (
    _load_id bigint NOT NULL,
    _row bigint NOT NULL,
    payload jsonb
)
PARTITION BY LIST (_load_id);

--
-- Name: TABLE offices; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON TABLE staging.offices IS 'Offices for the table public.epion_offices, one document per row.';

--
-- Name: COLUMN offices._load_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.offices._load_id IS 'Load (elt.load). Each load has a partition.';

--
-- Name: COLUMN offices._row; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.offices._row IS 'Position of the document in the file, from 1.';

--
-- Name: COLUMN offices.payload; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.offices.payload IS 'The document: epion_practice_id, launched_date, disabled_date, emr_department_ids, office_name.';

--
-- Name: practices; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.practices (
    _load_id bigint NOT NULL,
    _row bigint NOT NULL,
    payload jsonb
)
PARTITION BY LIST (_load_id);

--
-- Name: TABLE practices; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON TABLE staging.practices IS 'Child practices, one document per row.';

--
-- Name: COLUMN practices._load_id; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.practices._load_id IS 'Load (elt.load). Each load has a partition.';

--
-- Name: COLUMN practices._row; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.practices._row IS 'Position of the document in the file, from 1.';

--
-- Name: COLUMN practices.payload; Type: COMMENT; Schema: staging; Owner: -
--

COMMENT ON COLUMN staging.practices.payload IS 'The document: practice_name, emr_practice_id, epion_practice_id.';

--
-- Name: documents; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.documents AS
 SELECT staged._load_id,
    staged._row,
    'office_settings'::text AS source,
    staged.payload,
    '{practice_name,emr_practice_id,epion_practice_id,epion_office_id,office_name,emr_department_ids,launched_date,disabled_date}'::text[] AS expected_keys
   FROM staging.office_settings staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'office_settings'::text)))
UNION ALL
 SELECT staged._load_id,
    staged._row,
    'offices'::text AS source,
    staged.payload,
    '{epion_practice_id,launched_date,disabled_date,emr_department_ids,office_name}'::text[] AS expected_keys
   FROM staging.offices staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'offices'::text)))
UNION ALL
 SELECT staged._load_id,
    staged._row,
    'practices'::text AS source,
    staged.payload,
    '{practice_name,emr_practice_id,epion_practice_id}'::text[] AS expected_keys
   FROM staging.practices staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'practices'::text)));

--
-- Name: VIEW documents; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.documents IS 'Documents of the live JSON files, as loaded, and the keys that core reads from them.';

--
-- Name: epion_office_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.epion_office_rows AS
 SELECT staged._load_id,
    staged._row,
    elt.integer_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_id,
    elt.text_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_text,
    elt.text_value((staged.payload ->> 'office_name'::text)) AS office_name,
    elt.text_value((staged.payload ->> 'launched_date'::text)) AS launched_date_text,
    elt.text_value((staged.payload ->> 'disabled_date'::text)) AS disabled_date_text,
    elt.date_value((staged.payload ->> 'launched_date'::text)) AS launched_date,
    elt.date_value((staged.payload ->> 'disabled_date'::text)) AS disabled_date,
    (staged.payload -> 'emr_department_ids'::text) AS emr_department_ids
   FROM staging.offices staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'offices'::text)));

--
-- Name: VIEW epion_office_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.epion_office_rows IS 'Documents of the live offices.json, with each value trimmed and, if possible, cast.';

--
-- Name: epion_practice_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.epion_practice_rows AS
 SELECT staged._load_id,
    staged._row,
    elt.text_value((staged.payload ->> 'practice_name'::text)) AS practice_name,
    elt.integer_value((staged.payload ->> 'emr_practice_id'::text)) AS emr_practice_id,
    elt.integer_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_id,
    elt.text_value((staged.payload ->> 'emr_practice_id'::text)) AS emr_practice_text,
    elt.text_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_text
   FROM staging.practices staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'practices'::text)));

--
-- Name: VIEW epion_practice_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.epion_practice_rows IS 'Documents of the live practices.json, with each value trimmed and, if possible, cast.';

--
-- Name: incoming_appointments; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.incoming_appointments AS
 SELECT numbered.emr_practice_id,
    numbered.emr_appointment_id,
    numbered.emr_provider_id,
    numbered.emr_department_id,
    numbered.appointment_status,
    numbered.encounter_state,
    numbered.encounter_status,
    numbered.appointment_date,
    numbered.row_count,
    numbered._load_id,
    numbered._row
   FROM ( SELECT appointment_rows._load_id,
            appointment_rows._row,
            appointment_rows.emr_practice_id,
            appointment_rows.emr_appointment_id,
            appointment_rows.emr_provider_id,
            appointment_rows.emr_department_id,
            appointment_rows.emr_practice_text,
            appointment_rows.emr_appointment_text,
            appointment_rows.emr_provider_text,
            appointment_rows.emr_department_text,
            appointment_rows.appointment_status,
            appointment_rows.encounter_state,
            appointment_rows.encounter_status,
            appointment_rows.appointment_date_text,
            appointment_rows.appointment_date,
            appointment_rows._extra,
            row_number() OVER same_appointment AS row_count,
            (lead(appointment_rows._row) OVER same_appointment IS NULL) AS is_last
           FROM core.appointment_rows
          WHERE ((appointment_rows.emr_practice_id IS NOT NULL) AND (appointment_rows.emr_appointment_id IS NOT NULL))
          WINDOW same_appointment AS (PARTITION BY appointment_rows.emr_appointment_id, appointment_rows.emr_practice_id ORDER BY appointment_rows._row)) numbered
  WHERE numbered.is_last;

--
-- Name: VIEW incoming_appointments; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.incoming_appointments IS 'Rows that belong in core.appointments, from the live load.';

--
-- Name: office_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.office_rows AS
 SELECT staged._load_id,
    staged._row,
    elt.text_value((staged.payload ->> 'practice_name'::text)) AS practice_name,
    elt.bigint_value((staged.payload ->> 'emr_practice_id'::text)) AS emr_practice_id,
    elt.bigint_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_id,
    elt.bigint_value((staged.payload ->> 'epion_office_id'::text)) AS epion_office_id,
    elt.text_value((staged.payload ->> 'emr_practice_id'::text)) AS emr_practice_text,
    elt.text_value((staged.payload ->> 'epion_practice_id'::text)) AS epion_practice_text,
    elt.text_value((staged.payload ->> 'epion_office_id'::text)) AS epion_office_text,
    elt.text_value((staged.payload ->> 'office_name'::text)) AS office_name,
    elt.text_value((staged.payload ->> 'launched_date'::text)) AS launched_date_text,
    elt.text_value((staged.payload ->> 'disabled_date'::text)) AS disabled_date_text,
    elt.date_value((staged.payload ->> 'launched_date'::text)) AS launched_date,
    elt.date_value((staged.payload ->> 'disabled_date'::text)) AS disabled_date,
    (staged.payload -> 'emr_department_ids'::text) AS emr_department_ids
   FROM staging.office_settings staged
  WHERE (staged._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'office_settings'::text)));

--
-- Name: VIEW office_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.office_rows IS 'Entries of the live office settings, with each value trimmed and, if possible, cast.';

--
-- Name: office_department_rows; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.office_department_rows AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.emr_practice_id,
    elt.bigint_value(listed.value) AS emr_department_id,
    listed.value AS emr_department_text
   FROM (core.office_rows
     CROSS JOIN LATERAL jsonb_array_elements_text(elt.list_value(office_rows.emr_department_ids)) listed(value));

--
-- Name: VIEW office_department_rows; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.office_department_rows IS 'Departments in the live office settings, one row per value of a list.';

--
-- Name: incoming_departments; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.incoming_departments AS
 SELECT DISTINCT office_department_rows._row AS entry_number,
    office_department_rows.emr_department_id,
    office_department_rows.emr_practice_id,
    office_department_rows._load_id,
    office_department_rows._row
   FROM core.office_department_rows
  WHERE ((office_department_rows.emr_practice_id IS NOT NULL) AND (office_department_rows.emr_department_id IS NOT NULL));

--
-- Name: VIEW incoming_departments; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.incoming_departments IS 'Rows that belong in core.departments, from the live load.';

--
-- Name: incoming_epion_offices; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.incoming_epion_offices AS
 SELECT epion_office_rows.epion_practice_id,
    epion_office_rows.launched_date,
    epion_office_rows.disabled_date,
        CASE
            WHEN (jsonb_typeof(epion_office_rows.emr_department_ids) <> 'null'::text) THEN ARRAY( SELECT elt.integer_value(listed.value) AS integer_value
               FROM jsonb_array_elements_text(elt.list_value(epion_office_rows.emr_department_ids)) WITH ORDINALITY listed(value, place)
              WHERE (elt.integer_value(listed.value) IS NOT NULL)
              ORDER BY listed.place)
            ELSE NULL::integer[]
        END AS emr_department_ids,
    epion_office_rows.office_name
   FROM core.epion_office_rows
  ORDER BY epion_office_rows._row;

--
-- Name: VIEW incoming_epion_offices; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.incoming_epion_offices IS 'Rows that belong in public.epion_offices, from the live load.';

--
-- Name: incoming_epion_practices; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.incoming_epion_practices AS
 SELECT epion_practice_rows.practice_name,
    epion_practice_rows.emr_practice_id,
    epion_practice_rows.epion_practice_id
   FROM core.epion_practice_rows
  ORDER BY epion_practice_rows._row;

--
-- Name: VIEW incoming_epion_practices; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.incoming_epion_practices IS 'Rows that belong in public.epion_practices, from the live load.';

--
-- Name: incoming_offices; Type: VIEW; Schema: core; Owner: -
--

CREATE VIEW core.incoming_offices AS
 SELECT office_rows._row AS entry_number,
    office_rows.practice_name,
    office_rows.emr_practice_id,
    office_rows.epion_practice_id,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date,
    office_rows.disabled_date,
        CASE
            WHEN (office_rows.launched_date IS NULL) THEN NULL::daterange
            WHEN ((office_rows.disabled_date IS NULL) AND (office_rows.disabled_date_text IS NOT NULL)) THEN NULL::daterange
            WHEN (office_rows.disabled_date < office_rows.launched_date) THEN NULL::daterange
            ELSE daterange(office_rows.launched_date, office_rows.disabled_date, '[]'::text)
        END AS live_period,
    office_rows._load_id,
    office_rows._row
   FROM core.office_rows;

--
-- Name: VIEW incoming_offices; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON VIEW core.incoming_offices IS 'Rows that belong in core.offices, from the live load.';

--
-- Name: offices; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.offices (
    entry_number bigint NOT NULL,
    practice_name text,
    emr_practice_id bigint,
    epion_practice_id bigint,
    epion_office_id bigint,
    office_name text,
    launched_date date,
    disabled_date date,
    live_period daterange,
    _load_id bigint NOT NULL,
    _row bigint NOT NULL
);

--
-- Name: TABLE offices; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.offices IS 'One row per entry of the office settings. Filled by core.incoming_offices.';

--
-- Name: COLUMN offices.entry_number; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.entry_number IS 'Position of the entry in the file, from 1. No other key is always present and unique.';

--
-- Name: COLUMN offices.practice_name; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.practice_name IS 'Name of the child practice.';

--
-- Name: COLUMN offices.emr_practice_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.emr_practice_id IS 'EMR practice of the office.';

--
-- Name: COLUMN offices.epion_practice_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.epion_practice_id IS 'Child practice.';

--
-- Name: COLUMN offices.epion_office_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.epion_office_id IS 'Office.';

--
-- Name: COLUMN offices.office_name; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.office_name IS 'Name of the office.';

--
-- Name: COLUMN offices.launched_date; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.launched_date IS 'First day with Epion. Null if not launched or not a date.';

--
-- Name: COLUMN offices.disabled_date; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.disabled_date IS 'Last day with Epion. Null if still live or not a date.';

--
-- Name: COLUMN offices.live_period; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices.live_period IS 'Days on which its departments use Epion, including both ends. Null if there are none: not launched, disabled before the launch, or disabled on a date that cannot be read.';

--
-- Name: COLUMN offices._load_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices._load_id IS 'Load that last changed the row. Use it with _row in elt.origin().';

--
-- Name: COLUMN offices._row; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.offices._row IS 'Document of that load''s file.';

--
-- Name: account; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.account (
    account_id bigint NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    password_set_at timestamp with time zone,
    last_signed_in_at timestamp with time zone,
    disabled_at timestamp with time zone,
    must_change_password boolean DEFAULT false NOT NULL,
    CONSTRAINT account_name_is_one CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,149}$'::text)),
    CONSTRAINT account_password_is_hashed CHECK ((password_hash ~ '^\$argon2id\$'::text)),
    CONSTRAINT account_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])))
);

--
-- Name: TABLE account; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.account IS 'User accounts of the web application. Accounts are disabled, not deleted, so that the history keeps their names.';

--
-- Name: COLUMN account.account_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.account_id IS 'Number of the account.';

--
-- Name: COLUMN account.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.name IS 'Name, unique without regard to case.';

--
-- Name: COLUMN account.role; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.role IS 'viewer: sees everything except accounts. operator: also changes rows of registered tables, and starts, cancels and retries jobs. admin: everything, including accounts.';

--
-- Name: COLUMN account.password_hash; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.password_hash IS 'Argon2id hash of the password. Null if the account has no password and only its tokens work.';

--
-- Name: COLUMN account.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.created_at IS 'When the account was created.';

--
-- Name: COLUMN account.password_set_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.password_set_at IS 'When the password was last set.';

--
-- Name: COLUMN account.last_signed_in_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.last_signed_in_at IS 'When the account last signed in.';

--
-- Name: COLUMN account.disabled_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.disabled_at IS 'When the account was disabled. Null if it may sign in.';

--
-- Name: COLUMN account.must_change_password; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.account.must_change_password IS 'Whether the password is a one-time password of an admin: a sign-in with it can only choose a new one.';

--
-- Name: account_account_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: admin_table; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.admin_table (
    table_name text NOT NULL,
    place bigint DEFAULT 0 NOT NULL,
    role text DEFAULT 'operator'::text NOT NULL,
    may_add boolean DEFAULT false NOT NULL,
    may_change boolean DEFAULT false NOT NULL,
    may_delete boolean DEFAULT false NOT NULL,
    list_columns text[] DEFAULT '{}'::text[] NOT NULL,
    search_columns text[] DEFAULT '{}'::text[] NOT NULL,
    filter_columns text[] DEFAULT '{}'::text[] NOT NULL,
    read_only_columns text[] DEFAULT '{}'::text[] NOT NULL,
    date_column text,
    title_column text,
    order_by text,
    is_descending boolean DEFAULT false NOT NULL,
    job_argument text,
    CONSTRAINT admin_table_has_a_schema CHECK ((table_name ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT admin_table_is_not_secret CHECK ((table_name <> ALL (ARRAY['elt.account'::text, 'elt.session'::text, 'elt.api_token'::text, 'elt.sign_in'::text, 'elt.change'::text]))),
    CONSTRAINT admin_table_job_argument_is_a_name CHECK ((job_argument ~ '^[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT admin_table_role_known CHECK ((role = ANY (ARRAY['operator'::text, 'admin'::text])))
);

--
-- Name: TABLE admin_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.admin_table IS 'Tables that users can edit in the web application and through the API. Columns, types and descriptions come from PostgreSQL''s catalogue. Rows of a table without a primary key are only listed. elt.grant_roles(), at the end of elt migrate, grants the rights.';

--
-- Name: COLUMN admin_table.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN admin_table.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.place IS 'Position among the tables, lower numbers first.';

--
-- Name: COLUMN admin_table.role; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.role IS 'Role that may make these changes: operator (and admin), or admin only.';

--
-- Name: COLUMN admin_table.may_add; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.may_add IS 'Whether users may add rows.';

--
-- Name: COLUMN admin_table.may_change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.may_change IS 'Whether users may change rows.';

--
-- Name: COLUMN admin_table.may_delete; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.may_delete IS 'Whether users may delete rows.';

--
-- Name: COLUMN admin_table.list_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.list_columns IS 'Columns of the list, in order. Empty for all columns.';

--
-- Name: COLUMN admin_table.search_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.search_columns IS 'Columns that a search looks at. Empty for all columns of type text.';

--
-- Name: COLUMN admin_table.filter_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.filter_columns IS 'Columns with a filter beside the list.';

--
-- Name: COLUMN admin_table.read_only_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.read_only_columns IS 'Columns that the form shows but does not change, besides those that PostgreSQL computes.';

--
-- Name: COLUMN admin_table.date_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.date_column IS 'Column for browsing by year, month and day. Null if there is none.';

--
-- Name: COLUMN admin_table.title_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.title_column IS 'Column that names a row in headings. Null for the key.';

--
-- Name: COLUMN admin_table.order_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.order_by IS 'Column by which the list is sorted at first. Null for the key.';

--
-- Name: COLUMN admin_table.is_descending; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.is_descending IS 'Whether the first sort order is descending.';

--
-- Name: COLUMN admin_table.job_argument; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_table.job_argument IS 'Job argument that contains the key of the row that a job is for. Such jobs are shown beside the row. Null if there is none.';

--
-- Name: admin_column; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.admin_column AS
 WITH single_check AS (
         SELECT pg_constraint.conrelid,
            pg_constraint.conkey[1] AS attnum,
            pg_get_constraintdef(pg_constraint.oid) AS definition
           FROM pg_constraint
          WHERE ((pg_constraint.contype = 'c'::"char") AND (cardinality(pg_constraint.conkey) = 1))
        ), foreign_key AS (
         SELECT DISTINCT ON (pg_constraint.conrelid, pg_constraint.conkey[1]) pg_constraint.conrelid,
            pg_constraint.conkey[1] AS attnum,
            format('%s.%s'::text, pg_namespace.nspname, pg_class.relname) AS referenced_table,
            (pg_attribute_1.attname)::text AS referenced_column
           FROM (((pg_constraint
             JOIN pg_class ON ((pg_constraint.confrelid = pg_class.oid)))
             JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
             JOIN pg_attribute pg_attribute_1 ON (((pg_constraint.confrelid = pg_attribute_1.attrelid) AND (pg_constraint.confkey[1] = pg_attribute_1.attnum))))
          WHERE ((pg_constraint.contype = 'f'::"char") AND (cardinality(pg_constraint.conkey) = 1))
          ORDER BY pg_constraint.conrelid, pg_constraint.conkey[1], pg_constraint.oid
        )
 SELECT admin_table.table_name,
    (pg_attribute.attnum)::bigint AS place,
    (pg_attribute.attname)::text AS column_name,
    (NOT pg_attribute.attnotnull) AS is_nullable,
    (pg_attribute.atthasdef OR (pg_attribute.attidentity <> ''::"char")) AS has_default,
        CASE
            WHEN ((pg_attribute.attidentity = ''::"char") AND (pg_attribute.attgenerated = ''::"char")) THEN pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid)
            ELSE NULL::text
        END AS default_sql,
    ((pg_attribute.attidentity <> ''::"char") OR (pg_attribute.attgenerated <> ''::"char") OR (pg_attribute.attname = ANY (admin_table.read_only_columns))) AS is_read_only,
    (LEAST((
        CASE
            WHEN ((pg_attribute.atttypid = ANY (ARRAY[('character varying'::regtype)::oid, ('character'::regtype)::oid])) AND (pg_attribute.atttypmod > 4)) THEN (pg_attribute.atttypmod - 4)
            ELSE NULL::integer
        END)::numeric, ( SELECT min(LEAST((found.limits[1])::numeric, (1000000)::numeric)) AS min
           FROM (single_check
             CROSS JOIN LATERAL regexp_matches(single_check.definition, '(?:char_length|length)\([^()]*(?:\([^()]*\)[^()]*)?\) <= (\d+)'::text, 'g'::text) found(limits))
          WHERE ((single_check.conrelid = pg_attribute.attrelid) AND (single_check.attnum = pg_attribute.attnum)))))::bigint AS max_length,
    COALESCE(( SELECT array_agg((pg_enum.enumlabel)::text ORDER BY pg_enum.enumsortorder) AS array_agg
           FROM pg_enum
          WHERE (pg_enum.enumtypid = pg_attribute.atttypid)), ( SELECT array_agg(replace(found.labels[1], ''''''::text, ''''::text)) AS array_agg
           FROM (single_check
             CROSS JOIN LATERAL regexp_matches(single_check.definition, '''((?:[^'']|'''')*)''::'::text, 'g'::text) found(labels))
          WHERE ((single_check.conrelid = pg_attribute.attrelid) AND (single_check.attnum = pg_attribute.attnum) AND (single_check.definition ~ '^CHECK \(\(\(?\w+(\)::text)? = ANY \(+ARRAY\[[^]]*\](\)|::text\[\])*$'::text))), '{}'::text[]) AS choices,
    foreign_key.referenced_table,
    foreign_key.referenced_column
   FROM (((elt.admin_table
     JOIN pg_attribute ON (((to_regclass(admin_table.table_name))::oid = pg_attribute.attrelid)))
     LEFT JOIN pg_attrdef ON (((pg_attribute.attrelid = pg_attrdef.adrelid) AND (pg_attribute.attnum = pg_attrdef.adnum))))
     LEFT JOIN foreign_key ON (((pg_attribute.attrelid = foreign_key.conrelid) AND (pg_attribute.attnum = foreign_key.attnum))))
  WHERE ((pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped));

--
-- Name: VIEW admin_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.admin_column IS 'Columns of the tables of elt.admin_table, as their forms use them. Names, types and comments are in elt.relation_column.';

--
-- Name: COLUMN admin_column.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN admin_column.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.place IS 'Position among the columns of the table.';

--
-- Name: COLUMN admin_column.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.column_name IS 'Name.';

--
-- Name: COLUMN admin_column.is_nullable; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.is_nullable IS 'Whether it may be null.';

--
-- Name: COLUMN admin_column.has_default; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.has_default IS 'Whether it gets a value if none is given.';

--
-- Name: COLUMN admin_column.default_sql; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.default_sql IS 'Default value as SQL. Null if there is none or PostgreSQL numbers the rows.';

--
-- Name: COLUMN admin_column.is_read_only; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.is_read_only IS 'Whether the form shows it without an input.';

--
-- Name: COLUMN admin_column.max_length; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.max_length IS 'Maximum number of characters, from the type or a check. Null if there is no limit.';

--
-- Name: COLUMN admin_column.choices; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.choices IS 'Allowed values of an enum or a check. Empty if the values are not limited to a list.';

--
-- Name: COLUMN admin_column.referenced_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.referenced_table IS 'Table that it references. Null if there is none.';

--
-- Name: COLUMN admin_column.referenced_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_column.referenced_column IS 'Referenced column.';

--
-- Name: admin_constraint; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.admin_constraint AS
 SELECT admin_table.table_name,
    (pg_constraint.conname)::text AS constraint_name,
        CASE pg_constraint.contype
            WHEN 'c'::"char" THEN 'check'::text
            WHEN 'f'::"char" THEN 'reference'::text
            ELSE 'unique'::text
        END AS kind,
        CASE
            WHEN (pg_constraint.contype = 'c'::"char") THEN pg_get_expr(pg_constraint.conbin, pg_constraint.conrelid)
            ELSE NULL::text
        END AS expression,
    ( SELECT COALESCE(array_agg((pg_attribute.attname)::text ORDER BY pg_attribute.attnum), '{}'::text[]) AS "coalesce"
           FROM pg_attribute
          WHERE ((pg_attribute.attrelid = pg_constraint.conrelid) AND (pg_attribute.attnum = ANY (pg_constraint.conkey)))) AS column_names,
    obj_description(pg_constraint.oid, 'pg_constraint'::name) AS description
   FROM (elt.admin_table
     JOIN pg_constraint ON (((to_regclass(admin_table.table_name))::oid = pg_constraint.conrelid)))
  WHERE (pg_constraint.contype = ANY (ARRAY['c'::"char", 'f'::"char", 'p'::"char", 'u'::"char"]))
UNION ALL
 SELECT admin_table.table_name,
    (pg_class.relname)::text AS constraint_name,
    'unique'::text AS kind,
    NULL::text AS expression,
    ( SELECT COALESCE(array_agg((pg_attribute.attname)::text ORDER BY pg_attribute.attnum), '{}'::text[]) AS "coalesce"
           FROM (pg_depend
             JOIN pg_attribute ON (((pg_depend.refobjid = pg_attribute.attrelid) AND (pg_depend.refobjsubid = pg_attribute.attnum))))
          WHERE ((pg_depend.classid = ('pg_class'::regclass)::oid) AND (pg_depend.objid = pg_class.oid))) AS column_names,
    obj_description(pg_class.oid, 'pg_class'::name) AS description
   FROM ((elt.admin_table
     JOIN pg_index ON (((to_regclass(admin_table.table_name))::oid = pg_index.indrelid)))
     JOIN pg_class ON ((pg_index.indexrelid = pg_class.oid)))
  WHERE (pg_index.indisunique AND (NOT (EXISTS ( SELECT 1
           FROM pg_constraint
          WHERE (pg_constraint.conindid = pg_class.oid)))));

--
-- Name: VIEW admin_constraint; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.admin_constraint IS 'Constraints and unique indexes of the tables of elt.admin_table, to show violations beside the columns concerned.';

--
-- Name: COLUMN admin_constraint.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN admin_constraint.constraint_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.constraint_name IS 'Name of the constraint, as in errors.';

--
-- Name: COLUMN admin_constraint.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.kind IS 'check, reference or unique.';

--
-- Name: COLUMN admin_constraint.expression; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.expression IS 'Expression of a check. Null for other constraints.';

--
-- Name: COLUMN admin_constraint.column_names; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.column_names IS 'Columns of the constraint, in the order of the table.';

--
-- Name: COLUMN admin_constraint.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_constraint.description IS 'Comment, which is shown to users. Null if there is none.';

--
-- Name: admin_dependent; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.admin_dependent AS
 SELECT admin_table.table_name,
    format('%s.%s'::text, pg_namespace.nspname, pg_class.relname) AS dependent_table,
    array_agg((dependent_column.attname)::text ORDER BY key_column.place) AS dependent_columns,
    array_agg((referenced_column.attname)::text ORDER BY key_column.place) AS referenced_columns,
        CASE pg_constraint.confdeltype
            WHEN 'c'::"char" THEN 'deleted'::text
            WHEN 'n'::"char" THEN 'emptied'::text
            WHEN 'd'::"char" THEN 'emptied'::text
            ELSE 'protected'::text
        END AS consequence
   FROM ((((((elt.admin_table
     JOIN pg_constraint ON (((to_regclass(admin_table.table_name))::oid = pg_constraint.confrelid)))
     JOIN pg_class ON ((pg_constraint.conrelid = pg_class.oid)))
     JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
     CROSS JOIN LATERAL UNNEST(pg_constraint.conkey, pg_constraint.confkey) WITH ORDINALITY key_column(dependent_attnum, referenced_attnum, place))
     JOIN pg_attribute dependent_column ON (((pg_constraint.conrelid = dependent_column.attrelid) AND (key_column.dependent_attnum = dependent_column.attnum))))
     JOIN pg_attribute referenced_column ON (((pg_constraint.confrelid = referenced_column.attrelid) AND (key_column.referenced_attnum = referenced_column.attnum))))
  WHERE ((pg_constraint.contype = 'f'::"char") AND (pg_constraint.conparentid = (0)::oid))
  GROUP BY admin_table.table_name, pg_constraint.oid, pg_namespace.nspname, pg_class.relname, pg_constraint.confdeltype;

--
-- Name: VIEW admin_dependent; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.admin_dependent IS 'Foreign keys that reference the tables of elt.admin_table.';

--
-- Name: COLUMN admin_dependent.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_dependent.table_name IS 'Schema and name of the referenced table.';

--
-- Name: COLUMN admin_dependent.dependent_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_dependent.dependent_table IS 'Schema and name of the referencing table.';

--
-- Name: COLUMN admin_dependent.dependent_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_dependent.dependent_columns IS 'Referencing columns.';

--
-- Name: COLUMN admin_dependent.referenced_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_dependent.referenced_columns IS 'Referenced columns, in the same order.';

--
-- Name: COLUMN admin_dependent.consequence; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.admin_dependent.consequence IS 'Effect of a delete on the referencing rows: deleted, emptied (the reference is set to null or its default) or protected (the delete fails).';

--
-- Name: api_endpoint; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.api_endpoint (
    path text NOT NULL,
    relation text NOT NULL,
    order_by text NOT NULL,
    columns text[] DEFAULT '{}'::text[] NOT NULL,
    page_size bigint DEFAULT 100 NOT NULL,
    largest_page_size bigint DEFAULT 1000 NOT NULL,
    description text NOT NULL,
    CONSTRAINT api_endpoint_page_sizes_in_range CHECK (((page_size >= 1) AND ((largest_page_size >= page_size) AND (largest_page_size <= 10000)))),
    CONSTRAINT api_endpoint_path_is_one_name CHECK ((path ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT api_endpoint_relation_has_a_schema CHECK ((relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text))
);

--
-- Name: TABLE api_endpoint; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.api_endpoint IS 'Views that the API serves at /PATH/ as {count, next, prev, results}, page by page, to clients that sign in at /api-token-auth.';

--
-- Name: COLUMN api_endpoint.path; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.path IS 'Path, without slashes.';

--
-- Name: COLUMN api_endpoint.relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.relation IS 'Schema and name of the view or table.';

--
-- Name: COLUMN api_endpoint.order_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.order_by IS 'Column that orders the records. Its values must be unique.';

--
-- Name: COLUMN api_endpoint.columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.columns IS 'Columns of a record, in order. Empty for all columns.';

--
-- Name: COLUMN api_endpoint.page_size; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.page_size IS 'Number of records per page if the parameter page_size is not given.';

--
-- Name: COLUMN api_endpoint.largest_page_size; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.largest_page_size IS 'Largest number of records per page.';

--
-- Name: COLUMN api_endpoint.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_endpoint.description IS 'Description of the endpoint.';

--
-- Name: api_token; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.api_token (
    token_id bigint NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL,
    token_sha256 bytea NOT NULL,
    may_change boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    is_from_sign_in boolean DEFAULT false NOT NULL,
    CONSTRAINT api_token_is_hashed CHECK ((octet_length(token_sha256) = 32)),
    CONSTRAINT api_token_name_is_visible CHECK ((name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'::text)),
    CONSTRAINT api_token_name_not_blank CHECK (((name ~ '\S'::text) AND (char_length(name) <= 150)))
);

--
-- Name: TABLE api_token; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.api_token IS 'Tokens for programs that use the API. A token is shown once; only its SHA-256 is stored.';

--
-- Name: COLUMN api_token.token_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.token_id IS 'Number of the token.';

--
-- Name: COLUMN api_token.account_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.account_id IS 'Account whose rights the token has.';

--
-- Name: COLUMN api_token.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.name IS 'Purpose of the token.';

--
-- Name: COLUMN api_token.token_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.token_sha256 IS 'SHA-256 of the token.';

--
-- Name: COLUMN api_token.may_change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.may_change IS 'Whether the token may change what its account may change. False if it may only read.';

--
-- Name: COLUMN api_token.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.created_at IS 'When the token was created.';

--
-- Name: COLUMN api_token.expires_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.expires_at IS 'When the token expires.';

--
-- Name: COLUMN api_token.last_used_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.last_used_at IS 'When the token was last used, approximately.';

--
-- Name: COLUMN api_token.revoked_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.revoked_at IS 'When the token was revoked. Null if it is valid.';

--
-- Name: COLUMN api_token.is_from_sign_in; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.api_token.is_from_sign_in IS 'Whether a program obtained the token with name and password. A new password revokes such tokens. False for tokens created by command.';

--
-- Name: CONSTRAINT api_token_name_is_visible ON api_token; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT api_token_name_is_visible ON elt.api_token IS 'A name has no control characters and no invisible characters.';

--
-- Name: api_token_token_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.api_token ALTER COLUMN token_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.api_token_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: audit; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.audit (
    audit_id bigint NOT NULL,
    happened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    action text NOT NULL,
    about text,
    account_name text,
    address text,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    role_name text DEFAULT SESSION_USER NOT NULL,
    program text DEFAULT current_setting('application_name'::text, true) NOT NULL,
    CONSTRAINT audit_about_is_short CHECK ((char_length(about) <= 300)),
    CONSTRAINT audit_action_is_a_name CHECK ((action ~ '^[a-z_]{1,30}\.[a-z_]{1,30}$'::text)),
    CONSTRAINT audit_address_is_short CHECK ((char_length(address) <= 100)),
    CONSTRAINT audit_detail_is_an_object CHECK ((jsonb_typeof(detail) = 'object'::text)),
    CONSTRAINT audit_detail_is_short CHECK ((octet_length((detail)::text) <= 10000))
);

--
-- Name: TABLE audit; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.audit IS 'Who signed in or failed to, changed accounts, passwords, sessions and tokens, removed data, or downloaded rejects. Rows are only added. elt.prune_audit() deletes rows older than a year, elt.prune() failures of unknown accounts after a month.';

--
-- Name: COLUMN audit.audit_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.audit_id IS 'Number of the entry. Numbers of actions that were undone are missing.';

--
-- Name: COLUMN audit.happened_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.happened_at IS 'Time of the action.';

--
-- Name: COLUMN audit.action; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.action IS 'What was done: its subject and a verb, such as account.add, sign_in.fail or purge.key.';

--
-- Name: COLUMN audit.about; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.about IS 'What it was done to, such as an account or a load. Null if there is no such account, because users sometimes type a password as their name.';

--
-- Name: COLUMN audit.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.account_name IS 'Account of the web application that did it. Null for commands, psql and failed sign-ins.';

--
-- Name: COLUMN audit.address; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.address IS 'Network address of the browser or program. For failed sign-ins by IPv6 its /64 network. Null for commands.';

--
-- Name: COLUMN audit.detail; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.detail IS 'Further facts. Never a password, a token or a value of the data.';

--
-- Name: COLUMN audit.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.role_name IS 'Database role that connected.';

--
-- Name: COLUMN audit.program; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.audit.program IS 'application_name of the connection.';

--
-- Name: audit_audit_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.audit ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.audit_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: change; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.change (
    change_id bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    table_name text NOT NULL,
    row_key jsonb NOT NULL,
    operation text NOT NULL,
    old_values jsonb,
    new_values jsonb,
    account_name text,
    role_name text DEFAULT SESSION_USER NOT NULL,
    program text DEFAULT current_setting('application_name'::text, true) NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id(),
    CONSTRAINT change_has_new_values CHECK (((operation = 'delete'::text) = (new_values IS NULL))),
    CONSTRAINT change_has_old_values CHECK (((operation = 'insert'::text) = (old_values IS NULL))),
    CONSTRAINT change_operation_known CHECK ((operation = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text])))
);

--
-- Name: TABLE change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.change IS 'Change history: one row per inserted, updated or deleted row of a table that has the trigger elt.note_change().';

--
-- Name: COLUMN change.change_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.change_id IS 'Number of the change.';

--
-- Name: COLUMN change.changed_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.changed_at IS 'When the change was made.';

--
-- Name: COLUMN change.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN change.row_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.row_key IS 'Primary key of the row, as an object of columns and values.';

--
-- Name: COLUMN change.operation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.operation IS 'insert, update or delete.';

--
-- Name: COLUMN change.old_values; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.old_values IS 'Values before the change: for an update only the changed columns, for a delete the row. Null for an insert.';

--
-- Name: COLUMN change.new_values; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.new_values IS 'Values after the change: for an update only the changed columns, for an insert the row. Null for a delete.';

--
-- Name: COLUMN change.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.account_name IS 'Account of the web application that made the change (setting elt.account). Null for changes made in another way.';

--
-- Name: COLUMN change.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.role_name IS 'Database role that connected.';

--
-- Name: COLUMN change.program; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.program IS 'application_name of the connection.';

--
-- Name: COLUMN change.transaction_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.change.transaction_id IS 'Transaction that made the change. Changes of one transaction belong together. Null if it is not known.';

--
-- Name: change_change_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: chart_problem; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.chart_problem AS
 SELECT registered.chart,
    problem.place,
    problem.column_name,
    problem.problem
   FROM (elt.chart registered
     CROSS JOIN LATERAL elt.chart_problems(registered.*) problem(place, column_name, problem));

--
-- Name: VIEW chart_problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.chart_problem IS 'Charts that cannot be drawn, because their view or a column does not exist, or has no numbers.';

--
-- Name: COLUMN chart_problem.chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart_problem.chart IS 'Name of the chart.';

--
-- Name: COLUMN chart_problem.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart_problem.place IS 'Position: the first problem explains the others.';

--
-- Name: COLUMN chart_problem.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart_problem.column_name IS 'Column of elt.chart that is wrong.';

--
-- Name: COLUMN chart_problem.problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.chart_problem.problem IS 'What is wrong, and what to do. A sentence.';

--
-- Name: view_version; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.view_version (
    name text NOT NULL,
    version bigint NOT NULL,
    layer text NOT NULL,
    header jsonb NOT NULL,
    sha256 text NOT NULL,
    definition text NOT NULL,
    elt_version text NOT NULL,
    applied_by text DEFAULT SESSION_USER NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT view_version_from_one CHECK ((version >= 1)),
    CONSTRAINT view_version_layer_known CHECK ((layer = ANY (ARRAY['elt'::text, 'core'::text, 'mart'::text, 'quality'::text, 'export'::text]))),
    CONSTRAINT view_version_sha256_is_hex CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

--
-- Name: TABLE view_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.view_version IS 'All definitions of views, functions, rules and export queries that elt migrate has applied. The highest version of a name is the current one, unless it was removed.';

--
-- Name: COLUMN view_version.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.name IS 'Schema and name, such as public.orders; export.<file> for exports, which are no database objects.';

--
-- Name: COLUMN view_version.version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.version IS 'Version number of the name, from 1. Each new text is a new version.';

--
-- Name: COLUMN view_version.layer; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.layer IS 'Folder of sql/ that contains the file: elt, core, mart, quality or export.';

--
-- Name: COLUMN view_version.header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.header IS 'Keys of the comment at the head of the file: grain, reads, fills (core), level and holds if (rules), and others.';

--
-- Name: COLUMN view_version.sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.sha256 IS 'SHA-256 of the file, in hexadecimal.';

--
-- Name: COLUMN view_version.definition; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.definition IS 'Full text of the file.';

--
-- Name: COLUMN view_version.elt_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.elt_version IS 'Version of the program that applied it.';

--
-- Name: COLUMN view_version.applied_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.applied_by IS 'Database role that applied it.';

--
-- Name: COLUMN view_version.applied_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.applied_at IS 'When it was applied.';

--
-- Name: COLUMN view_version.removed_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.view_version.removed_at IS 'When the object was dropped because its file was deleted. Null while it exists.';

--
-- Name: current_view; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.current_view AS
 WITH latest AS (
         SELECT DISTINCT ON (view_version.name) view_version.name,
            view_version.version,
            view_version.layer,
            view_version.header,
            view_version.sha256,
            view_version.applied_at,
            view_version.removed_at
           FROM elt.view_version
          ORDER BY view_version.name, view_version.version DESC
        )
 SELECT latest.name,
    latest.version,
    latest.layer,
    latest.header,
    latest.sha256,
    latest.applied_at
   FROM latest
  WHERE (latest.removed_at IS NULL);

--
-- Name: VIEW current_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.current_view IS 'Current version of every view, function, rule and export query.';

--
-- Name: COLUMN current_view.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.name IS 'Schema and name; export.<file> for an export.';

--
-- Name: COLUMN current_view.version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.version IS 'Version number, from 1.';

--
-- Name: COLUMN current_view.layer; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.layer IS 'Folder of sql/: elt, core, mart, quality or export.';

--
-- Name: COLUMN current_view.header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.header IS 'Keys of the comment at the head of the file.';

--
-- Name: COLUMN current_view.sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.sha256 IS 'SHA-256 of the file, in hexadecimal.';

--
-- Name: COLUMN current_view.applied_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.current_view.applied_at IS 'When this version was applied.';

--
-- Name: object_use; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.object_use AS
 SELECT ('pg_class'::regclass)::oid AS class_id,
    pg_rewrite.ev_class AS object_id,
    pg_depend.refclassid AS used_class_id,
    pg_depend.refobjid AS used_id,
    pg_depend.refobjsubid AS used_column
   FROM (pg_depend
     JOIN pg_rewrite ON ((pg_depend.objid = pg_rewrite.oid)))
  WHERE ((pg_depend.classid = ('pg_rewrite'::regclass)::oid) AND (pg_depend.deptype = 'n'::"char") AND (pg_depend.refclassid = ANY (ARRAY[('pg_class'::regclass)::oid, ('pg_proc'::regclass)::oid])) AND (pg_depend.refobjid <> pg_rewrite.ev_class))
UNION ALL
 SELECT pg_depend.classid AS class_id,
    pg_depend.objid AS object_id,
    pg_depend.refclassid AS used_class_id,
    pg_depend.refobjid AS used_id,
    pg_depend.refobjsubid AS used_column
   FROM pg_depend
  WHERE ((pg_depend.classid = ('pg_proc'::regclass)::oid) AND (pg_depend.deptype = 'n'::"char") AND (pg_depend.refclassid = ANY (ARRAY[('pg_class'::regclass)::oid, ('pg_proc'::regclass)::oid])));

--
-- Name: VIEW object_use; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.object_use IS 'Relations, columns and functions that each view, rule and function uses directly, by the identifiers of PostgreSQL''s catalogue.';

--
-- Name: COLUMN object_use.class_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.object_use.class_id IS 'Catalogue of the user: pg_class for a view or a table with a rule, pg_proc for a function.';

--
-- Name: COLUMN object_use.object_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.object_use.object_id IS 'View, table or function that uses the other object.';

--
-- Name: COLUMN object_use.used_class_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.object_use.used_class_id IS 'Catalogue of the used object: pg_class or pg_proc.';

--
-- Name: COLUMN object_use.used_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.object_use.used_id IS 'Relation or function that is used.';

--
-- Name: COLUMN object_use.used_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.object_use.used_column IS 'Number of the column that is used. 0 for the whole object.';

--
-- Name: core_query; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.core_query AS
 WITH RECURSIVE queries AS MATERIALIZED (
         SELECT current_view.name,
            (current_view.header ->> 'fills'::text) AS fills,
            ((current_view.name)::regclass)::oid AS oid
           FROM elt.current_view
          WHERE ((current_view.layer = 'core'::text) AND (current_view.header ? 'fills'::text))
        ), direct_reads AS MATERIALIZED (
         SELECT object_use.object_id,
            object_use.used_id
           FROM elt.object_use
          WHERE ((object_use.class_id = ('pg_class'::regclass)::oid) AND (object_use.used_class_id = ('pg_class'::regclass)::oid))
        ), reads AS (
         SELECT queries_1.oid AS query_oid,
            queries_1.oid
           FROM queries queries_1
        UNION
         SELECT reads.query_oid,
            direct_reads.used_id
           FROM (reads
             JOIN direct_reads ON ((reads.oid = direct_reads.object_id)))
        )
 SELECT queries.name,
    queries.fills,
    ARRAY( SELECT (pg_class.relname)::text AS relname
           FROM (reads
             JOIN pg_class ON ((reads.oid = pg_class.oid)))
          WHERE ((reads.query_oid = queries.oid) AND (pg_class.relnamespace = ('staging'::regnamespace)::oid))
          ORDER BY pg_class.relname) AS sources
   FROM queries;

--
-- Name: VIEW core_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.core_query IS 'Table that each core query fills, and the sources that it reads.';

--
-- Name: COLUMN core_query.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.core_query.name IS 'Schema and name of the view.';

--
-- Name: COLUMN core_query.fills; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.core_query.fills IS 'Table that a publish updates from the view.';

--
-- Name: COLUMN core_query.sources; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.core_query.sources IS 'Sources that it reads, directly or through other views.';

--
-- Name: device; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.device (
    device_id bigint NOT NULL,
    account_id bigint NOT NULL,
    token_sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT device_token_is_hashed CHECK ((octet_length(token_sha256) = 32))
);

--
-- Name: TABLE device; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.device IS 'Browsers that have signed in, each for one account. Failed attempts from elsewhere do not lock them out. Only the SHA-256 of the cookie''s token is stored; each sign-in creates a new token.';

--
-- Name: COLUMN device.device_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.device.device_id IS 'Number of the browser.';

--
-- Name: COLUMN device.account_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.device.account_id IS 'Account that signed in with the browser.';

--
-- Name: COLUMN device.token_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.device.token_sha256 IS 'SHA-256 of the cookie''s token.';

--
-- Name: COLUMN device.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.device.created_at IS 'When the browser last signed in. It is remembered for half a year.';

--
-- Name: device_device_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.device ALTER COLUMN device_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.device_device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: job_kind; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.job_kind (
    kind text NOT NULL,
    function_name text,
    max_attempts bigint DEFAULT 5 NOT NULL,
    time_limit interval DEFAULT '01:00:00'::interval NOT NULL,
    description text NOT NULL,
    web_role text DEFAULT 'operator'::text,
    CONSTRAINT job_kind_function_has_a_schema CHECK ((function_name ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT job_kind_is_a_name CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT job_kind_max_attempts_in_range CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT job_kind_time_limit_in_range CHECK (((time_limit >= '00:00:01'::interval) AND (time_limit <= '7 days'::interval))),
    CONSTRAINT job_kind_web_role_known CHECK ((web_role = ANY (ARRAY['operator'::text, 'admin'::text])))
);

--
-- Name: TABLE job_kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.job_kind IS 'Kinds of jobs. A project adds its own kinds in a migration.';

--
-- Name: COLUMN job_kind.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.kind IS 'Name.';

--
-- Name: COLUMN job_kind.function_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.function_name IS 'Schema and name of the function (args jsonb) returns jsonb that does the work, in one transaction with the success of the job. Null if the worker program does the work.';

--
-- Name: COLUMN job_kind.max_attempts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.max_attempts IS 'Maximum number of attempts if the caller does not set it.';

--
-- Name: COLUMN job_kind.time_limit; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.time_limit IS 'Time limit of an attempt if the caller does not set it.';

--
-- Name: COLUMN job_kind.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.description IS 'Description of the jobs of this kind.';

--
-- Name: COLUMN job_kind.web_role; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_kind.web_role IS 'Role of the accounts that may start such jobs in the web application: operator (and admin), or only admin. Null if the web application does not start them.';

--
-- Name: lineage; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.lineage AS
 SELECT DISTINCT format('%s.%s'::text, reader_schema.nspname, reader.relname) AS name,
    format('%s.%s'::text, read_schema.nspname, read_relation.relname) AS reads
   FROM ((((elt.object_use
     JOIN pg_class reader ON ((object_use.object_id = reader.oid)))
     JOIN pg_namespace reader_schema ON ((reader.relnamespace = reader_schema.oid)))
     JOIN pg_class read_relation ON ((object_use.used_id = read_relation.oid)))
     JOIN pg_namespace read_schema ON ((read_relation.relnamespace = read_schema.oid)))
  WHERE ((object_use.class_id = ('pg_class'::regclass)::oid) AND (object_use.used_class_id = ('pg_class'::regclass)::oid) AND (reader_schema.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'elt'::name])) AND (read_schema.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'staging'::name, 'elt'::name])))
UNION
 SELECT (current_view.header ->> 'fills'::text) AS name,
    current_view.name AS reads
   FROM elt.current_view
  WHERE ((current_view.header ->> 'fills'::text) IS NOT NULL)
UNION
 SELECT current_view.name,
    btrim(read_name.name) AS reads
   FROM (elt.current_view
     CROSS JOIN LATERAL regexp_split_to_table((current_view.header ->> 'reads'::text), ','::text) read_name(name))
  WHERE (current_view.layer = 'export'::text);

--
-- Name: VIEW lineage; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.lineage IS 'What each view, table and export reads, from staging to exports.';

--
-- Name: COLUMN lineage.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.lineage.name IS 'Schema and name of the reader; export.<file> for an export.';

--
-- Name: COLUMN lineage.reads; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.lineage.reads IS 'Schema and name of the object that it reads.';

--
-- Name: own_relation; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.own_relation AS
 WITH known AS (
         SELECT current_view.name
           FROM elt.current_view
          WHERE (current_view.layer = 'mart'::text)
        UNION ALL
         SELECT (current_view.header ->> 'fills'::text) AS name
           FROM elt.current_view
          WHERE (current_view.header ? 'fills'::text)
        UNION ALL
         SELECT admin_table.table_name AS name
           FROM elt.admin_table
        )
 SELECT (pg_class.oid)::bigint AS relation_id,
    (pg_namespace.nspname)::text AS schema_name,
    (pg_class.relname)::text AS relation_name,
    format('%I.%I'::text, pg_namespace.nspname, pg_class.relname) AS name,
        CASE pg_class.relkind
            WHEN 'v'::"char" THEN 'view'::text
            WHEN 'S'::"char" THEN 'sequence'::text
            ELSE 'table'::text
        END AS kind,
    pg_class.relispartition AS is_partition,
    (pg_get_userbyid(pg_class.relowner))::text AS owner_name
   FROM (pg_class
     JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
  WHERE ((pg_class.relkind = ANY (ARRAY['r'::"char", 'p'::"char", 'v'::"char", 'S'::"char"])) AND (NOT (EXISTS ( SELECT 1
           FROM pg_depend
          WHERE ((pg_depend.classid = ('pg_class'::regclass)::oid) AND (pg_class.oid = pg_depend.objid) AND (pg_depend.deptype = ANY (ARRAY['i'::"char", 'a'::"char", 'e'::"char"])) AND (pg_class.relkind = 'S'::"char"))))) AND ((pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'quality'::name])) OR ((pg_namespace.nspname = 'public'::name) AND ((pg_class.relowner = (to_regrole('elt_migrate'::text))::oid) OR (format('%I.%I'::text, pg_namespace.nspname, pg_class.relname) IN ( SELECT known.name
           FROM known)) OR ((pg_partition_root((pg_class.oid)::regclass))::oid IN ( SELECT to_regclass(known.name) AS to_regclass
           FROM known)) OR (EXISTS ( SELECT 1
           FROM (pg_trigger
             JOIN pg_proc ON ((pg_trigger.tgfoid = pg_proc.oid)))
          WHERE ((pg_class.oid = pg_trigger.tgrelid) AND (NOT pg_trigger.tgisinternal) AND (pg_proc.pronamespace = ('elt'::regnamespace)::oid))))))));

--
-- Name: VIEW own_relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.own_relation IS 'Tables, views and sequences that belong to elt or the project, including those in schema public, which users may share.';

--
-- Name: COLUMN own_relation.relation_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.relation_id IS 'Its oid.';

--
-- Name: COLUMN own_relation.schema_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.schema_name IS 'Schema.';

--
-- Name: COLUMN own_relation.relation_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.relation_name IS 'Name without the schema.';

--
-- Name: COLUMN own_relation.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.name IS 'Schema and name, quoted for use in statements.';

--
-- Name: COLUMN own_relation.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.kind IS 'table, view or sequence.';

--
-- Name: COLUMN own_relation.is_partition; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.is_partition IS 'Whether it is a partition, of a staging table or of a large core table.';

--
-- Name: COLUMN own_relation.owner_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_relation.owner_name IS 'Role that owns it.';

--
-- Name: own_routine; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.own_routine AS
 WITH common AS (
         SELECT current_view.name
           FROM (elt.current_view
             JOIN elt.view_version ON (((current_view.name = view_version.name) AND (current_view.version = view_version.version))))
          WHERE (strpos(view_version.definition, format('revoke execute on function %s('::text, current_view.name)) = 0)
        ), routine AS (
         SELECT pg_proc.oid,
            pg_proc.proowner,
            pg_namespace.nspname,
            format('%I.%I'::text, pg_namespace.nspname, pg_proc.proname) AS name,
            (format('%s.%s'::text, pg_namespace.nspname, pg_proc.proname) IN ( SELECT common.name
                   FROM common)) AS is_for_everybody,
            format('%I.%I(%s)'::text, pg_namespace.nspname, pg_proc.proname, pg_get_function_identity_arguments(pg_proc.oid)) AS signature,
            ((pg_proc.pronargs = 1) AND (pg_proc.proargtypes[0] = ('jsonb'::regtype)::oid) AND (EXISTS ( SELECT 1
                   FROM elt.job_kind
                  WHERE (job_kind.function_name = format('%s.%s'::text, pg_namespace.nspname, pg_proc.proname))))) AS is_job
           FROM (pg_proc
             JOIN pg_namespace ON ((pg_proc.pronamespace = pg_namespace.oid)))
          WHERE (pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'quality'::name, 'public'::name]))
        )
 SELECT (routine.oid)::bigint AS routine_id,
    (routine.nspname)::text AS schema_name,
    routine.name,
    routine.signature,
    routine.is_job,
    routine.is_for_everybody,
    (pg_get_userbyid(routine.proowner))::text AS owner_name
   FROM routine
  WHERE ((routine.nspname <> 'public'::name) OR routine.is_job);

--
-- Name: VIEW own_routine; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.own_routine IS 'Functions that belong to elt or the project, including those in schema public, which users may share.';

--
-- Name: COLUMN own_routine.routine_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.routine_id IS 'Its oid.';

--
-- Name: COLUMN own_routine.schema_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.schema_name IS 'Schema.';

--
-- Name: COLUMN own_routine.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.name IS 'Schema and name, quoted for use in statements.';

--
-- Name: COLUMN own_routine.signature; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.signature IS 'Name with its arguments.';

--
-- Name: COLUMN own_routine.is_job; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.is_job IS 'Whether it runs a kind of job (elt.job_kind).';

--
-- Name: COLUMN own_routine.is_for_everybody; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.is_for_everybody IS 'Whether its file leaves execute granted to public. Otherwise only its owner and the roles in elt.role_right may call it.';

--
-- Name: COLUMN own_routine.owner_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.own_routine.owner_name IS 'Role that owns it.';

--
-- Name: dictionary; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.dictionary AS
 WITH engine AS (
         SELECT pg_namespace.nspowner
           FROM pg_namespace
          WHERE (pg_namespace.nspname = 'elt'::name)
        ), lineage AS MATERIALIZED (
         SELECT lineage.name,
            lineage.reads
           FROM elt.lineage
        ), reads AS (
         SELECT lineage.name,
            array_agg(lineage.reads ORDER BY lineage.reads) AS names
           FROM lineage
          GROUP BY lineage.name
        ), readers AS (
         SELECT lineage.reads AS name,
            array_agg(lineage.name ORDER BY lineage.name) AS names
           FROM lineage
          GROUP BY lineage.reads
        ), relations AS (
         SELECT format('%s.%s'::text, pg_namespace.nspname, pg_class.relname) AS name,
            (pg_namespace.nspname)::text AS schema_name,
                CASE
                    WHEN (pg_class.relkind = 'v'::"char") THEN 'view'::text
                    ELSE 'table'::text
                END AS kind,
            NULL::text AS signature,
            obj_description(pg_class.oid, 'pg_class'::name) AS description,
            pg_class.oid AS relation_id,
            format('%I.%I'::text, pg_namespace.nspname, pg_class.relname) AS quoted_name
           FROM (pg_class
             JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
          WHERE ((pg_class.relkind = ANY (ARRAY['r'::"char", 'p'::"char", 'v'::"char"])) AND (NOT pg_class.relispartition) AND (pg_namespace.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'staging'::name, 'elt'::name])) AND ((pg_namespace.nspname <> 'public'::name) OR (pg_class.relowner = ( SELECT engine.nspowner
                   FROM engine)) OR ((pg_class.oid)::bigint IN ( SELECT own_relation.relation_id
                   FROM elt.own_relation))) AND (NOT (EXISTS ( SELECT 1
                   FROM pg_depend
                  WHERE ((pg_depend.classid = ('pg_class'::regclass)::oid) AND (pg_depend.objid = pg_class.oid) AND (pg_depend.deptype = 'e'::"char"))))))
        ), functions AS (
         SELECT format('%s.%s'::text, pg_namespace.nspname, pg_proc.proname) AS name,
            (pg_namespace.nspname)::text AS schema_name,
            'function'::text AS kind,
            format('%s.%s(%s) returns %s'::text, pg_namespace.nspname, pg_proc.proname, pg_get_function_arguments(pg_proc.oid), pg_get_function_result(pg_proc.oid)) AS signature,
            obj_description(pg_proc.oid, 'pg_proc'::name) AS description,
            NULL::oid AS relation_id,
            NULL::text AS quoted_name
           FROM (pg_proc
             JOIN pg_namespace ON ((pg_proc.pronamespace = pg_namespace.oid)))
          WHERE ((pg_proc.prokind = 'f'::"char") AND (pg_namespace.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'staging'::name, 'elt'::name])) AND ((pg_namespace.nspname <> 'public'::name) OR (pg_proc.proowner = ( SELECT engine.nspowner
                   FROM engine)) OR ((pg_proc.oid)::bigint IN ( SELECT own_routine.routine_id
                   FROM elt.own_routine))) AND (NOT (EXISTS ( SELECT 1
                   FROM pg_depend
                  WHERE ((pg_depend.classid = ('pg_proc'::regclass)::oid) AND (pg_depend.objid = pg_proc.oid) AND (pg_depend.deptype = 'e'::"char"))))))
        ), exports AS (
         SELECT current_view_1.name,
            'export'::text AS schema_name,
            'export'::text AS kind,
            NULL::text AS signature,
            NULL::text AS description,
            NULL::oid AS relation_id,
            NULL::text AS quoted_name
           FROM elt.current_view current_view_1
          WHERE (current_view_1.layer = 'export'::text)
        ), things AS (
         SELECT relations.name,
            relations.schema_name,
            relations.kind,
            relations.signature,
            relations.description,
            relations.relation_id,
            relations.quoted_name
           FROM relations
        UNION ALL
         SELECT functions.name,
            functions.schema_name,
            functions.kind,
            functions.signature,
            functions.description,
            functions.relation_id,
            functions.quoted_name
           FROM functions
        UNION ALL
         SELECT exports.name,
            exports.schema_name,
            exports.kind,
            exports.signature,
            exports.description,
            exports.relation_id,
            exports.quoted_name
           FROM exports
        )
 SELECT things.name,
    things.schema_name,
        CASE
            WHEN (current_view.layer = 'quality'::text) THEN 'rule'::text
            ELSE things.kind
        END AS kind,
    things.signature,
    (current_view.header ->> 'level'::text) AS level,
    (current_view.header ->> 'grain'::text) AS grain,
    (current_view.header ->> 'careful'::text) AS careful,
    things.description,
    columns.columns,
    constraints.constraints,
    COALESCE(reads.names, '{}'::text[]) AS reads,
    COALESCE(readers.names, '{}'::text[]) AS read_by,
    ARRAY( SELECT sources_of.source
           FROM elt.sources_of(
                CASE
                    WHEN (things.kind = 'export'::text) THEN reads.names
                    ELSE ARRAY[things.quoted_name]
                END) sources_of(source)
          WHERE ((things.schema_name = ANY (ARRAY['public'::text, 'core'::text, 'quality'::text, 'export'::text])) AND (things.kind <> 'function'::text))
          ORDER BY sources_of.source) AS sources
   FROM (((((things
     LEFT JOIN elt.current_view ON ((things.name = current_view.name)))
     LEFT JOIN reads ON ((things.name = reads.name)))
     LEFT JOIN readers ON ((things.name = readers.name)))
     CROSS JOIN LATERAL ( SELECT COALESCE(jsonb_agg(jsonb_build_object('name', pg_attribute.attname, 'type', format_type(pg_attribute.atttypid, pg_attribute.atttypmod), 'is_required', pg_attribute.attnotnull, 'description', col_description(pg_attribute.attrelid, (pg_attribute.attnum)::integer)) ORDER BY pg_attribute.attnum), '[]'::jsonb) AS columns
           FROM pg_attribute
          WHERE ((pg_attribute.attrelid = things.relation_id) AND (pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped))) columns)
     CROSS JOIN LATERAL ( SELECT COALESCE(jsonb_agg(jsonb_build_object('name', pg_constraint.conname, 'definition', pg_get_constraintdef(pg_constraint.oid), 'description', obj_description(pg_constraint.oid, 'pg_constraint'::name)) ORDER BY (array_position(ARRAY['p'::text, 'u'::text, 'f'::text, 'c'::text, 'x'::text], (pg_constraint.contype)::text)), pg_constraint.conname), '[]'::jsonb) AS constraints
           FROM pg_constraint
          WHERE ((pg_constraint.conrelid = things.relation_id) AND (pg_constraint.contype = ANY (ARRAY['p'::"char", 'u'::"char", 'f'::"char", 'c'::"char", 'x'::"char"])))) constraints);

--
-- Name: VIEW dictionary; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.dictionary IS 'Data dictionary: every table, view, rule, export and function, with its comments and dependencies.';

--
-- Name: COLUMN dictionary.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.name IS 'Schema and name; export.<file> for an export.';

--
-- Name: COLUMN dictionary.schema_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.schema_name IS 'Schema. For an export, which is no database object: export.';

--
-- Name: COLUMN dictionary.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.kind IS 'table, view, rule, export or function.';

--
-- Name: COLUMN dictionary.signature; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.signature IS 'Arguments and result of a function. Null for other objects.';

--
-- Name: COLUMN dictionary.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.level IS 'Level of a rule: warning or error. Null for other objects.';

--
-- Name: COLUMN dictionary.grain; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.grain IS 'What one row is, from the header of the file. Null if the header does not say.';

--
-- Name: COLUMN dictionary.careful; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.careful IS 'What may surprise, from the header of the file. Null if there is nothing.';

--
-- Name: COLUMN dictionary.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.description IS 'Comment of the object. Null if there is none.';

--
-- Name: COLUMN dictionary.columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.columns IS 'Columns in order: an array of objects with name, type, is_required (not null) and description.';

--
-- Name: COLUMN dictionary.constraints; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.constraints IS 'Keys, foreign keys and checks: an array of objects with name, definition and description.';

--
-- Name: COLUMN dictionary.reads; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.reads IS 'Objects that it reads directly.';

--
-- Name: COLUMN dictionary.read_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.read_by IS 'Objects that read it directly.';

--
-- Name: COLUMN dictionary.sources; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.dictionary.sources IS 'Sources that it is computed from, directly or through other objects. Empty in the schemas of staging and of the engine.';

--
-- Name: filled_table; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.filled_table AS
 SELECT core_query.name AS core_query_name,
    format('%s.%s'::text, (pg_class.relnamespace)::regnamespace, quote_ident((pg_class.relname)::text)) AS table_name,
    (pg_class.oid)::regclass AS filled,
    core_query.sources
   FROM (elt.core_query
     JOIN pg_class ON ((pg_class.oid = (to_regclass(core_query.fills))::oid)));

--
-- Name: VIEW filled_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.filled_table IS 'Tables that core queries fill.';

--
-- Name: COLUMN filled_table.core_query_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.filled_table.core_query_name IS 'Schema and name of the core query.';

--
-- Name: COLUMN filled_table.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.filled_table.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN filled_table.filled; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.filled_table.filled IS 'The table as regclass.';

--
-- Name: COLUMN filled_table.sources; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.filled_table.sources IS 'Sources that the core query reads.';

--
-- Name: source; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.source (
    source text NOT NULL,
    format text NOT NULL,
    file text,
    mode text DEFAULT 'replace'::text NOT NULL,
    keep_loads bigint DEFAULT 3 NOT NULL,
    description text NOT NULL,
    delimiter text DEFAULT ','::text NOT NULL,
    quote text DEFAULT '"'::text,
    encoding text DEFAULT 'utf-8'::text NOT NULL,
    null_text text,
    key text[],
    max_shrink numeric,
    escape text,
    has_header boolean DEFAULT true NOT NULL,
    header_line bigint,
    header_lines bigint DEFAULT 1 NOT NULL,
    comment text,
    footer_lines bigint DEFAULT 0 NOT NULL,
    trailing_delimiter boolean DEFAULT false NOT NULL,
    short_records boolean DEFAULT false NOT NULL,
    member text,
    records_at text,
    order_by text DEFAULT 'name'::text NOT NULL,
    settle_seconds numeric DEFAULT 2 NOT NULL,
    CONSTRAINT source_comment_is_a_prefix CHECK (((comment ~ '^[!-~]{1,8}$'::text) AND (comment !~ '^[[:alnum:]]'::text) AND (comment <> quote))),
    CONSTRAINT source_delimiter_is_one_sign CHECK (((delimiter ~ '^[-~]$'::text) AND (delimiter !~ '[
[:alnum:]]'::text))),
    CONSTRAINT source_encoding_known CHECK ((encoding = ANY (ARRAY['utf-8'::text, 'latin1'::text, 'utf-16'::text, 'utf-16le'::text, 'utf-16be'::text, 'windows-874'::text, 'windows-1250'::text, 'windows-1251'::text, 'windows-1252'::text, 'windows-1253'::text, 'windows-1254'::text, 'windows-1255'::text, 'windows-1256'::text, 'windows-1257'::text, 'windows-1258'::text, 'iso-8859-2'::text, 'iso-8859-3'::text, 'iso-8859-4'::text, 'iso-8859-5'::text, 'iso-8859-6'::text, 'iso-8859-7'::text, 'iso-8859-8'::text, 'iso-8859-10'::text, 'iso-8859-13'::text, 'iso-8859-14'::text, 'iso-8859-15'::text, 'iso-8859-16'::text, 'koi8-r'::text, 'koi8-u'::text, 'ibm866'::text, 'macintosh'::text, 'x-mac-cyrillic'::text, 'gbk'::text, 'gb18030'::text, 'big5'::text, 'euc-jp'::text, 'shift_jis'::text, 'euc-kr'::text, 'cp437'::text, 'cp737'::text, 'cp775'::text, 'cp850'::text, 'cp852'::text, 'cp855'::text, 'cp857'::text, 'cp858'::text, 'cp860'::text, 'cp861'::text, 'cp863'::text, 'cp865'::text]))),
    CONSTRAINT source_escape_is_no_other_sign CHECK (((escape IS DISTINCT FROM COALESCE(quote, ''::text)) AND (escape IS DISTINCT FROM delimiter))),
    CONSTRAINT source_escape_is_one_sign CHECK (((escape ~ '^[-~]$'::text) AND (escape !~ '[
[:alnum:]]'::text))),
    CONSTRAINT source_file_has_no_secret CHECK ((file !~* '^https?://.*\?(.*&)?([^=&]*(api[-_]?key|access[-_]?key|token|secret|passw|signature|credential)[^=&]*|sig|key|auth|pwd)='::text)),
    CONSTRAINT source_file_is_a_path_or_address CHECK ((((file ~ '^[^/\\]+(/[^/\\]+)*$'::text) AND (file !~ '(^|/)[.][.]?(/|$)'::text)) OR (file ~ '^https?://[^/?#@\\[:space:]]+(/[^?#[:space:]]*)?(\?[^#[:space:]]*)?$'::text) OR (file ~ '^s3://[a-z0-9][a-z0-9.-]+[a-z0-9]/[^/[:cntrl:]][^[:cntrl:]]*$'::text))),
    CONSTRAINT source_file_unless_rest CHECK (((file IS NULL) = (format = 'rest'::text))),
    CONSTRAINT source_footer_lines_in_range CHECK (((footer_lines >= 0) AND (footer_lines <= 1000))),
    CONSTRAINT source_format_known CHECK ((format = ANY (ARRAY['csv'::text, 'json'::text, 'rest'::text]))),
    CONSTRAINT source_header_line_in_range CHECK (((header_line >= 1) AND (header_line <= 10000))),
    CONSTRAINT source_header_lines_in_range CHECK ((((header_lines >= 1) AND (header_lines <= 5)) AND (has_header OR (header_lines = 1)))),
    CONSTRAINT source_is_a_table_name CHECK (((source ~ '^[a-z][a-z0-9_]{0,39}$'::text) AND (source !~ '_load_[0-9]+$'::text))),
    CONSTRAINT source_keep_loads_in_range CHECK (((keep_loads >= 1) AND (keep_loads <= 1000))),
    CONSTRAINT source_key_is_of_a_merge CHECK (((key IS NOT NULL) = (mode = 'merge'::text))),
    CONSTRAINT source_key_names_columns CHECK (((cardinality(key) > 0) AND (array_position(key, NULL::text) IS NULL))),
    CONSTRAINT source_max_shrink_is_a_share CHECK (((max_shrink >= (0)::numeric) AND (max_shrink <= (1)::numeric))),
    CONSTRAINT source_member_is_a_name CHECK (((member <> ''::text) AND (member !~ '[
]'::text))),
    CONSTRAINT source_mode_known CHECK ((mode = ANY (ARRAY['replace'::text, 'append'::text, 'merge'::text]))),
    CONSTRAINT source_null_text_is_a_value CHECK (((null_text <> ''::text) AND (null_text !~ '[
]'::text))),
    CONSTRAINT source_order_by_known CHECK ((order_by = ANY (ARRAY['name'::text, 'modified'::text]))),
    CONSTRAINT source_quote_is_no_delimiter CHECK ((quote IS DISTINCT FROM delimiter)),
    CONSTRAINT source_quote_is_one_sign CHECK (((quote ~ '^[-~]$'::text) AND (quote !~ '[
[:alnum:]]'::text))),
    CONSTRAINT source_records_at_is_of_json CHECK (((records_at IS NULL) OR ((format = 'json'::text) AND (records_at <> ''::text)))),
    CONSTRAINT source_settle_seconds_in_range CHECK (((settle_seconds >= (0)::numeric) AND (settle_seconds <= (86400)::numeric)))
);

--
-- Name: TABLE source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.source IS 'Sources that elt load reads. The rows of a source are staged in the table staging.<source>. Add a source in a migration.';

--
-- Name: COLUMN source.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.source IS 'Name of the source on the command line, and of its staging table.';

--
-- Name: COLUMN source.format; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.format IS 'csv: a header, then records (RFC 4180). json: an array of objects, or one object per line (NDJSON). rest: pages of a REST API (elt.rest_source).';

--
-- Name: COLUMN source.file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.file IS 'File in the data folder (--data): a name or a path (2026/orders.csv), or a pattern of several files (orders-*.csv, 2026/*/day.csv.gz), in which * stands for any characters but a slash, ? for one of them, and **/ for any folders. Or address of a file: https://host/path/orders.csv.gz, s3://bucket/orders-*.csv. An address has no user, no password and no secret; credentials are in the environment (elt.rest_source). Null for format rest.';

--
-- Name: COLUMN source.mode; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.mode IS 'replace: a load contains all rows, and rows that it lacks are deleted from core. merge: a load contains new and changed rows; the row of the latest load wins for each key. append: the rows of a load are added; if the core table has a primary key, as for merge. merge and append never delete.';

--
-- Name: COLUMN source.keep_loads; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.keep_loads IS 'Number of published loads that stay in staging, including the live one. Older ones are dropped after a publish.';

--
-- Name: COLUMN source.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.description IS 'Description of the source.';

--
-- Name: COLUMN source.delimiter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.delimiter IS 'csv: delimiter of fields, one ASCII character. A tab is E''\t''.';

--
-- Name: COLUMN source.quote; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.quote IS 'csv: quote around fields that contain a delimiter, a line end or a quote, which is then doubled. Null if fields are never quoted.';

--
-- Name: COLUMN source.encoding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.encoding IS 'Encoding of the file, such as utf-8, utf-16, windows-1252, iso-8859-2, cp850 or shift_jis. A byte order mark takes precedence.';

--
-- Name: COLUMN source.null_text; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.null_text IS 'csv: text that stands for null, such as NULL or \N, besides the empty value. Null if there is none.';

--
-- Name: COLUMN source.key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.key IS 'merge: the columns that identify a row of the core table, which are its primary key. Null for other modes.';

--
-- Name: COLUMN source.max_shrink; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.max_shrink IS 'Largest share of the rows of a core table that one load of a replace source may delete: 0.5 is half of them. A load that deletes more is refused (quality.loads_that_shrink). Null for no limit.';

--
-- Name: COLUMN source.escape; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.escape IS 'csv: an ASCII sign that makes a following quote, delimiter, line end or escape part of the value. Null: none does.';

--
-- Name: COLUMN source.has_header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.has_header IS 'csv: whether the first record names the columns; if not, they are column_1, column_2 and so on. json: the same for records that are arrays.';

--
-- Name: COLUMN source.header_line; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.header_line IS 'csv: line of the header, or of the first record if there is no header. Lines above it are skipped. Null: the first line that is neither blank nor a comment.';

--
-- Name: COLUMN source.header_lines; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.header_lines IS 'csv: lines of the header. The names of a column on several lines are joined by a space.';

--
-- Name: COLUMN source.comment; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.comment IS 'csv: lines that begin with this text are skipped. Null: none are.';

--
-- Name: COLUMN source.footer_lines; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.footer_lines IS 'csv: how many lines at the end of the file are no records, such as totals. Blank lines do not count.';

--
-- Name: COLUMN source.trailing_delimiter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.trailing_delimiter IS 'csv: whether records end in a delimiter that the header lacks. Their last field must be empty.';

--
-- Name: COLUMN source.short_records; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.short_records IS 'csv: whether records may lack fields at their end, which are then null. If not, such a record is rejected.';

--
-- Name: COLUMN source.member; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.member IS 'Name of the file in a zip archive. Null: the archive has one file.';

--
-- Name: COLUMN source.records_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.records_at IS 'json: keys that lead to the records, separated by dots, such as data.items. An asterisk at the end takes each member of an object as a record {"key": ..., "value": ...}. Null: the file is an array of records, or one or more records.';

--
-- Name: COLUMN source.order_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.order_by IS 'Order in which the files of a pattern are loaded: name, or modified (the time of their last change, then name).';

--
-- Name: COLUMN source.settle_seconds; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source.settle_seconds IS 'elt load --watch loads a file when it has not changed for this time, in seconds.';

--
-- Name: distribution; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.distribution AS
 WITH declared AS MATERIALIZED (
         SELECT filled_table.core_query_name,
            filled_table.table_name,
            filled_table.filled,
            filled_table.sources,
            (current_view.header ->> 'distribute'::text) AS column_name,
            elt.distribution_column(filled_table.filled) AS distributed_by
           FROM (elt.current_view
             JOIN elt.filled_table ON ((current_view.name = filled_table.core_query_name)))
          WHERE ((current_view.layer = 'core'::text) AND (current_view.header ? 'distribute'::text))
        )
 SELECT declared.core_query_name,
    declared.table_name,
    declared.filled,
    declared.column_name,
    declared.distributed_by,
    found.problem,
    found.hint,
    COALESCE((found.rank <= 3), false) AS is_invalid
   FROM (((declared
     LEFT JOIN pg_attribute placed ON ((((declared.filled)::oid = placed.attrelid) AND (declared.column_name = placed.attname) AND (placed.attnum > 0) AND (NOT placed.attisdropped))))
     LEFT JOIN pg_index own ON ((((declared.filled)::oid = own.indrelid) AND own.indisprimary)))
     LEFT JOIN LATERAL ( SELECT listed.rank,
            listed.problem,
            listed.hint
           FROM ( VALUES (1,(placed.attnum IS NULL),format('table "%s" has no column "%s"'::text, declared.table_name, declared.column_name),'Name a column of the primary key in the header.'::text), (2,(NOT (placed.attnum = ANY ((own.indkey)::smallint[]))),format('column "%s" is not in the primary key of table "%s"'::text, declared.column_name, declared.table_name),'Each worker checks its own rows only. Name a column of the primary key in the header.'::text), (3,((own.indexrelid IS NULL) AND (EXISTS ( SELECT 1
                           FROM elt.source
                          WHERE ((source.source = ANY (declared.sources)) AND (source.mode <> 'append'::text))))),format('table "%s" has no primary key'::text, declared.table_name),'Add a primary key in a migration, or set elt.source.mode to append. Rows without a key cannot be compared.'::text), (4,(EXISTS ( SELECT 1
                           FROM pg_index other
                          WHERE ((other.indrelid = (declared.filled)::oid) AND (other.indisunique OR other.indisexclusion) AND (NOT (placed.attnum = ANY ((other.indkey)::smallint[])))))),format('a unique index of table "%s" lacks column "%s"'::text, declared.table_name, declared.column_name),'Drop the index in a migration. Each worker checks its own rows only.'::text), (5,(EXISTS ( SELECT 1
                           FROM pg_trigger
                          WHERE ((pg_trigger.tgrelid = (declared.filled)::oid) AND (NOT pg_trigger.tgisinternal)))),format('table "%s" has a trigger'::text, declared.table_name),'Drop the trigger in a migration. Citus does not run triggers of distributed tables.'::text), (6,(EXISTS ( SELECT 1
                           FROM pg_constraint
                          WHERE ((pg_constraint.contype = 'f'::"char") AND (((declared.filled)::oid = pg_constraint.conrelid) OR ((declared.filled)::oid = pg_constraint.confrelid))))),format('table "%s" has a foreign key'::text, declared.table_name),'Drop the foreign key in a migration, and write a rule in sql/quality that finds rows without their partner.'::text), (7,(declared.distributed_by <> declared.column_name),format('table "%s" is distributed by column "%s"'::text, declared.table_name, declared.distributed_by),'To distribute it by another column, run elt distribute --undo first.'::text)) listed(rank, is_so, problem, hint)
          WHERE listed.is_so
          ORDER BY listed.rank
         LIMIT 1) found ON (true));

--
-- Name: VIEW distribution; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.distribution IS 'Core tables whose core queries name a distribution column (-- distribute:), and whether Citus distributes them.';

--
-- Name: COLUMN distribution.core_query_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.core_query_name IS 'Schema and name of the core query.';

--
-- Name: COLUMN distribution.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.table_name IS 'Schema and name of the table that it fills.';

--
-- Name: COLUMN distribution.filled; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.filled IS 'The table as regclass.';

--
-- Name: COLUMN distribution.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.column_name IS 'Column in the header.';

--
-- Name: COLUMN distribution.distributed_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.distributed_by IS 'Column by which the table is distributed. Null if it is not, as in every database without Citus.';

--
-- Name: COLUMN distribution.problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.problem IS 'Why it cannot be distributed. Null if it can.';

--
-- Name: COLUMN distribution.hint; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.hint IS 'How to fix it.';

--
-- Name: COLUMN distribution.is_invalid; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution.is_invalid IS 'Whether the header contradicts the key of the table or the mode of its sources. elt migrate refuses it.';

--
-- Name: distribution_statement; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.distribution_statement AS
 WITH RECURSIVE sent AS (
         SELECT (pg_proc.oid)::regprocedure AS routine,
            ('elt.'::text || (pg_proc.proname)::text) AS name
           FROM pg_proc
          WHERE ((pg_proc.pronamespace = ('elt'::regnamespace)::oid) AND (pg_proc.provolatile = 'i'::"char") AND (pg_proc.prokind = 'f'::"char"))
        ), calls AS (
         SELECT sent.name,
            0 AS depth
           FROM sent
        UNION
         SELECT current_view.name,
            (calls.depth + 1) AS depth
           FROM (calls
             JOIN elt.current_view ON ((calls.name = ANY (regexp_split_to_array((current_view.header ->> 'reads'::text), '\s*,\s*'::text)))))
          WHERE (current_view.name IN ( SELECT sent.name
                   FROM sent))
        ), statements AS (
         SELECT 1 AS rank,
            (pg_roles.rolname)::text AS name,
            format('alter role %I login'::text, pg_roles.rolname) AS statement,
            'Citus connects to the workers as this role. Restrict where it may log in from with pg_hba.conf.'::text AS why,
            pg_roles.rolcanlogin AS is_done
           FROM pg_roles
          WHERE (pg_roles.rolname = ANY (ARRAY['elt_migrate'::name, 'elt_web'::name]))
        UNION ALL
         SELECT 2 AS rank,
            (lpad((max(calls.depth))::text, 3, '0'::text) || (sent.routine)::text) AS name,
            format('select create_distributed_function(%L)'::text, sent.routine) AS statement,
            'Queries over core tables may call it on a worker.'::text AS why,
            elt.is_distributed_function(sent.routine) AS is_done
           FROM (sent
             JOIN calls ON ((sent.name = calls.name)))
          GROUP BY sent.routine
        UNION ALL
         SELECT 3 AS rank,
            distribution.table_name AS name,
            format('select create_distributed_table(%L, %L)'::text, distribution.table_name, distribution.column_name) AS statement,
            'Sends the rows to the workers. Writers of the table wait meanwhile, readers do not.'::text AS why,
            (distribution.distributed_by IS NOT NULL) AS is_done
           FROM elt.distribution
        UNION ALL
         SELECT 4 AS rank,
            distribution.table_name AS name,
            format('select truncate_local_data_after_distributing_table(%L)'::text, distribution.table_name) AS statement,
            'Frees the space of the rows on the coordinator.'::text AS why,
            (distribution.distributed_by IS NOT NULL) AS is_done
           FROM elt.distribution
        UNION ALL
         SELECT 5 AS rank,
            distribution.table_name AS name,
            format('grant select on %s to elt_read'::text, distribution.table_name) AS statement,
            'The owner of a view has no rights on the workers: whoever reads the view needs rights on the table. elt_read can then read this core table, including the rows and columns that the views hide.'::text AS why,
            has_table_privilege(pg_roles.oid, (distribution.filled)::oid, 'select'::text) AS is_done
           FROM (elt.distribution
             JOIN pg_roles ON ((pg_roles.rolname = 'elt_read'::name)))
        UNION ALL
         SELECT 6 AS rank,
            distribution.table_name AS name,
            format('analyze %s'::text, distribution.table_name) AS statement,
            'The shards have no statistics yet.'::text AS why,
            (distribution.distributed_by IS NOT NULL) AS is_done
           FROM elt.distribution
        )
 SELECT row_number() OVER (ORDER BY statements.rank, statements.name) AS place,
    statements.statement,
    statements.why,
    statements.is_done
   FROM statements
  WHERE (EXISTS ( SELECT 1
           FROM elt.distribution));

--
-- Name: VIEW distribution_statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.distribution_statement IS 'Statements that distribute the core tables with a distribution column over the workers of Citus. elt distribute runs those that are not done.';

--
-- Name: COLUMN distribution_statement.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution_statement.place IS 'Order in which they run.';

--
-- Name: COLUMN distribution_statement.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution_statement.statement IS 'The statement, without a semicolon.';

--
-- Name: COLUMN distribution_statement.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution_statement.why IS 'What it does, and what it costs.';

--
-- Name: COLUMN distribution_statement.is_done; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.distribution_statement.is_done IS 'Whether it is in place already.';

--
-- Name: earlier_row; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.earlier_row (
    load_id bigint NOT NULL,
    table_name text NOT NULL,
    place bigint NOT NULL,
    earlier jsonb NOT NULL
);

--
-- Name: TABLE earlier_row; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.earlier_row IS 'Rows of core as they were before a load of an append or merge source changed them, kept while the load is in staging. May contain personal data: not for readers.';

--
-- Name: COLUMN earlier_row.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.earlier_row.load_id IS 'Load that changed the row.';

--
-- Name: COLUMN earlier_row.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.earlier_row.table_name IS 'Schema and table of the row.';

--
-- Name: COLUMN earlier_row.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.earlier_row.place IS 'Number of the row within its load and table.';

--
-- Name: COLUMN earlier_row.earlier; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.earlier_row.earlier IS 'The earlier row, as an object of column names and values as text or null.';

--
-- Name: earlier_row_place_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.earlier_row ALTER COLUMN place ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.earlier_row_place_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: engine_migration; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.engine_migration (
    version integer NOT NULL,
    name character varying(255),
    applied_on character varying(255),
    checksum character varying(255),
    applied_text text DEFAULT NULLIF(current_setting('elt.migration_text'::text, true), ''::text)
);

--
-- Name: TABLE engine_migration; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.engine_migration IS 'Applied migrations of the engine. elt migrate --status shows them.';

--
-- Name: COLUMN engine_migration.applied_text; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.engine_migration.applied_text IS 'Text of the file when it was applied. Null if an earlier version of elt, which did not keep it, applied it.';

--
-- Name: role_right; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.role_right AS
 WITH secret(names) AS (
         VALUES (ARRAY['account'::text, 'session'::text, 'api_token'::text, 'device'::text, 'sign_in'::text, 'sent_form'::text, 'earlier_row'::text, 'audit'::text])
        ), listed(role_name, privilege, schema_name, only_names, columns) AS (
         VALUES ('elt_load'::text,'usage'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'usage'::text,'staging'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'usage'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'usage'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'select'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'select'::text,'staging'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'select'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'select'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'select'::text,'public'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'execute'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'execute'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'execute'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_load'::text,'insert'::text,'elt'::text,'{reject,load_column,load_file}'::text[],'{}'::text[]), ('elt_load'::text,'insert'::text,'elt'::text,'{load}'::text[],'{source,location,elt_version,replayed_load_id,replay_location,replay_after_row,lane_count,allows_shrink,layout,since_sent,since_column,since_type,file_name,file_stamp}'::text[]), ('elt_load'::text,'update'::text,'elt'::text,'{load}'::text[],'{state,staged_at,finished_at,rows_read,rows_staged,rows_rejected,size_bytes,sha256,header,header_columns,compression,encoding,has_byte_order_mark,line_ends,lines_skipped,member,is_also_utf8,error,since_value,changed_while_read,address_sha256,entity_tag,last_modified,file_stamp}'::text[]), ('elt_load'::text,'execute'::text,'elt'::text,'{open_staging,open_batch,close_batch,open_part,close_part,analyze_staging,analyze_change,prepare_part,drop_prepared,publish_loads,refuse_loads,sweep,note_audit}'::text[],'{}'::text[]), ('elt_read'::text,'usage'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'usage'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'usage'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'select'::text,'public'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'execute'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'execute'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'execute'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_read'::text,'select'::text,'elt'::text,'{engine_migration,project_migration,view_version,current_view,object_use,lineage,source,load,load_file,live_load,publish,publish_change,source_status,load_state,load_status,load_fact,load_change,purge_status,staging_leftover,source_core,source_behind,core_query,filled_table,worker_status,queue_status,relation,relation_column,help,finding,server_finding,outside_reader}'::text[],'{}'::text[]), ('elt_web'::text,'usage'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'usage'::text,'staging'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'usage'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'usage'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'select'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'select'::text,'staging'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'select'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'select'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'select'::text,'public'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'execute'::text,'elt'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'execute'::text,'core'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'execute'::text,'quality'::text,'{}'::text[],'{}'::text[]), ('elt_web'::text,'execute'::text,'elt'::text,'{begin_sign_in,open_session,session_account,session_owes_password,close_session,token_account,open_token,change_password,has_accounts,note_form,form_outcome,cancel_job,retry_job,run_schedule,start_job,act_on_jobs,note_audit}'::text[],'{}'::text[]), ('elt_web'::text,'execute'::text,'elt'::text,'{list_accounts,admin_add_account,admin_set_role,admin_disable_account,admin_enable_account,admin_reset_password,admin_unlock_account,list_sessions,end_session,list_tokens,new_token,end_token,list_audit}'::text[],'{}'::text[]), ('elt_worker'::text,'execute'::text,'elt'::text,'{start_worker,stop_worker,claim_jobs,heartbeat,report_progress,succeed_job,fail_job,release_job,rescue_jobs,job_wait,enqueue_due,schedule_wait,enqueue,cancel_job,retry_job,run_schedule}'::text[],'{}'::text[])
        )
 SELECT listed.role_name,
    listed.privilege,
    listed.schema_name,
    listed.only_names,
        CASE
            WHEN ((listed.schema_name = 'elt'::text) AND (listed.privilege = 'select'::text) AND (listed.only_names = '{}'::text[])) THEN secret.names
            ELSE '{}'::text[]
        END AS but_names,
    listed.columns
   FROM (listed
     CROSS JOIN secret)
UNION ALL
 SELECT 'elt_query'::text AS role_name,
    listed.privilege,
    listed.schema_name,
    listed.only_names,
    '{}'::text[] AS but_names,
    listed.columns
   FROM listed
  WHERE ((listed.role_name = 'elt_read'::text) AND (listed.schema_name <> 'quality'::text))
UNION ALL
 SELECT 'elt_query'::text AS role_name,
    'select'::text AS privilege,
    ((pg_class.relnamespace)::regnamespace)::text AS schema_name,
    array_agg((pg_class.relname)::text) AS only_names,
    '{}'::text[] AS but_names,
    '{}'::text[] AS columns
   FROM (elt.current_view
     JOIN pg_class ON ((pg_class.oid = (to_regclass((current_view.header ->> 'fills'::text)))::oid)))
  WHERE ((current_view.layer = 'core'::text) AND (pg_class.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])) AND (pg_class.relnamespace <> (to_regnamespace('public'::text))::oid))
  GROUP BY pg_class.relnamespace
UNION ALL
 SELECT 'elt_read'::text AS role_name,
    'select'::text AS privilege,
    ((pg_class.relnamespace)::regnamespace)::text AS schema_name,
    array_agg((pg_class.relname)::text) AS only_names,
    '{}'::text[] AS but_names,
    '{}'::text[] AS columns
   FROM (elt.current_view
     JOIN pg_class ON ((pg_class.oid = (to_regclass((current_view.header ->> 'fills'::text)))::oid)))
  WHERE ((current_view.layer = 'core'::text) AND (current_view.header ? 'distribute'::text) AND (elt.distribution_column((pg_class.oid)::regclass) IS NOT NULL))
  GROUP BY pg_class.relnamespace;

--
-- Name: VIEW role_right; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.role_right IS 'Rights of each role except elt_migrate, which owns everything. elt.grant_statement has the statements.';

--
-- Name: COLUMN role_right.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.role_name IS 'Role.';

--
-- Name: COLUMN role_right.privilege; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.privilege IS 'usage on the schema; select, insert or update on its relations; execute on its functions.';

--
-- Name: COLUMN role_right.schema_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.schema_name IS 'Schema. In public, only objects of the project (elt.own_relation).';

--
-- Name: COLUMN role_right.only_names; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.only_names IS 'Relations or functions. If empty, all relations of the schema, or all functions that are public (elt.own_routine).';

--
-- Name: COLUMN role_right.but_names; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.but_names IS 'Relations that are excluded.';

--
-- Name: COLUMN role_right.columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_right.columns IS 'Columns. If empty, all columns.';

--
-- Name: role_statement; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.role_statement AS
 WITH roles(rank, role_name, options, purpose) AS (
         VALUES (1,'elt_migrate'::text,'nologin'::text,'owns the schemas of elt: elt migrate, user, token, purge, grants'::text), (2,'elt_load'::text,'nologin'::text,'loads and publishes: elt load, run, export, check, rejects, rollback, gc'::text), (3,'elt_read'::text,'nologin'::text,'reads schema public: elt export, status, loads, views'::text), (4,'elt_web'::text,'nologin'::text,'reads and writes for pages: elt serve --no-worker'::text), (5,'elt_worker'::text,'nologin'::text,'runs jobs: elt worker, jobs; member of elt_load, because jobs load'::text), (6,'elt_query'::text,'login connection limit 20'::text,'runs queries of users: page /sql of elt serve'::text)
        ), query_setting(name, value) AS (
         VALUES ('default_transaction_read_only'::text,'on'::text), ('statement_timeout'::text,'1min'::text), ('idle_in_transaction_session_timeout'::text,'1min'::text), ('lock_timeout'::text,'2s'::text), ('temp_file_limit'::text,'1GB'::text)
        ), known AS (
         SELECT roles.rank,
            roles.role_name,
            roles.options,
            roles.purpose,
            (to_regrole(roles.role_name))::oid AS oid
           FROM roles
        ), this AS (
         SELECT pg_database.oid,
            quote_ident((pg_database.datname)::text) AS name
           FROM pg_database
          WHERE (pg_database.datname = current_database())
        ), statements AS (
         SELECT 1 AS step,
            known.rank,
            known.role_name,
            format('do $do$ begin if to_regrole(%1$L) is null then create role %1$I %2$s; comment on role %1$I is %3$L; end if; end $do$'::text, known.role_name, known.options, known.purpose) AS statement,
            (known.oid IS NOT NULL) AS is_done
           FROM known
        UNION ALL
         SELECT 2 AS step,
            known.rank,
            known.role_name,
            'grant elt_migrate to current_user'::text AS statement,
            (COALESCE(pg_has_role(known.oid, 'usage'::text), false) OR (EXISTS ( SELECT 1
                   FROM pg_auth_members
                  WHERE ((known.oid = pg_auth_members.roleid) AND ((to_regrole(quote_ident((CURRENT_USER)::text)))::oid = pg_auth_members.member) AND COALESCE(((to_jsonb(pg_auth_members.*) ->> 'set_option'::text))::boolean, true))))) AS is_done
           FROM known
          WHERE (known.role_name = 'elt_migrate'::text)
        UNION ALL
         SELECT 3 AS step,
            known.rank,
            known.role_name,
            'grant elt_load to elt_worker'::text AS statement,
            COALESCE(pg_has_role(known.oid, (to_regrole('elt_load'::text))::oid, 'member'::text), false) AS is_done
           FROM known
          WHERE (known.role_name = 'elt_worker'::text)
        UNION ALL
         SELECT 3 AS step,
            known.rank,
            known.role_name,
            format(
                CASE
                    WHEN (query_setting.name = 'temp_file_limit'::text) THEN 'do $do$ begin if has_parameter_privilege(%2$L, ''set'') then alter role %1$I set %2$s = %3$L; end if; end $do$'::text
                    ELSE 'alter role %I set %s = %L'::text
                END, known.role_name, query_setting.name, query_setting.value) AS statement,
            (COALESCE((format('%s=%s'::text, query_setting.name, query_setting.value) = ANY (pg_roles.rolconfig)), false) OR ((query_setting.name = 'temp_file_limit'::text) AND (NOT has_parameter_privilege('temp_file_limit'::text, 'set'::text)))) AS is_done
           FROM ((known
             CROSS JOIN query_setting)
             LEFT JOIN pg_roles ON ((known.oid = pg_roles.oid)))
          WHERE (known.role_name = 'elt_query'::text)
        UNION ALL
         SELECT 4 AS step,
            known.rank,
            known.role_name,
            format('grant connect on database %s to %I'::text, this.name, known.role_name) AS statement,
            COALESCE(has_database_privilege(known.oid, this.oid, 'connect'::text), false) AS is_done
           FROM (known
             CROSS JOIN this)
        UNION ALL
         SELECT 5 AS step,
            known.rank,
            known.role_name,
            format('grant create, temporary on database %s to elt_migrate'::text, this.name) AS statement,
            COALESCE((has_database_privilege(known.oid, this.oid, 'create'::text) AND has_database_privilege(known.oid, this.oid, 'temporary'::text)), false) AS is_done
           FROM (known
             CROSS JOIN this)
          WHERE (known.role_name = 'elt_migrate'::text)
        UNION ALL
         SELECT 6 AS step,
            known.rank,
            known.role_name,
            format('grant usage%s on schema public to %I'::text,
                CASE
                    WHEN (known.role_name = 'elt_migrate'::text) THEN ', create'::text
                    ELSE NULL::text
                END, known.role_name) AS statement,
            COALESCE((has_schema_privilege(known.oid, (to_regnamespace('public'::text))::oid, 'usage'::text) AND ((known.role_name <> 'elt_migrate'::text) OR has_schema_privilege(known.oid, (to_regnamespace('public'::text))::oid, 'create'::text))), false) AS is_done
           FROM known
        )
 SELECT row_number() OVER (ORDER BY statements.step, statements.rank, statements.statement) AS place,
    statements.role_name,
    statements.statement,
    statements.is_done
   FROM statements;

--
-- Name: VIEW role_statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.role_statement IS 'Statements that create the roles elt_migrate, elt_load, elt_read, elt_web, elt_worker and elt_query, and let them connect to this database. Each can run repeatedly.';

--
-- Name: COLUMN role_statement.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_statement.place IS 'Order in which they run.';

--
-- Name: COLUMN role_statement.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_statement.role_name IS 'Role that it is for.';

--
-- Name: COLUMN role_statement.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_statement.statement IS 'The statement, without a semicolon.';

--
-- Name: COLUMN role_statement.is_done; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.role_statement.is_done IS 'Whether it would change nothing.';

--
-- Name: web_column; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.web_column AS
 WITH web AS (
         SELECT (to_regrole('elt_web'::text))::oid AS oid
        ), registered AS (
         SELECT admin_table.table_name,
            admin_column.column_name,
            admin_table.may_add AS may_insert,
            (admin_table.may_change AND (NOT COALESCE((pg_attribute.attnum = ANY ((pg_index.indkey)::smallint[])), false))) AS may_update
           FROM ((((elt.admin_table
             JOIN elt.admin_column ON ((admin_table.table_name = admin_column.table_name)))
             JOIN elt.own_relation ON ((admin_table.table_name = own_relation.name)))
             JOIN pg_attribute ON ((((own_relation.relation_id)::oid = pg_attribute.attrelid) AND (admin_column.column_name = pg_attribute.attname))))
             LEFT JOIN pg_index ON ((((own_relation.relation_id)::oid = pg_index.indrelid) AND pg_index.indisprimary)))
          WHERE (NOT admin_column.is_read_only)
        ), columns AS (
         SELECT own_relation.name,
            (pg_attribute.attname)::text AS column_name,
            (pg_attribute.attnum)::bigint AS place,
            COALESCE(registered.may_insert, false) AS may_insert,
            COALESCE(registered.may_update, false) AS may_update,
            COALESCE(admin_table.may_delete, false) AS may_delete,
            COALESCE(has_column_privilege(web.oid, pg_attribute.attrelid, pg_attribute.attnum, 'insert'::text), false) AS can_insert,
            COALESCE(has_column_privilege(web.oid, pg_attribute.attrelid, pg_attribute.attnum, 'update'::text), false) AS can_update,
            COALESCE(has_table_privilege(web.oid, pg_attribute.attrelid, 'delete'::text), false) AS can_delete
           FROM ((((elt.own_relation
             CROSS JOIN web)
             JOIN pg_attribute ON ((((own_relation.relation_id)::oid = pg_attribute.attrelid) AND (pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped))))
             LEFT JOIN elt.admin_table ON ((own_relation.name = admin_table.table_name)))
             LEFT JOIN registered ON (((own_relation.name = registered.table_name) AND (pg_attribute.attname = registered.column_name))))
          WHERE ((own_relation.kind = ANY (ARRAY['table'::text, 'view'::text])) AND (NOT own_relation.is_partition))
        )
 SELECT columns.name,
    columns.column_name,
    columns.place,
    columns.may_insert,
    columns.may_update,
    columns.may_delete,
    ((columns.can_insert AND (NOT columns.may_insert)) OR (columns.can_update AND (NOT columns.may_update)) OR (columns.can_delete AND (NOT columns.may_delete))) AS has_too_much,
    ((columns.can_insert OR (NOT columns.may_insert)) AND (columns.can_update OR (NOT columns.may_update)) AND (columns.can_delete OR (NOT columns.may_delete))) AS has_enough
   FROM columns
  WHERE (columns.may_insert OR columns.may_update OR columns.may_delete OR columns.can_insert OR columns.can_update OR columns.can_delete);

--
-- Name: VIEW web_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.web_column IS 'Columns that role elt_web should be able to write according to elt.admin_table, and whether its rights match.';

--
-- Name: COLUMN web_column.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.name IS 'Schema and name of the table.';

--
-- Name: COLUMN web_column.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.column_name IS 'Column.';

--
-- Name: COLUMN web_column.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.place IS 'Position in the table.';

--
-- Name: COLUMN web_column.may_insert; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.may_insert IS 'Whether new rows may set it.';

--
-- Name: COLUMN web_column.may_update; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.may_update IS 'Whether it may be updated.';

--
-- Name: COLUMN web_column.may_delete; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.may_delete IS 'Whether rows of the table may be deleted.';

--
-- Name: COLUMN web_column.has_too_much; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.has_too_much IS 'Whether the role has more rights than these.';

--
-- Name: COLUMN web_column.has_enough; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.web_column.has_enough IS 'Whether the role has all of these rights.';

--
-- Name: grant_statement; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.grant_statement AS
 WITH own_schema AS (
         SELECT (pg_namespace.nspname)::text AS name,
            (pg_get_userbyid(pg_namespace.nspowner))::text AS owner_name
           FROM pg_namespace
          WHERE (pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'quality'::name]))
        ), owner_statement AS (
         SELECT format('alter schema %I owner to elt_migrate'::text, own_schema.name) AS statement,
            1 AS step,
            own_schema.name
           FROM own_schema
          WHERE (own_schema.owner_name <> 'elt_migrate'::text)
        UNION ALL
         SELECT format('alter %s %s owner to elt_migrate'::text, own_relation.kind, own_relation.name) AS statement,
            2 AS step,
            own_relation.name
           FROM elt.own_relation
          WHERE (own_relation.owner_name <> 'elt_migrate'::text)
        UNION ALL
         SELECT format('alter routine %s owner to elt_migrate'::text, own_routine.signature) AS statement,
            3 AS step,
            own_routine.signature AS name
           FROM elt.own_routine
          WHERE (own_routine.owner_name <> 'elt_migrate'::text)
        ), usage_statement AS (
         SELECT role_right.role_name,
            format('grant usage on schema %s to %I'::text, own_schema.name, role_right.role_name) AS statement,
            COALESCE(has_schema_privilege((to_regrole(role_right.role_name))::oid, (to_regnamespace(own_schema.name))::oid, 'usage'::text), false) AS is_done,
            own_schema.name
           FROM (elt.role_right
             JOIN own_schema ON ((role_right.schema_name = own_schema.name)))
          WHERE (role_right.privilege = 'usage'::text)
        ), relation_right AS (
         SELECT role_right.role_name,
            role_right.privilege,
            role_right.columns,
            own_relation.schema_name,
            own_relation.name,
            COALESCE(
                CASE
                    WHEN (role_right.columns = '{}'::text[]) THEN has_table_privilege((to_regrole(role_right.role_name))::oid, (own_relation.relation_id)::oid, role_right.privilege)
                    ELSE ( SELECT bool_and(has_column_privilege((to_regrole(role_right.role_name))::oid, (own_relation.relation_id)::oid, column_name.column_name, role_right.privilege)) AS bool_and
                       FROM unnest(role_right.columns) column_name(column_name))
                END, false) AS is_done
           FROM (elt.role_right
             JOIN elt.own_relation ON (((role_right.schema_name = own_relation.schema_name) AND ((role_right.only_names = '{}'::text[]) OR (own_relation.relation_name = ANY (role_right.only_names))) AND (own_relation.relation_name <> ALL (role_right.but_names)))))
          WHERE ((role_right.privilege = ANY (ARRAY['select'::text, 'insert'::text, 'update'::text])) AND (own_relation.kind = ANY (ARRAY['table'::text, 'view'::text])) AND (NOT own_relation.is_partition))
        ), relation_statement AS (
         SELECT relation_right.role_name,
            format('grant %s%s on %s to %I'::text, relation_right.privilege,
                CASE
                    WHEN (relation_right.columns <> '{}'::text[]) THEN format(' (%s)'::text, array_to_string(relation_right.columns, ', '::text))
                    ELSE NULL::text
                END, string_agg(relation_right.name, ', '::text ORDER BY relation_right.name), relation_right.role_name) AS statement,
            bool_and(relation_right.is_done) AS is_done,
            min(relation_right.name) AS name
           FROM relation_right
          GROUP BY relation_right.role_name, relation_right.privilege, relation_right.columns, relation_right.schema_name
        ), routine_right AS (
         SELECT role_right.role_name,
            own_routine.schema_name,
            own_routine.signature,
                CASE
                    WHEN own_routine.is_job THEN own_routine.signature
                    ELSE ''::text
                END AS job,
            COALESCE(has_function_privilege((to_regrole(role_right.role_name))::oid, (own_routine.routine_id)::oid, 'execute'::text), false) AS is_done
           FROM (elt.role_right
             JOIN elt.own_routine ON (((own_routine.name IN ( SELECT format('%I.%I'::text, role_right.schema_name, only_name.only_name) AS format
                   FROM unnest(role_right.only_names) only_name(only_name))) OR ((role_right.only_names = '{}'::text[]) AND (role_right.schema_name = own_routine.schema_name) AND own_routine.is_for_everybody) OR (own_routine.is_job AND (role_right.role_name = 'elt_worker'::text)))))
          WHERE (role_right.privilege = 'execute'::text)
        ), routine_statement AS (
         SELECT routine_right.role_name,
            format('grant execute on function %s to %I'::text, string_agg(routine_right.signature, ', '::text ORDER BY routine_right.signature), routine_right.role_name) AS statement,
            bool_and(routine_right.is_done) AS is_done,
            min(routine_right.signature) AS name
           FROM routine_right
          GROUP BY routine_right.role_name, routine_right.schema_name, routine_right.job
        ), web_routine_statement AS (
         SELECT format('revoke execute on function %s from elt_web'::text, own_routine.signature) AS statement,
            own_routine.signature AS name
           FROM (elt.own_routine
             JOIN pg_proc ON (((own_routine.routine_id)::oid = pg_proc.oid)))
          WHERE ((own_routine.schema_name = 'elt'::text) AND (EXISTS ( SELECT
                   FROM aclexplode(pg_proc.proacl) granted(grantor, grantee, privilege_type, is_grantable)
                  WHERE ((granted.grantee = (to_regrole('elt_web'::text))::oid) AND (granted.privilege_type = 'EXECUTE'::text)))) AND (NOT (own_routine.signature IN ( SELECT routine_right.signature
                   FROM routine_right
                  WHERE (routine_right.role_name = 'elt_web'::text)))))
        ), web_relation AS (
         SELECT web_column.name,
            string_agg(quote_ident(web_column.column_name), ', '::text ORDER BY web_column.place) FILTER (WHERE web_column.may_insert) AS inserted,
            string_agg(quote_ident(web_column.column_name), ', '::text ORDER BY web_column.place) FILTER (WHERE web_column.may_update) AS updated,
            bool_or(web_column.may_delete) AS may_delete,
            bool_or(web_column.has_too_much) AS has_too_much,
            bool_and(web_column.has_enough) AS has_enough
           FROM elt.web_column
          GROUP BY web_column.name
        ), web_statement AS (
         SELECT format('revoke insert, update, delete on %s from elt_web'::text, web_relation.name) AS statement,
            false AS is_done,
            1 AS step,
            web_relation.name
           FROM web_relation
          WHERE web_relation.has_too_much
        UNION ALL
         SELECT format('grant insert (%s) on %s to elt_web'::text, web_relation.inserted, web_relation.name) AS statement,
            (web_relation.has_enough AND (NOT web_relation.has_too_much)) AS is_done,
            2 AS step,
            web_relation.name
           FROM web_relation
          WHERE (web_relation.inserted IS NOT NULL)
        UNION ALL
         SELECT format('grant update (%s) on %s to elt_web'::text, web_relation.updated, web_relation.name) AS statement,
            (web_relation.has_enough AND (NOT web_relation.has_too_much)) AS is_done,
            3 AS step,
            web_relation.name
           FROM web_relation
          WHERE (web_relation.updated IS NOT NULL)
        UNION ALL
         SELECT format('grant delete on %s to elt_web'::text, web_relation.name) AS statement,
            (web_relation.has_enough AND (NOT web_relation.has_too_much)) AS is_done,
            4 AS step,
            web_relation.name
           FROM web_relation
          WHERE web_relation.may_delete
        UNION ALL
         SELECT format('grant usage on sequence %I.%I to elt_web'::text, pg_namespace.nspname, pg_class.relname) AS statement,
            COALESCE(has_sequence_privilege((to_regrole('elt_web'::text))::oid, pg_class.oid, 'usage'::text), false) AS is_done,
            5 AS step,
            web_relation.name
           FROM ((((web_relation
             JOIN elt.own_relation ON ((web_relation.name = own_relation.name)))
             JOIN pg_depend ON ((((own_relation.relation_id)::oid = pg_depend.refobjid) AND (pg_depend.deptype = 'a'::"char"))))
             JOIN pg_class ON (((pg_depend.objid = pg_class.oid) AND (pg_class.relkind = 'S'::"char"))))
             JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
          WHERE (web_relation.inserted IS NOT NULL)
        ), statements AS (
         SELECT 1 AS rank,
            'role'::text AS part,
            role_statement.role_name,
            role_statement.statement,
            role_statement.is_done,
            role_statement.place AS step,
            ''::text AS name
           FROM elt.role_statement
        UNION ALL
         SELECT 2 AS rank,
            'owner'::text AS part,
            'elt_migrate'::text AS role_name,
            owner_statement.statement,
            false AS is_done,
            owner_statement.step,
            owner_statement.name
           FROM owner_statement
        UNION ALL
         SELECT 3 AS rank,
            'right'::text AS part,
            usage_statement.role_name,
            usage_statement.statement,
            usage_statement.is_done,
            1 AS step,
            usage_statement.name
           FROM usage_statement
        UNION ALL
         SELECT 4 AS rank,
            'right'::text AS part,
            relation_statement.role_name,
            relation_statement.statement,
            relation_statement.is_done,
            1 AS step,
            relation_statement.name
           FROM relation_statement
        UNION ALL
         SELECT 5 AS rank,
            'right'::text AS part,
            'elt_web'::text AS role_name,
            web_statement.statement,
            web_statement.is_done,
            web_statement.step,
            web_statement.name
           FROM web_statement
        UNION ALL
         SELECT 5 AS rank,
            'right'::text AS part,
            'elt_web'::text AS role_name,
            web_routine_statement.statement,
            false AS is_done,
            0 AS step,
            web_routine_statement.name
           FROM web_routine_statement
        UNION ALL
         SELECT 6 AS rank,
            'right'::text AS part,
            routine_statement.role_name,
            routine_statement.statement,
            routine_statement.is_done,
            1 AS step,
            routine_statement.name
           FROM routine_statement
        )
 SELECT row_number() OVER (ORDER BY statements.rank, statements.step, statements.role_name, statements.name, statements.statement) AS place,
    statements.part,
    statements.role_name,
    statements.statement,
    statements.is_done
   FROM statements;

--
-- Name: VIEW grant_statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.grant_statement IS 'Statements that give the roles elt_migrate, elt_load, elt_read, elt_web, elt_worker and elt_query the rights that they need, and no more. Each can run repeatedly. elt migrate runs those that grant rights, at its end.';

--
-- Name: COLUMN grant_statement.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.grant_statement.place IS 'Order in which they run.';

--
-- Name: COLUMN grant_statement.part; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.grant_statement.part IS 'role: creates a role or lets it connect to the database. owner: makes elt_migrate the owner of elt''s objects. right: lets a role read, write or call an object.';

--
-- Name: COLUMN grant_statement.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.grant_statement.role_name IS 'Role that it is for.';

--
-- Name: COLUMN grant_statement.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.grant_statement.statement IS 'The statement, without a semicolon.';

--
-- Name: COLUMN grant_statement.is_done; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.grant_statement.is_done IS 'Whether it would change nothing.';

--
-- Name: worker; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.worker (
    worker_id bigint NOT NULL,
    host text NOT NULL,
    process_id bigint NOT NULL,
    elt_version text NOT NULL,
    queues text[] NOT NULL,
    concurrency bigint NOT NULL,
    holds_lock boolean NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    stopped_at timestamp with time zone,
    CONSTRAINT worker_concurrency_positive CHECK ((concurrency >= 1)),
    CONSTRAINT worker_queues_are_names CHECK ((array_to_string(queues, ','::text, ' '::text) ~ '^[a-z][a-z0-9_]{0,62}(,[a-z][a-z0-9_]{0,62})*$'::text))
);

--
-- Name: TABLE worker; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.worker IS 'Workers: one row per start of a worker. A running worker renews last_seen_at and holds the advisory lock (6646903, worker_id).';

--
-- Name: COLUMN worker.worker_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.worker_id IS 'Number of the worker.';

--
-- Name: COLUMN worker.host; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.host IS 'Host name.';

--
-- Name: COLUMN worker.process_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.process_id IS 'Process number on that host.';

--
-- Name: COLUMN worker.elt_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.elt_version IS 'Version of the program.';

--
-- Name: COLUMN worker.queues; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.queues IS 'Queues that it takes jobs from.';

--
-- Name: COLUMN worker.concurrency; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.concurrency IS 'Number of jobs that it runs at once.';

--
-- Name: COLUMN worker.holds_lock; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.holds_lock IS 'Whether it holds its advisory lock while it runs, so that its death is noticed at once. False behind a pooler, where only its leases show this.';

--
-- Name: COLUMN worker.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.started_at IS 'When it started.';

--
-- Name: COLUMN worker.last_seen_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.last_seen_at IS 'Its latest heartbeat.';

--
-- Name: COLUMN worker.stopped_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker.stopped_at IS 'When it stopped, or was found dead. Null while it runs.';

--
-- Name: worker_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.worker_status AS
 SELECT worker.worker_id,
    worker.host,
    worker.process_id,
    worker.elt_version,
    worker.queues,
    worker.concurrency,
    ( SELECT count(*) AS count
           FROM elt.job
          WHERE ((job.worker_id = worker.worker_id) AND (job.state = 'running'::text))) AS running_count,
    ((worker.stopped_at IS NULL) AND (worker.last_seen_at > (now() - '00:01:00'::interval)) AND ((NOT worker.holds_lock) OR elt.holds_worker_lock(worker.worker_id))) AS is_alive,
    worker.started_at,
    worker.last_seen_at,
    worker.stopped_at
   FROM elt.worker;

--
-- Name: VIEW worker_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.worker_status IS 'Workers, and whether they are alive.';

--
-- Name: COLUMN worker_status.worker_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.worker_id IS 'Number of the worker.';

--
-- Name: COLUMN worker_status.host; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.host IS 'Machine that it runs on.';

--
-- Name: COLUMN worker_status.process_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.process_id IS 'Process of the worker.';

--
-- Name: COLUMN worker_status.elt_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.elt_version IS 'Version of the program.';

--
-- Name: COLUMN worker_status.queues; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.queues IS 'Queues from which it takes jobs.';

--
-- Name: COLUMN worker_status.concurrency; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.concurrency IS 'Number of jobs that it can run at once.';

--
-- Name: COLUMN worker_status.running_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.running_count IS 'Number of jobs that it is running.';

--
-- Name: COLUMN worker_status.is_alive; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.is_alive IS 'Whether it sent a heartbeat within a minute and holds its advisory lock, if it should have one.';

--
-- Name: COLUMN worker_status.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.started_at IS 'When it started.';

--
-- Name: COLUMN worker_status.last_seen_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.last_seen_at IS 'Time of its latest heartbeat.';

--
-- Name: COLUMN worker_status.stopped_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.worker_status.stopped_at IS 'When it stopped or was found dead.';

--
-- Name: queue_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.queue_status AS
 SELECT job.queue,
    count(*) FILTER (WHERE ((job.state = 'queued'::text) AND (job.run_at <= now()))) AS waiting_count,
    count(*) FILTER (WHERE ((job.state = 'queued'::text) AND (job.run_at > now()))) AS later_count,
    count(*) FILTER (WHERE (job.state = 'running'::text)) AS running_count,
    count(*) FILTER (WHERE (job.state = 'dead'::text)) AS dead_count,
    (EXTRACT(epoch FROM (now() - min(job.run_at) FILTER (WHERE ((job.state = 'queued'::text) AND (job.run_at <= now()))))))::bigint AS oldest_wait_seconds,
    ( SELECT count(*) AS count
           FROM elt.worker_status
          WHERE (worker_status.is_alive AND (job.queue = ANY (worker_status.queues)))) AS worker_count
   FROM elt.job
  WHERE (job.state = ANY (ARRAY['queued'::text, 'running'::text, 'dead'::text]))
  GROUP BY job.queue
  ORDER BY job.queue;

--
-- Name: VIEW queue_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.queue_status IS 'Number of jobs in each queue, by state.';

--
-- Name: COLUMN queue_status.queue; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.queue IS 'Queue.';

--
-- Name: COLUMN queue_status.waiting_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.waiting_count IS 'Queued jobs that can run now.';

--
-- Name: COLUMN queue_status.later_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.later_count IS 'Scheduled jobs.';

--
-- Name: COLUMN queue_status.running_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.running_count IS 'Running jobs.';

--
-- Name: COLUMN queue_status.dead_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.dead_count IS 'Dead jobs: they failed and are not retried.';

--
-- Name: COLUMN queue_status.oldest_wait_seconds; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.oldest_wait_seconds IS 'How long the oldest job that can run now has waited. Null if there is none.';

--
-- Name: COLUMN queue_status.worker_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.queue_status.worker_count IS 'Live workers that take jobs from the queue.';

--
-- Name: job_finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.job_finding AS
 SELECT 'job'::text AS area,
    format('worker %s on %s is dead, and has jobs: %s'::text, worker_status.worker_id, worker_status.host, worker_status.running_count) AS what,
    'problem'::text AS level,
    'The jobs do not run until another worker takes them over, which a live worker does within seconds.'::text AS why,
    'select elt.rescue_jobs()'::text AS statement,
    NULL::text[] AS command
   FROM elt.worker_status
  WHERE ((NOT worker_status.is_alive) AND (worker_status.running_count > 0))
UNION ALL
 SELECT 'job'::text AS area,
    format('queue %s: queued jobs: %s'::text, queue_status.queue, queue_status.waiting_count) AS what,
    'problem'::text AS level,
    format('No worker takes jobs from it. The oldest one has waited for %s seconds.'::text, queue_status.oldest_wait_seconds) AS why,
    format('elt worker --queue %s'::text, queue_status.queue) AS statement,
    ARRAY['worker'::text, '--queue'::text, queue_status.queue] AS command
   FROM elt.queue_status
  WHERE ((queue_status.waiting_count > 0) AND (queue_status.worker_count = 0));

--
-- Name: VIEW job_finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.job_finding IS 'Jobs of dead workers, and queues without a worker. Empty if there is no problem.';

--
-- Name: COLUMN job_finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.area IS 'job.';

--
-- Name: COLUMN job_finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.what IS 'What was found.';

--
-- Name: COLUMN job_finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.level IS 'problem.';

--
-- Name: COLUMN job_finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.why IS 'Why it matters.';

--
-- Name: COLUMN job_finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.statement IS 'SQL statement or elt command that fixes it.';

--
-- Name: COLUMN job_finding.command; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_finding.command IS 'Arguments of the elt command. Null for SQL statements.';

--
-- Name: load; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.load (
    load_id bigint NOT NULL,
    source text NOT NULL,
    state text DEFAULT 'copying'::text NOT NULL,
    location text NOT NULL,
    size_bytes bigint,
    sha256 text,
    rows_read bigint,
    rows_staged bigint,
    rows_rejected bigint,
    publish_id bigint,
    elt_version text NOT NULL,
    loaded_by text DEFAULT SESSION_USER NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    staged_at timestamp with time zone,
    finished_at timestamp with time zone,
    staging_dropped_at timestamp with time zone,
    error text,
    header bytea,
    header_columns text[],
    compression text,
    encoding text,
    has_byte_order_mark boolean,
    line_ends text,
    replayed_load_id bigint,
    replay_location text,
    replay_after_row bigint,
    rows_purged bigint DEFAULT 0 NOT NULL,
    rejects_purged bigint DEFAULT 0 NOT NULL,
    live_publish_id bigint,
    core_sha256 text,
    rolled_back_at timestamp with time zone,
    lane_count bigint DEFAULT 1 NOT NULL,
    allows_shrink boolean DEFAULT false NOT NULL,
    lines_skipped bigint,
    member text,
    is_also_utf8 boolean,
    layout jsonb,
    since_sent text,
    since_column text,
    since_type text,
    since_value text,
    changed_while_read text,
    address_sha256 text,
    entity_tag text,
    last_modified text,
    file_name text,
    file_stamp text,
    batch_load_id bigint,
    replaced_by_load_id bigint,
    CONSTRAINT load_accounts_for_every_row CHECK ((rows_read = (rows_staged + rows_rejected))),
    CONSTRAINT load_compression_known CHECK ((compression = ANY (ARRAY['gzip'::text, 'zstd'::text, 'xz'::text, 'bzip2'::text, 'zip'::text]))),
    CONSTRAINT load_encoding_is_a_name CHECK ((encoding ~ '^[a-z0-9_-]+$'::text)),
    CONSTRAINT load_is_counted_when_staged CHECK (((state <> ALL (ARRAY['staged'::text, 'published'::text, 'refused'::text])) OR ((rows_read IS NOT NULL) AND (rows_staged IS NOT NULL) AND (rows_rejected IS NOT NULL) AND (sha256 IS NOT NULL) AND (size_bytes IS NOT NULL)))),
    CONSTRAINT load_is_published_when_live CHECK (((live_publish_id IS NULL) OR (state = 'published'::text))),
    CONSTRAINT load_lane_count_in_range CHECK (((lane_count >= 1) AND (lane_count <= 64))),
    CONSTRAINT load_line_ends_known CHECK ((line_ends = ANY (ARRAY['lf'::text, 'crlf'::text, 'mixed'::text]))),
    CONSTRAINT load_lines_skipped_not_negative CHECK ((lines_skipped >= 0)),
    CONSTRAINT load_purged_not_negative CHECK (((rows_purged >= 0) AND (rejects_purged >= 0))),
    CONSTRAINT load_replay_is_whole CHECK ((((replayed_load_id IS NULL) = (replay_location IS NULL)) AND ((replayed_load_id IS NULL) = (replay_after_row IS NULL)))),
    CONSTRAINT load_sha256_is_hex CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT load_state_known CHECK ((state = ANY (ARRAY['copying'::text, 'staged'::text, 'published'::text, 'refused'::text, 'failed'::text, 'interrupted'::text, 'purged'::text])))
);

--
-- Name: TABLE load; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.load IS 'Loads: one row per load of one file of a source. Kept permanently; the staged rows exist until their partition is dropped.';

--
-- Name: COLUMN load.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.load_id IS 'Number of the load: _load_id of its rows in staging.';

--
-- Name: COLUMN load.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.source IS 'Source that was loaded.';

--
-- Name: COLUMN load.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.state IS 'copying: rows are being copied. staged: all rows are in staging. published: made live. refused: a rule of level error found rows. failed: see error. interrupted: the program died. purged: its rows and rejects were removed.';

--
-- Name: COLUMN load.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.location IS 'Absolute path of the file, or address of the file or the API without its query.';

--
-- Name: COLUMN load.size_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.size_bytes IS 'Size of the file, or of all responses after decompression.';

--
-- Name: COLUMN load.sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.sha256 IS 'SHA-256 of the bytes read, in hexadecimal; for an API, of the records only, one per line.';

--
-- Name: COLUMN load.rows_read; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rows_read IS 'Number of records in the file, or on all pages.';

--
-- Name: COLUMN load.rows_staged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rows_staged IS 'Number of rows copied into staging, as counted by PostgreSQL.';

--
-- Name: COLUMN load.rows_rejected; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rows_rejected IS 'Number of rows of this load in elt.reject, as counted by PostgreSQL.';

--
-- Name: COLUMN load.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.publish_id IS 'Publish that made the load live or refused it. Null before that.';

--
-- Name: COLUMN load.elt_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.elt_version IS 'Version of the program.';

--
-- Name: COLUMN load.loaded_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.loaded_by IS 'Database role that loaded it.';

--
-- Name: COLUMN load.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.started_at IS 'When the load began.';

--
-- Name: COLUMN load.staged_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.staged_at IS 'When the last row was staged.';

--
-- Name: COLUMN load.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.finished_at IS 'When the load finished.';

--
-- Name: COLUMN load.staging_dropped_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.staging_dropped_at IS 'When the partition of the staging table was dropped. Null while it exists.';

--
-- Name: COLUMN load.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.error IS 'Why the load failed or was refused. Null otherwise.';

--
-- Name: COLUMN load.header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.header IS 'First record of a CSV file, as the original bytes. elt rejects --out begins with it. Null for files without a header.';

--
-- Name: COLUMN load.header_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.header_columns IS 'Column names of the header, trimmed, in the order of the file. Null for files without a header.';

--
-- Name: COLUMN load.compression; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.compression IS 'gzip, zstd, xz, bzip2 or zip; null for a file that was not compressed.';

--
-- Name: COLUMN load.encoding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.encoding IS 'Encoding that the file was read as; null for an API.';

--
-- Name: COLUMN load.has_byte_order_mark; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.has_byte_order_mark IS 'Whether the file begins with a byte order mark. Null for an API.';

--
-- Name: COLUMN load.line_ends; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.line_ends IS 'Line ends of the file: lf, crlf or mixed. Null for an API, and for a file without line ends.';

--
-- Name: COLUMN load.replayed_load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.replayed_load_id IS 'Load whose rows this load also contains, because it adds corrected records to them (elt load --replay). Null for other loads.';

--
-- Name: COLUMN load.replay_location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.replay_location IS 'Absolute path of the file with the corrected records. Null for other loads.';

--
-- Name: COLUMN load.replay_after_row; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.replay_after_row IS 'Last _row of the load that was replayed. Higher numbers belong to the file with the corrected records, counted from here. Null for other loads.';

--
-- Name: COLUMN load.rows_purged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rows_purged IS 'Number of the staged rows that elt purge removed.';

--
-- Name: COLUMN load.rejects_purged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rejects_purged IS 'Number of the rejected rows that elt purge removed.';

--
-- Name: COLUMN load.live_publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.live_publish_id IS 'Latest publish that updated core from this load, if the load is live. Null otherwise. A replace source has one live load; of other sources, all published loads are live that were not rolled back or purged.';

--
-- Name: COLUMN load.core_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.core_sha256 IS 'Fingerprint of the core queries that read the load when it was published (elt.source_core). Null before that.';

--
-- Name: COLUMN load.rolled_back_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.rolled_back_at IS 'When elt rollback ended its being live. Null otherwise.';

--
-- Name: COLUMN load.lane_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.lane_count IS 'Number of connections over which the rows were copied. If there are several and wal_level is minimal, each has a table of its own below the load''s partition.';

--
-- Name: COLUMN load.allows_shrink; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.allows_shrink IS 'Whether it may delete more rows than elt.source.max_shrink allows, because it was loaded with --allow-shrink.';

--
-- Name: COLUMN load.lines_skipped; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.lines_skipped IS 'csv: lines above the header, comments and lines at the end that were skipped; null for other formats.';

--
-- Name: COLUMN load.member; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.member IS 'File in the zip archive that was read; null for other files.';

--
-- Name: COLUMN load.is_also_utf8; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.is_also_utf8 IS 'Whether the file was read in another encoding although it is valid UTF-8 with characters other than ASCII; null if it was read as UTF-8 or UTF-16, and for an API.';

--
-- Name: COLUMN load.layout; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.layout IS 'Columns of elt.source about the layout of its files, as they were when the load was read (elt.source_layout). Null for loads of earlier versions, which count as read with the present layout.';

--
-- Name: COLUMN load.since_sent; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.since_sent IS 'Value that was sent as elt.rest_source.since_parameter, before since_format. Null if no value was sent: everything was requested.';

--
-- Name: COLUMN load.since_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.since_column IS 'elt.rest_source.since_column when the load began. Null if the source was not loaded incrementally.';

--
-- Name: COLUMN load.since_type; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.since_type IS 'elt.rest_source.since_type when the load began.';

--
-- Name: COLUMN load.since_value; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.since_value IS 'Highest value of since_column up to this load, without values later than its start. The next load continues from it if this load is live.';

--
-- Name: COLUMN load.changed_while_read; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.changed_while_read IS 'What changed while the pages of an API were read, if it was accepted (elt.rest_source.on_change): rows may be missing.';

--
-- Name: COLUMN load.address_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.address_sha256 IS 'SHA-256 of the whole address of a file, in hexadecimal: entity_tag and last_modified are about that address. Null for other loads.';

--
-- Name: COLUMN load.entity_tag; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.entity_tag IS 'Header ETag of a file at an address. The next load sends it, and the server answers if it has the same file. Null if there was none.';

--
-- Name: COLUMN load.last_modified; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.last_modified IS 'Header Last-Modified of a file at an address, for the same purpose. Null if there was none.';

--
-- Name: COLUMN load.file_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.file_name IS 'Path of the file in the data folder, or key in the bucket, if elt.source.file is a pattern and the load has one file. Null for other loads.';

--
-- Name: COLUMN load.file_stamp; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.file_stamp IS 'What the file system or the bucket said about the file when it was read: if it says the same again, the file is not read again. Null if not known.';

--
-- Name: COLUMN load.batch_load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.batch_load_id IS 'First of the loads of small files that were staged together: one partition of the staging table, named for that load, has the rows of all. Null if the load was staged alone.';

--
-- Name: COLUMN load.replaced_by_load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load.replaced_by_load_id IS 'Load of the same file with new bytes that took the place of this one (mode append). Null if there is none.';

--
-- Name: load_state; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.load_state AS
 SELECT load.load_id,
    load.source,
        CASE
            WHEN ((load.state = ANY (ARRAY['copying'::text, 'staged'::text])) AND (alive.objid IS NULL)) THEN 'interrupted'::text
            ELSE load.state
        END AS state,
        CASE
            WHEN (load.state = 'purged'::text) THEN 'purged'::text
            WHEN (load.live_publish_id IS NOT NULL) THEN 'live'::text
            WHEN (load.rolled_back_at IS NOT NULL) THEN 'rolled back'::text
            WHEN ((load.state = ANY (ARRAY['copying'::text, 'staged'::text])) AND (alive.objid IS NULL)) THEN 'interrupted'::text
            ELSE load.state
        END AS state_in_words,
    (alive.objid IS NOT NULL) AS is_running,
    load.location,
    load.replay_location,
    load.started_at
   FROM (elt.load
     LEFT JOIN pg_locks alive ON (((COALESCE(load.batch_load_id, load.load_id) = (alive.objid)::bigint) AND (alive.locktype = 'advisory'::text) AND (alive.classid = (6646901)::oid) AND (alive.objsubid = 2) AND alive.granted AND (alive.mode = 'ExclusiveLock'::text) AND (alive.database = ( SELECT pg_database.oid
           FROM pg_database
          WHERE (pg_database.datname = current_database()))))));

--
-- Name: VIEW load_state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.load_state IS 'Every load with its state and what lists of loads filter by. elt.load_status has the rest.';

--
-- Name: COLUMN load_state.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.load_id IS 'Number of the load.';

--
-- Name: COLUMN load_state.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.source IS 'Source that was loaded.';

--
-- Name: COLUMN load_state.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.state IS 'State as in elt.load. Also interrupted if its program died and this is not recorded yet.';

--
-- Name: COLUMN load_state.state_in_words; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.state_in_words IS 'State for people: live, rolled back, or as state. A published load that another one replaced is published.';

--
-- Name: COLUMN load_state.is_running; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.is_running IS 'Whether its program is alive.';

--
-- Name: COLUMN load_state.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.location IS 'Path of the file, or address of the API.';

--
-- Name: COLUMN load_state.replay_location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.replay_location IS 'Path of the file of corrected rejects (elt load --replay). Null for other loads.';

--
-- Name: COLUMN load_state.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_state.started_at IS 'When it started.';

--
-- Name: reject; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.reject (
    load_id bigint NOT NULL,
    reject_number bigint NOT NULL,
    row_number bigint NOT NULL,
    line_number bigint NOT NULL,
    byte_offset bigint NOT NULL,
    reason text NOT NULL,
    raw bytea NOT NULL,
    page_number bigint,
    replaced_by_load_id bigint
);

--
-- Name: TABLE reject; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.reject IS 'Records that could not be staged, with their original bytes. May contain personal data: not for readers.';

--
-- Name: COLUMN reject.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.load_id IS 'Load that rejected the record.';

--
-- Name: COLUMN reject.reject_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.reject_number IS 'Number of the reject within the load, from 1.';

--
-- Name: COLUMN reject.row_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.row_number IS '_row that the record would have in staging: the first line of a CSV record, or the position of a JSON document in the file or over all pages.';

--
-- Name: COLUMN reject.line_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.line_number IS 'Line of the file or page where the record begins, from 1.';

--
-- Name: COLUMN reject.byte_offset; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.byte_offset IS 'Byte of the file or page where the record begins, from 0.';

--
-- Name: COLUMN reject.reason; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.reason IS 'Why the record was rejected.';

--
-- Name: COLUMN reject.raw; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.raw IS 'Original bytes of the record, without the line end. If they are UTF-8, read them with convert_from(raw, ''UTF8'').';

--
-- Name: COLUMN reject.page_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.page_number IS 'Page of the REST API that contains the record, from 1. Line and byte are then those within the page. Null for files.';

--
-- Name: COLUMN reject.replaced_by_load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.reject.replaced_by_load_id IS 'Load that contains a corrected record instead (elt load --replay). Null if there is none.';

--
-- Name: staging_leftover; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.staging_leftover AS
 WITH ranked AS (
         SELECT load.load_id,
            load.source,
            load.state,
            COALESCE(load.batch_load_id, load.load_id) AS staged_with,
            load.replaced_by_load_id,
            source.keep_loads,
            ((source.mode <> 'replace'::text) AND (load.state = 'published'::text) AND (load.live_publish_id IS NULL)) AS is_undone,
            row_number() OVER (PARTITION BY load.source, load.state, ((source.mode <> 'replace'::text) AND (load.live_publish_id IS NULL)) ORDER BY load.load_id DESC) AS newest,
            max(load.load_id) FILTER (WHERE (load.state = 'published'::text)) OVER (PARTITION BY load.source) AS latest_published
           FROM (elt.load
             JOIN elt.source ON ((load.source = source.source)))
          WHERE (load.staging_dropped_at IS NULL)
        ), reasons AS (
         SELECT ranked.load_id,
            ranked.staged_with,
                CASE
                    WHEN (ranked.load_id IN ( SELECT live_load.load_id
                       FROM elt.live_load)) THEN NULL::text
                    WHEN (ranked.replaced_by_load_id IN ( SELECT replacing.load_id
                       FROM ranked replacing
                      WHERE ((replacing.state = 'published'::text) AND (NOT replacing.is_undone) AND (replacing.newest <= replacing.keep_loads)))) THEN NULL::text
                    WHEN (ranked.state = ANY (ARRAY['failed'::text, 'interrupted'::text])) THEN format('it was %s'::text, ranked.state)
                    WHEN ((ranked.state = 'refused'::text) AND ((ranked.newest > 1) OR (ranked.load_id < ranked.latest_published))) THEN 'a later load was published or refused'::text
                    WHEN ((ranked.state = 'published'::text) AND ranked.is_undone) THEN 'it was rolled back or replaced'::text
                    WHEN ((ranked.state = 'published'::text) AND (ranked.newest > ranked.keep_loads)) THEN format('%s newer loads are kept'::text, ranked.keep_loads)
                    ELSE NULL::text
                END AS reason
           FROM ranked
        )
 SELECT reasons.load_id,
    reasons.reason
   FROM reasons
  WHERE ((reasons.reason IS NOT NULL) AND (NOT (EXISTS ( SELECT 1
           FROM reasons needed
          WHERE ((needed.staged_with = reasons.staged_with) AND (needed.reason IS NULL))))));

--
-- Name: VIEW staging_leftover; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.staging_leftover IS 'Loads whose rows elt gc or the next load drops from staging, and the reason.';

--
-- Name: COLUMN staging_leftover.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.staging_leftover.load_id IS 'Load.';

--
-- Name: COLUMN staging_leftover.reason; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.staging_leftover.reason IS 'Why its rows are no longer needed.';

--
-- Name: load_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.load_status AS
 SELECT load.load_id,
    load.source,
    load_state.state,
    (load.live_publish_id IS NOT NULL) AS is_live,
    load.location,
    load.rows_staged,
    load.rows_rejected,
    load.rows_purged,
    ( SELECT count(*) AS count
           FROM elt.reject
          WHERE ((reject.load_id = load.load_id) AND (reject.replaced_by_load_id IS NULL))) AS rejects_open,
        CASE
            WHEN ((load.staging_dropped_at IS NULL) AND (load.load_id = COALESCE(load.batch_load_id, load.load_id))) THEN ( SELECT (COALESCE(sum(pg_total_relation_size(tree.relid)), (0)::numeric))::bigint AS "coalesce"
               FROM (pg_class
                 CROSS JOIN LATERAL pg_partition_tree((pg_class.oid)::regclass) tree(relid, parentrelid, isleaf, level))
              WHERE ((pg_class.relnamespace = ('staging'::regnamespace)::oid) AND (pg_class.relname = ((load.source || '_load_'::text) || load.load_id))))
            ELSE (0)::bigint
        END AS staging_bytes,
    load.replayed_load_id,
    load.loaded_by,
    load.started_at,
    (COALESCE(load.finished_at,
        CASE
            WHEN load_state.is_running THEN now()
            ELSE NULL::timestamp with time zone
        END, load.staged_at, load.started_at) - load.started_at) AS duration,
    staging_leftover.reason AS leftover_reason,
    load.error,
    load.rolled_back_at,
    load.since_sent,
    load.since_value,
    load.changed_while_read,
    load_state.state_in_words,
        CASE
            WHEN (load.location ~ '^[a-z]+://'::text) THEN load.location
            ELSE COALESCE(NULLIF(regexp_replace(load.location, '^.*/'::text, ''::text), ''::text), load.location)
        END AS file,
    load.replay_location,
    load.size_bytes,
    load.rejects_purged,
    concat_ws('; '::text,
        CASE
            WHEN (load.replayed_load_id IS NOT NULL) THEN format('replays load %s with %s'::text, load.replayed_load_id, COALESCE(NULLIF(regexp_replace(load.replay_location, '^.*/'::text, ''::text), ''::text), load.replay_location))
            ELSE NULL::text
        END,
        CASE load.rows_purged
            WHEN 0 THEN NULL::text
            WHEN 1 THEN '1 row purged'::text
            ELSE (load.rows_purged || ' rows purged'::text)
        END,
        CASE load.rejects_purged
            WHEN 0 THEN NULL::text
            WHEN 1 THEN '1 reject purged'::text
            ELSE (load.rejects_purged || ' rejects purged'::text)
        END) AS note,
        CASE
            WHEN (length(split_part(load.error, '
'::text, 1)) > 300) THEN ("left"(load.error, 300) || '…'::text)
            ELSE split_part(load.error, '
'::text, 1)
        END AS error_line
   FROM ((elt.load
     JOIN elt.load_state ON ((load.load_id = load_state.load_id)))
     LEFT JOIN elt.staging_leftover ON ((load.load_id = staging_leftover.load_id)));

--
-- Name: VIEW load_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.load_status IS 'Every load: its state, whether it is live, and the space that it uses.';

--
-- Name: COLUMN load_status.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.load_id IS 'Number of the load.';

--
-- Name: COLUMN load_status.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.source IS 'Source that was loaded.';

--
-- Name: COLUMN load_status.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.state IS 'State as in elt.load. Also interrupted if its program died and this is not recorded yet.';

--
-- Name: COLUMN load_status.is_live; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.is_live IS 'Whether core and the views show its rows.';

--
-- Name: COLUMN load_status.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.location IS 'Path of the file, or address of the API.';

--
-- Name: COLUMN load_status.rows_staged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rows_staged IS 'Rows that were copied into staging. Null if it failed before that.';

--
-- Name: COLUMN load_status.rows_rejected; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rows_rejected IS 'Rejected records. Null if it failed before that.';

--
-- Name: COLUMN load_status.rows_purged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rows_purged IS 'How many of rows_staged were removed later (elt purge).';

--
-- Name: COLUMN load_status.rejects_open; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rejects_open IS 'How many of its rejected records are kept and not replaced yet.';

--
-- Name: COLUMN load_status.staging_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.staging_bytes IS 'Space of its rows in staging. For loads that were staged together (elt.load.batch_load_id), the first one has the space of all, and the others 0. 0 after they are dropped.';

--
-- Name: COLUMN load_status.replayed_load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.replayed_load_id IS 'Load whose rejects it corrects (elt load --replay). Null for other loads.';

--
-- Name: COLUMN load_status.loaded_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.loaded_by IS 'Database role that loaded it.';

--
-- Name: COLUMN load_status.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.started_at IS 'When it started.';

--
-- Name: COLUMN load_status.duration; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.duration IS 'How long it took, or has taken so far.';

--
-- Name: COLUMN load_status.leftover_reason; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.leftover_reason IS 'Why elt gc drops its rows from staging. Null if they are needed or already dropped.';

--
-- Name: COLUMN load_status.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.error IS 'Why it failed or was refused. Null otherwise.';

--
-- Name: COLUMN load_status.rolled_back_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rolled_back_at IS 'When elt rollback undid it. Null otherwise.';

--
-- Name: COLUMN load_status.since_sent; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.since_sent IS 'Value that was sent to an API to get only newer records. Null if everything was requested, and for files.';

--
-- Name: COLUMN load_status.since_value; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.since_value IS 'How far the load has read: the next load continues from this value.';

--
-- Name: COLUMN load_status.changed_while_read; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.changed_while_read IS 'What changed while the pages of an API were read, if it was accepted: rows may be missing.';

--
-- Name: COLUMN load_status.state_in_words; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.state_in_words IS 'State for people: live, rolled back, or as state. A published load that another one replaced is published.';

--
-- Name: COLUMN load_status.file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.file IS 'Name of the file without its folders, or address of the API.';

--
-- Name: COLUMN load_status.replay_location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.replay_location IS 'Path of the file of corrected rejects (elt load --replay). Null for other loads.';

--
-- Name: COLUMN load_status.size_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.size_bytes IS 'Bytes read. Null if it failed before that.';

--
-- Name: COLUMN load_status.rejects_purged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.rejects_purged IS 'How many of rows_rejected were removed later (elt purge).';

--
-- Name: COLUMN load_status.note; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.note IS 'Which load it replays and with which file, and what was purged of it. Empty for most loads.';

--
-- Name: COLUMN load_status.error_line; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_status.error_line IS 'First line of the error, at most 300 characters of it. Null if there is none.';

--
-- Name: load_finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.load_finding AS
 WITH partition AS (
         SELECT (pg_class.relname)::text AS name,
            ("substring"((pg_class.relname)::text, '_load_(\d+)$'::text))::bigint AS load_id
           FROM (((elt.source
             JOIN pg_class parent ON (((source.source = parent.relname) AND (parent.relnamespace = ('staging'::regnamespace)::oid))))
             JOIN pg_inherits ON ((parent.oid = pg_inherits.inhparent)))
             JOIN pg_class ON ((pg_inherits.inhrelid = pg_class.oid)))
          WHERE ((pg_class.relnamespace = ('staging'::regnamespace)::oid) AND (pg_class.relname ~ '_load_\d+$'::text))
        )
 SELECT 'load'::text AS area,
    format('load %s of %s is dead'::text, load.load_id, load.source) AS what,
    'advice'::text AS level,
    'Its program ended before it was published, and its rows use space. The next load drops them too.'::text AS why,
    'select elt.sweep()'::text AS statement
   FROM (elt.load
     JOIN elt.load_status ON ((load.load_id = load_status.load_id)))
  WHERE ((load.state = ANY (ARRAY['copying'::text, 'staged'::text])) AND (load_status.state = 'interrupted'::text))
UNION ALL
 SELECT 'load'::text AS area,
    format('load %s is no longer needed'::text, staging_leftover.load_id) AS what,
    'advice'::text AS level,
    format('Its rows use space in staging: %s. The next load drops them too.'::text, staging_leftover.reason) AS why,
    'select elt.sweep()'::text AS statement
   FROM (elt.staging_leftover
     JOIN partition ON ((staging_leftover.load_id = partition.load_id)))
UNION ALL
 SELECT 'load'::text AS area,
    format('table staging.%s belongs to no load'::text, partition.name) AS what,
    'advice'::text AS level,
    'It uses space, and elt gc does not find it: the record of its load is gone or says that it was dropped.'::text AS why,
    format('drop table staging.%I'::text, partition.name) AS statement
   FROM partition
  WHERE (NOT (EXISTS ( SELECT 1
           FROM elt.load
          WHERE ((COALESCE(load.batch_load_id, load.load_id) = partition.load_id) AND (load.staging_dropped_at IS NULL) AND (partition.name = ((load.source || '_load_'::text) || partition.load_id))))))
UNION ALL
 SELECT 'load'::text AS area,
    format('load %s of %s has no rows in staging'::text, load.load_id, load.source) AS what,
        CASE
            WHEN (load.live_publish_id IS NOT NULL) THEN 'problem'::text
            ELSE 'advice'::text
        END AS level,
    'Its record says that its rows exist, but they were dropped, so it cannot be published again. Core is not affected.'::text AS why,
    format('update elt.load set staging_dropped_at = now() where load_id = %s'::text, load.load_id) AS statement
   FROM (elt.load
     LEFT JOIN partition ON (((COALESCE(load.batch_load_id, load.load_id) = partition.load_id) AND (partition.name = ((load.source || '_load_'::text) || partition.load_id)))))
  WHERE ((load.staging_dropped_at IS NULL) AND (load.state <> ALL (ARRAY['copying'::text, 'purged'::text])) AND (partition.name IS NULL));

--
-- Name: VIEW load_finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.load_finding IS 'Dead loads, loads without their rows in staging, and staging tables without a load. Empty if there is no problem.';

--
-- Name: COLUMN load_finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_finding.area IS 'load.';

--
-- Name: COLUMN load_finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_finding.what IS 'What was found.';

--
-- Name: COLUMN load_finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_finding.level IS 'advice or problem.';

--
-- Name: COLUMN load_finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_finding.why IS 'Why it matters.';

--
-- Name: COLUMN load_finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_finding.statement IS 'The statement that fixes it.';

--
-- Name: right_finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.right_finding AS
 WITH abilities AS (
         SELECT (pg_has_role(pg_namespace.nspowner, 'member'::text) AND (NOT (EXISTS ( SELECT 1
                   FROM elt.own_relation
                  WHERE ((NOT pg_has_role((own_relation.owner_name)::name, 'member'::text)) OR ((pg_namespace.nspowner = (to_regrole('elt_migrate'::text))::oid) AND (own_relation.owner_name <> 'elt_migrate'::text))))))) AS migrates,
            (has_function_privilege('elt.publish_loads(bigint[], text, text)'::text, 'execute'::text) AND has_function_privilege('elt.open_staging(bigint, bigint)'::text, 'execute'::text)) AS loads,
            has_function_privilege('elt.claim_jobs(bigint, text[], bigint, interval)'::text, 'execute'::text) AS works,
            has_function_privilege('elt.session_account(bytea)'::text, 'execute'::text) AS serves,
            has_table_privilege('elt.source_status'::text, 'select'::text) AS reads
           FROM pg_namespace
          WHERE (pg_namespace.nspname = 'elt'::name)
        ), ability(rank, name, commands, holds) AS (
         SELECT listed.rank,
            listed.name,
            listed.commands,
            listed.holds
           FROM (abilities
             CROSS JOIN LATERAL ( VALUES (1,'elt_migrate'::text,'migrate, user, token, purge'::text,abilities.migrates), (2,'elt_load'::text,'load, run, check, rejects, rollback, gc'::text,abilities.loads), (3,'elt_read'::text,'status, loads, views, export'::text,abilities.reads), (4,'elt_worker'::text,'worker, jobs'::text,abilities.works), (5,'elt_web'::text,'serve'::text,abilities.serves)) listed(rank, name, commands, holds))
        ), lacking AS (
         SELECT grant_statement.role_name,
            count(*) AS statement_count,
            bool_and((grant_statement.part = 'right'::text)) AS is_owners
           FROM elt.grant_statement
          WHERE ((NOT grant_statement.is_done) AND (to_regrole(grant_statement.role_name) IS NOT NULL) AND (grant_statement.statement !~~ 'revoke %'::text) AND (grant_statement.statement !~~ '% to current_user'::text) AND ((grant_statement.part = 'right'::text) OR (EXISTS ( SELECT 1
                   FROM pg_namespace
                  WHERE ((pg_namespace.nspname = 'elt'::name) AND (pg_namespace.nspowner = (to_regrole('elt_migrate'::text))::oid))))))
          GROUP BY grant_statement.role_name
        ), too_much AS (
         SELECT DISTINCT own_relation.name,
                CASE granted.grantee
                    WHEN 0 THEN 'public'::text
                    ELSE 'elt_read'::text
                END AS grantee_name
           FROM (((elt.own_relation
             JOIN pg_class ON (((own_relation.relation_id)::oid = pg_class.oid)))
             JOIN pg_attribute ON ((pg_class.oid = pg_attribute.attrelid)))
             CROSS JOIN LATERAL aclexplode((pg_class.relacl || pg_attribute.attacl)) granted(grantor, grantee, privilege_type, is_grantable))
          WHERE ((granted.grantee = ANY (ARRAY[(0)::oid, (to_regrole('elt_read'::text))::oid])) AND (granted.privilege_type = 'SELECT'::text) AND (to_regrole('elt_read'::text) IS NOT NULL) AND (own_relation.schema_name <> 'public'::text) AND (NOT (EXISTS ( SELECT 1
                   FROM elt.role_right
                  WHERE ((role_right.role_name = 'elt_read'::text) AND (role_right.privilege = 'select'::text) AND (own_relation.schema_name = role_right.schema_name) AND (own_relation.relation_name = ANY (role_right.only_names)))))))
        )
 SELECT 'right'::text AS area,
    format('role %s'::text, CURRENT_USER) AS what,
    'ok'::text AS level,
    concat_ws('; '::text, ('may '::text || string_agg(ability.commands, ', '::text ORDER BY ability.rank) FILTER (WHERE ability.holds)), ('may not '::text || string_agg(format('%s (%s)'::text, ability.commands, ability.name), ', '::text ORDER BY ability.rank) FILTER (WHERE (NOT ability.holds)))) AS why,
    NULL::text AS statement,
    NULL::text[] AS command
   FROM ability
UNION ALL
 SELECT 'right'::text AS area,
    format('role %s lacks rights'::text, lacking.role_name) AS what,
    'problem'::text AS level,
    format('It cannot do its work. Missing statements: %s.'::text, lacking.statement_count) AS why,
        CASE
            WHEN lacking.is_owners THEN 'select elt.grant_roles()'::text
            ELSE 'elt grants --yes'::text
        END AS statement,
        CASE
            WHEN (NOT lacking.is_owners) THEN ARRAY['grants'::text, '--yes'::text]
            ELSE NULL::text[]
        END AS command
   FROM lacking
UNION ALL
 SELECT 'right'::text AS area,
    'role elt_web may write more than pages do'::text AS what,
    'problem'::text AS level,
    format('Not allowed by elt.admin_table: %s.'::text, string_agg(DISTINCT web_column.name, ', '::text ORDER BY web_column.name)) AS why,
    'select elt.grant_roles()'::text AS statement,
    NULL::text[] AS command
   FROM elt.web_column
  WHERE web_column.has_too_much
 HAVING (count(*) > 0)
UNION ALL
 SELECT 'right'::text AS area,
    format('role elt_read may read %s'::text, too_much.name) AS what,
    'problem'::text AS level,
    'It may contain personal data. elt_read must see only marts, and no data that they are computed from.'::text AS why,
    format('revoke all on %s from %s'::text, too_much.name, too_much.grantee_name) AS statement,
    NULL::text[] AS command
   FROM too_much
UNION ALL
 SELECT 'right'::text AS area,
    format('role elt_read is a member of %s'::text, (pg_auth_members.roleid)::regrole) AS what,
    'problem'::text AS level,
    'It inherits the rights of that role, but must see only marts.'::text AS why,
    format('revoke %s from elt_read'::text, (pg_auth_members.roleid)::regrole) AS statement,
    NULL::text[] AS command
   FROM pg_auth_members
  WHERE ((pg_auth_members.member = (to_regrole('elt_read'::text))::oid) AND (pg_auth_members.roleid IN ( SELECT (to_regrole(role_statement.role_name))::oid AS to_regrole
           FROM elt.role_statement)))
UNION ALL
 SELECT 'right'::text AS area,
    'all roles may create objects in schema public'::text AS what,
    'advice'::text AS level,
    'Any role that may connect can create a table or a function there that hides another one.'::text AS why,
    'revoke create on schema public from public'::text AS statement,
    NULL::text[] AS command
   FROM (pg_namespace
     CROSS JOIN LATERAL aclexplode(pg_namespace.nspacl) granted(grantor, grantee, privilege_type, is_grantable))
  WHERE ((pg_namespace.nspname = 'public'::name) AND (granted.grantee = (0)::oid) AND (granted.privilege_type = 'CREATE'::text));

--
-- Name: VIEW right_finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.right_finding IS 'Rights of the current role, and rights of elt''s roles that are missing or too many.';

--
-- Name: COLUMN right_finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.area IS 'right.';

--
-- Name: COLUMN right_finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.what IS 'What was checked.';

--
-- Name: COLUMN right_finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.level IS 'ok, advice or problem.';

--
-- Name: COLUMN right_finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.why IS 'What the role may do, or why it matters.';

--
-- Name: COLUMN right_finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.statement IS 'The statement that fixes it. Null if there is nothing to do.';

--
-- Name: COLUMN right_finding.command; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.right_finding.command IS 'Arguments of the elt command, if one fixes it.';

--
-- Name: server_finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.server_finding AS
 WITH rules(rank, name, bad_level, good, why) AS (
         VALUES (0,'default_transaction_read_only'::text,'problem'::text,'off'::text,'Nothing can be loaded, migrated or enqueued.'::text), (1,'fsync'::text,'problem'::text,'on'::text,'Without it, a crash of the machine can make the whole server unreadable.'::text), (2,'full_page_writes'::text,'problem'::text,'on'::text,'Without it, a crash of the machine can leave partly written pages.'::text), (3,'synchronous_commit'::text,'advice'::text,'on'::text,'A crash of the server can lose the last loads and jobs that were reported as done, but never a part of one.'::text), (4,'autovacuum'::text,'problem'::text,'on'::text,'Without it, tables only grow, statistics become outdated, and finally the server accepts no more writes.'::text), (5,'track_counts'::text,'problem'::text,'on'::text,'Without it, autovacuum does not know which tables to process.'::text), (6,'shared_buffers'::text,'advice'::text,'1GB'::text,'It is at most the default, 128 MB. A quarter of the memory of the machine is usual. A change takes effect after a restart of the server.'::text), (7,'work_mem'::text,'advice'::text,'64MB'::text,'It is small for core queries, which sort and compare all rows of a load and then use temporary files.'::text), (8,'max_wal_size'::text,'advice'::text,'4GB'::text,'It is small for bulk loads: checkpoints follow one another, and pages are written more than once.'::text), (9,'max_parallel_workers'::text,'advice'::text,'4'::text,'Queries cannot run in parallel.'::text), (10,'max_parallel_workers_per_gather'::text,'advice'::text,'2'::text,'Queries cannot run in parallel.'::text), (11,'jit'::text,'advice'::text,'off'::text,'The queries of loads, rules and pages take seconds, and compiling them costs more than it saves.'::text), (12,'statement_timeout'::text,'problem'::text,'0'::text,'It cancels a COPY or a publish that takes longer, as large ones do.'::text), (13,'transaction_timeout'::text,'problem'::text,'0'::text,'It cancels a load or an export that takes longer, as large ones do.'::text), (14,'idle_in_transaction_session_timeout'::text,'problem'::text,'0'::text,'It cancels exports: one session holds the snapshot and is idle while others write the files.'::text), (15,'lock_timeout'::text,'advice'::text,'0'::text,'It cancels a load that waits until another one has published.'::text)
        ), settings AS (
         SELECT rules.rank,
            rules.name,
            rules.bad_level,
            rules.good,
            rules.why,
            pg_settings.source,
            pg_settings.context,
            current_setting(rules.name) AS value,
                CASE rules.name
                    WHEN 'shared_buffers'::text THEN ((pg_settings.setting)::bigint <= 16384)
                    WHEN 'work_mem'::text THEN ((pg_settings.setting)::bigint < 16384)
                    WHEN 'max_wal_size'::text THEN ((pg_settings.setting)::bigint < 2048)
                    WHEN 'max_parallel_workers'::text THEN ((pg_settings.setting)::bigint = 0)
                    WHEN 'max_parallel_workers_per_gather'::text THEN ((pg_settings.setting)::bigint = 0)
                    WHEN 'lock_timeout'::text THEN (((pg_settings.setting)::bigint >= 1) AND ((pg_settings.setting)::bigint <= 59999))
                    WHEN 'statement_timeout'::text THEN (((pg_settings.setting)::bigint >= 1) AND ((pg_settings.setting)::bigint <= 3599999))
                    WHEN 'transaction_timeout'::text THEN (((pg_settings.setting)::bigint >= 1) AND ((pg_settings.setting)::bigint <= 3599999))
                    WHEN 'idle_in_transaction_session_timeout'::text THEN (((pg_settings.setting)::bigint >= 1) AND ((pg_settings.setting)::bigint <= 3599999))
                    WHEN 'synchronous_commit'::text THEN (pg_settings.setting = 'off'::text)
                    ELSE (pg_settings.setting <> rules.good)
                END AS is_bad
           FROM (rules
             JOIN pg_settings ON ((rules.name = pg_settings.name)))
        ), this AS (
         SELECT pg_database.oid,
            pg_database.datname,
            pg_encoding_to_char(pg_database.encoding) AS encoding,
            pg_database.datcollate,
            pg_database.datcollversion,
            pg_database_collation_actual_version(pg_database.oid) AS actual_version,
            COALESCE((pg_database.datcollversion <> pg_database_collation_actual_version(pg_database.oid)), false) AS is_collation_old,
            (age(pg_database.datfrozenxid))::bigint AS frozen_age
           FROM pg_database
          WHERE (pg_database.datname = current_database())
        ), findings AS (
         SELECT 1 AS step,
            0 AS rank,
            'version'::text AS area,
            ('PostgreSQL '::text || current_setting('server_version'::text)) AS what,
                CASE
                    WHEN ((current_setting('server_version_num'::text))::bigint < 150000) THEN 'problem'::text
                    ELSE 'ok'::text
                END AS level,
                CASE
                    WHEN ((current_setting('server_version_num'::text))::bigint < 150000) THEN 'elt needs version 15 or newer. Older versions are no longer maintained, and elt is not tested on them.'::text
                    ELSE 'elt needs version 15 or newer.'::text
                END AS why,
            NULL::text AS statement
        UNION ALL
         SELECT 2 AS step,
            settings.rank,
            'setting'::text AS area,
            format('%s = %s'::text, settings.name, settings.value) AS what,
                CASE
                    WHEN settings.is_bad THEN settings.bad_level
                    ELSE 'ok'::text
                END AS level,
                CASE
                    WHEN settings.is_bad THEN concat_ws(' '::text, settings.why,
                    CASE settings.source
                        WHEN 'client'::text THEN 'It is set by the connection: look for options in the connection string, or PGOPTIONS.'::text
                        WHEN 'command line'::text THEN 'It is set on the command line of the server.'::text
                        WHEN 'environment variable'::text THEN 'It is set in the environment of the server.'::text
                        ELSE NULL::text
                    END)
                    ELSE NULL::text
                END AS why,
                CASE
                    WHEN settings.is_bad THEN (
                    CASE
                        WHEN (settings.name = 'default_transaction_read_only'::text) THEN 'set default_transaction_read_only to off;
'::text
                        ELSE ''::text
                    END ||
                    CASE
                        WHEN (settings.source = 'database'::text) THEN format('alter database %I reset %I'::text, current_database(), settings.name)
                        WHEN (settings.source = 'user'::text) THEN format('alter role %I reset %I'::text, SESSION_USER, settings.name)
                        WHEN (settings.source = 'database user'::text) THEN format('alter role %I in database %I reset %I'::text, SESSION_USER, current_database(), settings.name)
                        WHEN (settings.source = 'global'::text) THEN format('alter role all reset %I'::text, settings.name)
                        WHEN (settings.source = ANY (ARRAY['client'::text, 'command line'::text, 'environment variable'::text])) THEN NULL::text
                        WHEN (settings.context = ANY (ARRAY['user'::text, 'superuser'::text])) THEN format('alter database %I set %I = %L'::text, current_database(), settings.name, settings.good)
                        WHEN (settings.context = 'sighup'::text) THEN format('alter system set %I = %L;
select pg_reload_conf()'::text, settings.name, settings.good)
                        ELSE format('alter system set %I = %L'::text, settings.name, settings.good)
                    END)
                    ELSE NULL::text
                END AS statement
           FROM settings
        UNION ALL
         SELECT 3 AS step,
            1 AS rank,
            'encoding'::text AS area,
            ('encoding '::text || (this.encoding)::text) AS what,
                CASE
                    WHEN (this.encoding = 'UTF8'::name) THEN 'ok'::text
                    ELSE 'problem'::text
                END AS level,
                CASE
                    WHEN (this.encoding <> 'UTF8'::name) THEN 'elt needs UTF8: a single character that the encoding lacks would fail a whole load. The encoding of a database cannot be changed: create another database and use that.'::text
                    ELSE NULL::text
                END AS why,
                CASE
                    WHEN (this.encoding <> 'UTF8'::name) THEN format('create database %I template template0 encoding ''UTF8'' locale ''C'''::text, ((this.datname)::text || '_utf8'::text))
                    ELSE NULL::text
                END AS statement
           FROM this
        UNION ALL
         SELECT 3 AS step,
            2 AS rank,
            'encoding'::text AS area,
            ('collation '::text || this.datcollate) AS what,
                CASE
                    WHEN this.is_collation_old THEN 'problem'::text
                    ELSE 'ok'::text
                END AS level,
                CASE
                    WHEN this.is_collation_old THEN format('The operating system now sorts by version %s, but text indexes were built with version %s: queries may miss rows, and keys may be duplicated.'::text, this.actual_version, this.datcollversion)
                    ELSE NULL::text
                END AS why,
                CASE
                    WHEN this.is_collation_old THEN format('reindex database %1$I;
alter database %1$I refresh collation version'::text, this.datname)
                    ELSE NULL::text
                END AS statement
           FROM this
        UNION ALL
         SELECT 4 AS step,
            1 AS rank,
            'disk'::text AS area,
            ('size of the database: '::text || pg_size_pretty(pg_database_size(this.oid))) AS what,
            'ok'::text AS level,
            NULL::text AS why,
            NULL::text AS statement
           FROM this
          WHERE has_database_privilege(this.oid, 'connect'::text)
        UNION ALL
         SELECT 5 AS step,
            1 AS rank,
            'vacuum'::text AS area,
            format('oldest row not frozen: %s transactions old'::text, this.frozen_age) AS what,
                CASE
                    WHEN (this.frozen_age > 1000000000) THEN 'problem'::text
                    ELSE 'ok'::text
                END AS level,
                CASE
                    WHEN (this.frozen_age > 1000000000) THEN 'At 2,000 million the server accepts no more writes, and autovacuum has not kept up. Look for old transactions and prepared transactions.'::text
                    ELSE NULL::text
                END AS why,
                CASE
                    WHEN (this.frozen_age > 1000000000) THEN 'vacuum (freeze)'::text
                    ELSE NULL::text
                END AS statement
           FROM this
        )
 SELECT row_number() OVER (ORDER BY findings.step, findings.rank, findings.what) AS place,
    findings.area,
    findings.what,
    findings.level,
    findings.why,
    findings.statement
   FROM findings;

--
-- Name: VIEW server_finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.server_finding IS 'Checks of the server, its settings and the database. elt.finding has these and more.';

--
-- Name: COLUMN server_finding.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.place IS 'Order in which to read them.';

--
-- Name: COLUMN server_finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.area IS 'version, setting, encoding, disk or vacuum.';

--
-- Name: COLUMN server_finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.what IS 'What was checked, and its value.';

--
-- Name: COLUMN server_finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.level IS 'ok, advice or problem.';

--
-- Name: COLUMN server_finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.why IS 'Why it matters. Null if there is nothing to explain.';

--
-- Name: COLUMN server_finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.server_finding.statement IS 'How to fix it: one SQL statement, rarely two on separate lines to run in the same session, or an elt command. Null if there is nothing to do or no statement fixes it.';

--
-- Name: vacuum_finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.vacuum_finding AS
 SELECT 'vacuum'::text AS area,
    format('%s: dead rows: %s'::text, own_relation.name, sum(pg_stat_user_tables.n_dead_tup)) AS what,
    'advice'::text AS level,
    format('There are %s live rows, and each scan of the table reads the dead ones too. Autovacuum has not run or could not remove them.'::text, sum(pg_stat_user_tables.n_live_tup)) AS why,
    format('vacuum (analyze) %s'::text, own_relation.name) AS statement
   FROM (pg_stat_user_tables
     JOIN elt.own_relation ON (((COALESCE(pg_partition_root((pg_stat_user_tables.relid)::regclass), (pg_stat_user_tables.relid)::regclass))::oid = (own_relation.relation_id)::oid)))
  GROUP BY own_relation.name
 HAVING ((sum(pg_stat_user_tables.n_dead_tup) > (10000)::numeric) AND (sum(pg_stat_user_tables.n_dead_tup) > (sum(pg_stat_user_tables.n_live_tup) / (2)::numeric)))
UNION ALL
 SELECT 'vacuum'::text AS area,
    format('transaction of %s (process %s), %s'::text, activity.usename, activity.pid, activity.application_name) AS what,
    'advice'::text AS level,
    format('It has been open since %s and is %s: rows that died since then cannot be removed.'::text, to_char(activity.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ'::text), activity.state) AS why,
    format('select pg_terminate_backend(%s)'::text, activity.pid) AS statement
   FROM pg_stat_activity activity
  WHERE ((activity.datname = current_database()) AND (activity.backend_type = 'client backend'::text) AND (activity.pid <> pg_backend_pid()) AND (activity.xact_start < (clock_timestamp() - (COALESCE(NULLIF(current_setting('elt.long_transaction'::text, true), ''::text), '1 hour'::text))::interval)))
UNION ALL
 SELECT 'vacuum'::text AS area,
    format('prepared transaction %s of %s'::text, prepared.gid, prepared.owner) AS what,
    'advice'::text AS level,
    format('It was prepared at %s and neither committed nor rolled back: rows that died since then cannot be removed.'::text, to_char(prepared.prepared, 'YYYY-MM-DD HH24:MI:SS TZ'::text)) AS why,
    format('rollback prepared %L'::text, prepared.gid) AS statement
   FROM pg_prepared_xacts prepared
  WHERE ((prepared.database = current_database()) AND (prepared.prepared < (clock_timestamp() - (COALESCE(NULLIF(current_setting('elt.long_transaction'::text, true), ''::text), '1 hour'::text))::interval)));

--
-- Name: VIEW vacuum_finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.vacuum_finding IS 'Tables with many dead rows, and transactions that have been open for long. Empty if there is no problem.';

--
-- Name: COLUMN vacuum_finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.vacuum_finding.area IS 'vacuum.';

--
-- Name: COLUMN vacuum_finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.vacuum_finding.what IS 'What was found.';

--
-- Name: COLUMN vacuum_finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.vacuum_finding.level IS 'advice.';

--
-- Name: COLUMN vacuum_finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.vacuum_finding.why IS 'Why it matters.';

--
-- Name: COLUMN vacuum_finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.vacuum_finding.statement IS 'The statement that fixes it.';

--
-- Name: finding; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.finding AS
 WITH findings AS (
         SELECT 1 AS step,
            server_finding.place AS rank,
            server_finding.area,
            server_finding.what,
            server_finding.level,
            server_finding.why,
            server_finding.statement,
            NULL::text[] AS command
           FROM elt.server_finding
        UNION ALL
         SELECT 2 AS step,
            0 AS rank,
            right_finding.area,
            right_finding.what,
            right_finding.level,
            right_finding.why,
            right_finding.statement,
            right_finding.command
           FROM elt.right_finding
        UNION ALL
         SELECT 3 AS step,
            0 AS rank,
            load_finding.area,
            load_finding.what,
            load_finding.level,
            load_finding.why,
            load_finding.statement,
            NULL::text[] AS command
           FROM elt.load_finding
        UNION ALL
         SELECT 4 AS step,
            0 AS rank,
            job_finding.area,
            job_finding.what,
            job_finding.level,
            job_finding.why,
            job_finding.statement,
            job_finding.command
           FROM elt.job_finding
        UNION ALL
         SELECT 5 AS step,
            0 AS rank,
            vacuum_finding.area,
            vacuum_finding.what,
            vacuum_finding.level,
            vacuum_finding.why,
            vacuum_finding.statement,
            NULL::text[] AS command
           FROM elt.vacuum_finding
        UNION ALL
         SELECT 6 AS step,
            0 AS rank,
            cluster_finding.area,
            cluster_finding.what,
            cluster_finding.level,
            cluster_finding.why,
            cluster_finding.statement,
            cluster_finding.command
           FROM elt.cluster_finding() cluster_finding(area, what, level, why, statement, command)
        UNION ALL
         SELECT well.step,
            0 AS rank,
            well.area,
            well.what,
            'ok'::text AS level,
            NULL::text AS why,
            NULL::text AS statement,
            NULL::text[] AS command
           FROM ( VALUES (3,'load'::text,'loads and staging know of each other'::text,(EXISTS ( SELECT
                           FROM elt.load_finding))), (4,'job'::text,'workers and queues'::text,(EXISTS ( SELECT
                           FROM elt.job_finding))), (5,'vacuum'::text,'tables and transactions'::text,(EXISTS ( SELECT
                           FROM elt.vacuum_finding)))) well(step, area, what, is_found)
          WHERE (NOT well.is_found)
        )
 SELECT row_number() OVER (ORDER BY findings.step, findings.rank, findings.what) AS place,
    findings.area,
    findings.what,
    findings.level,
    findings.why,
    findings.statement,
    findings.command
   FROM findings;

--
-- Name: VIEW finding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.finding IS 'Checks of the server, settings, rights, loads, jobs, space and Citus, with problems and advice. elt doctor prints them and adds checks that only a client can make.';

--
-- Name: COLUMN finding.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.place IS 'Order in which to read them.';

--
-- Name: COLUMN finding.area; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.area IS 'version, setting, encoding, disk, right, load, job, vacuum or cluster.';

--
-- Name: COLUMN finding.what; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.what IS 'What was checked, and its value.';

--
-- Name: COLUMN finding.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.level IS 'ok, advice (could be better) or problem (something does not work, or data may be lost).';

--
-- Name: COLUMN finding.why; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.why IS 'Why it matters. Null if there is nothing to explain.';

--
-- Name: COLUMN finding.statement; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.statement IS 'How to fix it: one SQL statement, rarely two on separate lines to run in the same session, or an elt command. Null if there is nothing to do or no statement fixes it.';

--
-- Name: COLUMN finding.command; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.finding.command IS 'Arguments of the elt command that fixes it, without the flags for project and database.';

--
-- Name: relation; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.relation AS
 SELECT (pg_class.oid)::bigint AS relation_id,
    (pg_namespace.nspname)::text AS schema_name,
    (pg_class.relname)::text AS relation_name,
        CASE pg_class.relkind
            WHEN 'v'::"char" THEN 'view'::text
            ELSE 'table'::text
        END AS kind,
    COALESCE(obj_description(pg_class.oid, 'pg_class'::name), ''::text) AS description,
        CASE
            WHEN (pg_class.relkind <> 'v'::"char") THEN elt.row_estimate((pg_class.oid)::regclass)
            ELSE NULL::bigint
        END AS row_estimate,
    COALESCE(( SELECT array_agg((pg_attribute.attname)::text ORDER BY key_column.place) AS array_agg
           FROM ((pg_index
             CROSS JOIN LATERAL unnest((pg_index.indkey)::smallint[]) WITH ORDINALITY key_column(attnum, place))
             JOIN pg_attribute ON (((pg_index.indrelid = pg_attribute.attrelid) AND (key_column.attnum = pg_attribute.attnum))))
          WHERE ((pg_index.indrelid = pg_class.oid) AND pg_index.indisprimary)), '{}'::text[]) AS key_columns
   FROM (pg_class
     JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
  WHERE ((pg_class.relkind = ANY (ARRAY['r'::"char", 'v'::"char", 'p'::"char"])) AND (NOT pg_class.relispartition) AND (pg_namespace.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'staging'::name, 'elt'::name])) AND has_table_privilege(pg_class.oid, 'select'::text) AND ((pg_namespace.nspname <> 'public'::name) OR (pg_class.relowner = ( SELECT engine.nspowner
           FROM pg_namespace engine
          WHERE (engine.nspname = 'elt'::name))) OR ((pg_class.oid)::bigint IN ( SELECT own_relation.relation_id
           FROM elt.own_relation))) AND ((pg_namespace.nspname <> 'elt'::name) OR (pg_class.relname <> ALL (ARRAY['account'::name, 'session'::name, 'api_token'::name, 'device'::name, 'sign_in'::name, 'sent_form'::name, 'earlier_row'::name, 'audit'::name]))));

--
-- Name: VIEW relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.relation IS 'Tables and views of the project and the engine, with their comments.';

--
-- Name: COLUMN relation.relation_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.relation_id IS 'Its oid.';

--
-- Name: COLUMN relation.schema_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.schema_name IS 'Schema.';

--
-- Name: COLUMN relation.relation_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.relation_name IS 'Name.';

--
-- Name: COLUMN relation.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.kind IS 'table or view.';

--
-- Name: COLUMN relation.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.description IS 'Comment of the table or view.';

--
-- Name: COLUMN relation.row_estimate; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.row_estimate IS 'Estimated number of rows of a table, from the statistics of PostgreSQL. Null for views.';

--
-- Name: COLUMN relation.key_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation.key_columns IS 'Columns of the primary key, in order. Empty if there is none.';

--
-- Name: help; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.help AS
 WITH topics(place, topic, schema_name, names) AS (
         VALUES (1,'results: what to query'::text,'public'::text,NULL::text[]), (2,'problems: rows that a rule found'::text,'quality'::text,NULL::text[]), (3,'loads: what was loaded, when and how much'::text,'elt'::text,ARRAY['source_status'::text, 'load_status'::text, 'load_fact'::text, 'load_change'::text, 'purge_status'::text, 'rule_status'::text, 'reject'::text, 'publish'::text, 'publish_change'::text]), (4,'typed and cleaned rows'::text,'core'::text,NULL::text[]), (5,'raw rows, as they were loaded'::text,'staging'::text,NULL::text[]), (6,'settings, history and the queue'::text,'elt'::text,ARRAY['source'::text, 'rest_source'::text, 'view_version'::text, 'lineage'::text, 'schedule'::text, 'job_status'::text, 'queue_status'::text, 'worker_status'::text, 'change'::text, 'finding'::text, 'role_right'::text])
        ), relations AS (
         SELECT topics.place,
            topics.topic,
            format('%s.%s'::text, relation.schema_name, relation.relation_name) AS name,
            relation.description,
            format('select * from %I.%I limit 10;'::text, relation.schema_name, relation.relation_name) AS example,
            COALESCE(array_position(topics.names, relation.relation_name), 0) AS rank
           FROM (topics
             JOIN elt.relation ON (((topics.schema_name = relation.schema_name) AND ((topics.names IS NULL) OR (relation.relation_name = ANY (topics.names))))))
        ), functions(place, topic, name, description, example, rank) AS (
         VALUES (7,'functions'::text,'elt.origin(_load_id, _row)'::text,'File and line that a row came from.'::text,'select elt.origin(_load_id, _row), * from quality.rows_rejected limit 10;'::text,1), (7,'functions'::text,'elt.run_rules()'::text,'Runs all rules on the live data, with samples.'::text,'select rule, level, violation_count, description from elt.run_rules();'::text,2), (7,'functions'::text,'elt.enqueue(kind)'::text,'Enqueues a background job as part of the transaction.'::text,'select elt.enqueue(''pipeline'');'::text,3)
        )
 SELECT guide.topic,
    guide.name,
    guide.description,
    guide.example
   FROM ( SELECT relations.place,
            relations.topic,
            relations.name,
            relations.description,
            relations.example,
            relations.rank
           FROM relations
        UNION ALL
         SELECT functions.place,
            functions.topic,
            functions.name,
            functions.description,
            functions.example,
            functions.rank
           FROM functions) guide
  ORDER BY guide.place, guide.rank, guide.name;

--
-- Name: VIEW help; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.help IS 'Overview: each table and view that you may read, with its description and an example query. To read it, run: table elt.help; (\x on makes it readable), or \dv+ public.*';

--
-- Name: COLUMN help.topic; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.help.topic IS 'Topic.';

--
-- Name: COLUMN help.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.help.name IS 'Schema and name.';

--
-- Name: COLUMN help.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.help.description IS 'Its comment.';

--
-- Name: COLUMN help.example; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.help.example IS 'Example statement.';

--
-- Name: incomplete_core_query; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.incomplete_core_query AS
 SELECT filled_table.core_query_name,
    filled_table.table_name,
    string_agg(quote_ident((own.attname)::text), ', '::text ORDER BY own.attnum) AS column_names
   FROM (elt.filled_table
     JOIN pg_attribute own ON (((filled_table.filled)::oid = own.attrelid)))
  WHERE ((own.attnum > 0) AND (NOT own.attisdropped) AND (own.attgenerated = ''::"char") AND (NOT (EXISTS ( SELECT 1
           FROM pg_attribute theirs
          WHERE ((theirs.attrelid = (to_regclass(filled_table.core_query_name))::oid) AND (theirs.attname = own.attname) AND (theirs.attnum > 0) AND (NOT theirs.attisdropped))))))
  GROUP BY filled_table.core_query_name, filled_table.table_name;

--
-- Name: VIEW incomplete_core_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.incomplete_core_query IS 'Core queries that lack columns of the table that they fill. Their sources cannot be published.';

--
-- Name: COLUMN incomplete_core_query.core_query_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.incomplete_core_query.core_query_name IS 'Schema and name of the core query.';

--
-- Name: COLUMN incomplete_core_query.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.incomplete_core_query.table_name IS 'Schema and name of the table.';

--
-- Name: COLUMN incomplete_core_query.column_names; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.incomplete_core_query.column_names IS 'Missing columns, in the order of the table.';

--
-- Name: job_argument; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.job_argument (
    kind text NOT NULL,
    argument text NOT NULL,
    place bigint DEFAULT 0 NOT NULL,
    type text DEFAULT 'text'::text NOT NULL,
    is_list boolean DEFAULT false NOT NULL,
    is_required boolean DEFAULT false NOT NULL,
    choices text[],
    choice_table text,
    choice_column text,
    default_value jsonb,
    description text NOT NULL,
    CONSTRAINT job_argument_choice_table_has_a_column CHECK (((choice_table IS NULL) = (choice_column IS NULL))),
    CONSTRAINT job_argument_choice_table_has_a_schema CHECK ((choice_table ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT job_argument_choices_given_once CHECK (((choices IS NULL) OR (choice_table IS NULL))),
    CONSTRAINT job_argument_choices_not_empty CHECK ((choices <> '{}'::text[])),
    CONSTRAINT job_argument_is_a_name CHECK ((argument ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT job_argument_type_known CHECK ((type = ANY (ARRAY['text'::text, 'integer'::text, 'number'::text, 'boolean'::text, 'date'::text, 'time'::text, 'interval'::text, 'json'::text])))
);

--
-- Name: TABLE job_argument; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.job_argument IS 'Arguments of the kinds of jobs: elt jobs enqueue and the forms of the web application check them. A kind without rows here takes any JSON object.';

--
-- Name: COLUMN job_argument.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.kind IS 'Kind of job.';

--
-- Name: COLUMN job_argument.argument; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.argument IS 'Name of the argument.';

--
-- Name: COLUMN job_argument.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.place IS 'Position among the others; lower ones first.';

--
-- Name: COLUMN job_argument.type; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.type IS 'text, integer, number, boolean, date (2026-11-30), time (with its zone: 2026-11-30T17:30:00Z), interval (30 days) or json.';

--
-- Name: COLUMN job_argument.is_list; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.is_list IS 'Whether the argument is a list of such values.';

--
-- Name: COLUMN job_argument.is_required; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.is_required IS 'Whether the argument must be given.';

--
-- Name: COLUMN job_argument.choices; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.choices IS 'The allowed values. Null for any.';

--
-- Name: COLUMN job_argument.choice_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.choice_table IS 'Schema and name of the table whose rows are the allowed values. Null if there is none.';

--
-- Name: COLUMN job_argument.choice_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.choice_column IS 'Column of that table.';

--
-- Name: COLUMN job_argument.default_value; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.default_value IS 'The value that applies if the argument is not given. Null if there is none.';

--
-- Name: COLUMN job_argument.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_argument.description IS 'What the argument does.';

--
-- Name: job_attempt; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.job_attempt (
    job_id bigint NOT NULL,
    claim_number bigint NOT NULL,
    worker_id bigint NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    outcome text,
    error text,
    sqlstate text,
    due_at timestamp with time zone,
    CONSTRAINT job_attempt_has_an_outcome_in_the_end CHECK (((outcome IS NULL) = (finished_at IS NULL))),
    CONSTRAINT job_attempt_outcome_known CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text, 'released'::text, 'lost'::text])))
);

--
-- Name: TABLE job_attempt; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.job_attempt IS 'Attempts: one row for each time that a worker claimed a job.';

--
-- Name: COLUMN job_attempt.job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.job_id IS 'Job.';

--
-- Name: COLUMN job_attempt.claim_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.claim_number IS 'Number of the attempt within the job, from 1.';

--
-- Name: COLUMN job_attempt.worker_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.worker_id IS 'Worker that claimed the job.';

--
-- Name: COLUMN job_attempt.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.started_at IS 'When the worker claimed the job.';

--
-- Name: COLUMN job_attempt.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.finished_at IS 'When the attempt ended. Null while it is running.';

--
-- Name: COLUMN job_attempt.outcome; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.outcome IS 'succeeded, failed or cancelled; released: the worker stopped and returned it; lost: the worker died.';

--
-- Name: COLUMN job_attempt.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.error IS 'Why the attempt failed.';

--
-- Name: COLUMN job_attempt.sqlstate; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.sqlstate IS 'SQLSTATE of the failure, if it has one.';

--
-- Name: COLUMN job_attempt.due_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_attempt.due_at IS 'Since when the job could have been claimed. It waited from then until started_at. Null for attempts of earlier versions.';

--
-- Name: job_file; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.job_file AS
 WITH written AS (
         SELECT job.job_id,
            job.finished_at,
            (job.result ->> 'folder'::text) AS folder,
            (written_1.value ->> 'file'::text) AS file,
            (written_1.value ->> 'sha256'::text) AS sha256,
            ((written_1.value ->> 'rows'::text))::bigint AS row_count,
            ((written_1.value ->> 'bytes'::text))::bigint AS byte_count,
            written_1.place
           FROM (elt.job
             CROSS JOIN LATERAL jsonb_array_elements(((job.result -> 'export'::text) -> 'files'::text)) WITH ORDINALITY written_1(value, place))
          WHERE ((job.result ->> 'folder'::text) IS NOT NULL)
        )
 SELECT written.job_id,
    written.place,
    written.file,
    written.folder,
    written.sha256,
    written.row_count,
    written.byte_count,
        CASE
            WHEN (latest.sha256 <> written.sha256) THEN latest.job_id
            ELSE NULL::bigint
        END AS replaced_by
   FROM (written
     LEFT JOIN LATERAL ( SELECT job.job_id,
            (later.value ->> 'sha256'::text) AS sha256
           FROM (elt.job
             CROSS JOIN LATERAL jsonb_array_elements(((job.result -> 'export'::text) -> 'files'::text)) later(value))
          WHERE ((job.result ? 'folder'::text) AND ((job.result ->> 'folder'::text) = written.folder) AND (job.finished_at > written.finished_at) AND ((later.value ->> 'file'::text) = written.file))
          ORDER BY job.finished_at DESC
         LIMIT 1) latest ON (true));

--
-- Name: VIEW job_file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.job_file IS 'Files that jobs wrote, and which later job replaced them.';

--
-- Name: COLUMN job_file.job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.job_id IS 'Job that wrote the file.';

--
-- Name: COLUMN job_file.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.place IS 'Position among the files of the job, from 1.';

--
-- Name: COLUMN job_file.file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.file IS 'Name of the file.';

--
-- Name: COLUMN job_file.folder; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.folder IS 'Folder of the file on the worker''s machine.';

--
-- Name: COLUMN job_file.sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.sha256 IS 'SHA-256 of the written bytes.';

--
-- Name: COLUMN job_file.row_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.row_count IS 'Number of rows.';

--
-- Name: COLUMN job_file.byte_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.byte_count IS 'Size in bytes.';

--
-- Name: COLUMN job_file.replaced_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_file.replaced_by IS 'The last job that wrote the file after this one, if it wrote other bytes. Null if the bytes are the same, or if no job wrote it since.';

--
-- Name: job_job_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.job ALTER COLUMN job_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.job_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: job_request; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.job_request AS
 SELECT ((change.row_key ->> 'job_id'::text))::bigint AS job_id,
    change.changed_at AS requested_at,
        CASE (change.new_values ->> 'state'::text)
            WHEN 'queued'::text THEN 'retry'::text
            ELSE 'cancel'::text
        END AS request,
    COALESCE(change.account_name, change.role_name) AS requested_by
   FROM elt.change
  WHERE ((change.table_name = 'elt.job'::text) AND (change.operation = 'update'::text));

--
-- Name: VIEW job_request; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.job_request IS 'Requests to cancel or retry jobs.';

--
-- Name: COLUMN job_request.job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_request.job_id IS 'Job.';

--
-- Name: COLUMN job_request.requested_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_request.requested_at IS 'Time of the request.';

--
-- Name: COLUMN job_request.request; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_request.request IS 'cancel or retry.';

--
-- Name: COLUMN job_request.requested_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_request.requested_by IS 'Account of the web application, or the database role if the request did not come from it.';

--
-- Name: job_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.job_status AS
 SELECT job.job_id,
    job.kind,
    job.queue,
    job.state,
    job.priority,
    job.attempt_count,
    job.max_attempts,
    job.time_limit,
    worker.host,
    worker.process_id,
    job.dedup_key,
    job.error,
    job.created_by,
    job.args,
    job.progress,
    job.result,
    ((job.cancel_requested_at IS NOT NULL) AND (job.state = 'running'::text)) AS is_being_cancelled,
    job.run_at,
    job.created_at,
    job.started_at,
    job.finished_at,
    job.worker_id,
    job.account_name,
    job.role_name,
    job.schedule,
    job.cause_table,
    job.cause_key,
    concat_ws(', '::text, ('schedule '::text || job.schedule), ((('row '::text || ( SELECT string_agg(key_part.value, ', '::text ORDER BY key_part.key) AS string_agg
           FROM jsonb_each_text(job.cause_key) key_part(key, value))) || ' of '::text) || job.cause_table), COALESCE(('account '::text || job.account_name), ('role '::text || job.role_name),
        CASE
            WHEN (job.schedule IS NULL) THEN job.created_by
            ELSE NULL::text
        END)) AS cause,
        CASE
            WHEN (job.state = 'running'::text) THEN (now() - job.started_at)
            WHEN ((job.finished_at IS NOT NULL) AND (job.started_at >= job.run_at)) THEN (job.finished_at - job.started_at)
            ELSE NULL::interval
        END AS duration
   FROM (elt.job
     LEFT JOIN elt.worker ON ((job.worker_id = worker.worker_id)));

--
-- Name: VIEW job_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.job_status IS 'Jobs, with the worker that runs them.';

--
-- Name: COLUMN job_status.job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.job_id IS 'Number of the job.';

--
-- Name: COLUMN job_status.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.kind IS 'Kind of job.';

--
-- Name: COLUMN job_status.queue; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.queue IS 'Queue of the job.';

--
-- Name: COLUMN job_status.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.state IS 'queued, running, succeeded, dead or cancelled.';

--
-- Name: COLUMN job_status.priority; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.priority IS 'Jobs with a higher priority run first.';

--
-- Name: COLUMN job_status.attempt_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.attempt_count IS 'Number of attempts so far.';

--
-- Name: COLUMN job_status.max_attempts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.max_attempts IS 'Maximum number of attempts.';

--
-- Name: COLUMN job_status.time_limit; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.time_limit IS 'Time limit of an attempt.';

--
-- Name: COLUMN job_status.host; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.host IS 'Machine that runs it; null if it is not running.';

--
-- Name: COLUMN job_status.process_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.process_id IS 'Process that runs it; null if it is not running.';

--
-- Name: COLUMN job_status.dedup_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.dedup_key IS 'Deduplication key: only one queued job can have it.';

--
-- Name: COLUMN job_status.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.error IS 'Error of the latest failed attempt.';

--
-- Name: COLUMN job_status.created_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.created_by IS 'Account of the web application that enqueued it, otherwise the database role.';

--
-- Name: COLUMN job_status.args; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.args IS 'Arguments.';

--
-- Name: COLUMN job_status.progress; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.progress IS 'Progress that the job has reported.';

--
-- Name: COLUMN job_status.result; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.result IS 'Result of the job.';

--
-- Name: COLUMN job_status.is_being_cancelled; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.is_being_cancelled IS 'Whether its worker was asked to cancel it.';

--
-- Name: COLUMN job_status.run_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.run_at IS 'Earliest time at which it may run.';

--
-- Name: COLUMN job_status.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.created_at IS 'When it was enqueued.';

--
-- Name: COLUMN job_status.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.started_at IS 'When its latest attempt started.';

--
-- Name: COLUMN job_status.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.finished_at IS 'When it finished.';

--
-- Name: COLUMN job_status.worker_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.worker_id IS 'Worker that runs it; null if it is not running.';

--
-- Name: COLUMN job_status.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.account_name IS 'Account of the web application that enqueued it. Null if it did not come from there.';

--
-- Name: COLUMN job_status.role_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.role_name IS 'Database role of the session that enqueued it. Null if a schedule was due, and for jobs of earlier versions.';

--
-- Name: COLUMN job_status.schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.schedule IS 'Schedule that enqueued it. Null if none did.';

--
-- Name: COLUMN job_status.cause_table; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.cause_table IS 'Table of the row whose insert enqueued it. Null if none did.';

--
-- Name: COLUMN job_status.cause_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.cause_key IS 'Key of that row, by column.';

--
-- Name: COLUMN job_status.cause; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.cause IS 'What caused it, in words: the schedule or the row, and the account or the database role.';

--
-- Name: COLUMN job_status.duration; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.job_status.duration IS 'How long its latest attempt has been running, or how long its last attempt took. Null if it is queued or did not run.';

--
-- Name: load_file; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.load_file (
    load_id bigint NOT NULL,
    file_number bigint NOT NULL,
    file_name text NOT NULL,
    location text NOT NULL,
    after_row bigint NOT NULL,
    rows_read bigint NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    file_stamp text,
    header bytea,
    header_columns text[],
    compression text,
    encoding text,
    has_byte_order_mark boolean,
    line_ends text,
    lines_skipped bigint,
    member text,
    is_also_utf8 boolean,
    CONSTRAINT load_file_not_negative CHECK (((after_row >= 0) AND (rows_read >= 0) AND (size_bytes >= 0))),
    CONSTRAINT load_file_sha256_is_hex CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

--
-- Name: TABLE load_file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.load_file IS 'Files of the loads that read several files (mode replace, and elt.source.file is a pattern). elt.load.location is the pattern then.';

--
-- Name: COLUMN load_file.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.load_id IS 'Load.';

--
-- Name: COLUMN load_file.file_number; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.file_number IS 'Position of the file in the load, from 1.';

--
-- Name: COLUMN load_file.file_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.file_name IS 'Path of the file in the data folder, or key in the bucket.';

--
-- Name: COLUMN load_file.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.location IS 'Absolute path of the file, or address.';

--
-- Name: COLUMN load_file.after_row; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.after_row IS 'Number after which _row continues: _row minus this number is the line in the file, or the position of the document.';

--
-- Name: COLUMN load_file.rows_read; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.rows_read IS 'Records in the file, with those that were rejected.';

--
-- Name: COLUMN load_file.size_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.size_bytes IS 'Size of the file.';

--
-- Name: COLUMN load_file.sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.sha256 IS 'SHA-256 of the file, in hexadecimal.';

--
-- Name: COLUMN load_file.file_stamp; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.file_stamp IS 'As elt.load.file_stamp.';

--
-- Name: COLUMN load_file.header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.header IS 'First record of a CSV file, as it is in the file. Null for other formats.';

--
-- Name: COLUMN load_file.header_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.header_columns IS 'Column names of the header.';

--
-- Name: COLUMN load_file.compression; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.compression IS 'gzip, zstd, xz, bzip2 or zip. Null for a file that is not compressed.';

--
-- Name: COLUMN load_file.encoding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.encoding IS 'Encoding that the file was read in.';

--
-- Name: COLUMN load_file.has_byte_order_mark; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.has_byte_order_mark IS 'Whether the file begins with a byte order mark.';

--
-- Name: COLUMN load_file.line_ends; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.line_ends IS 'lf, crlf or mixed. Null if not known.';

--
-- Name: COLUMN load_file.lines_skipped; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.lines_skipped IS 'Lines of a CSV file that are no records.';

--
-- Name: COLUMN load_file.member; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.member IS 'File in the zip archive that was read.';

--
-- Name: COLUMN load_file.is_also_utf8; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_file.is_also_utf8 IS 'Whether the file is valid UTF-8 with other characters than ASCII although it was read in another encoding.';

--
-- Name: live_file; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.live_file AS
 SELECT load.load_id,
    load.source,
    COALESCE(load_file.location, load.location) AS location,
        CASE
            WHEN (load_file.load_id IS NULL) THEN load.encoding
            ELSE load_file.encoding
        END AS encoding,
        CASE
            WHEN (load_file.load_id IS NULL) THEN load.line_ends
            ELSE load_file.line_ends
        END AS line_ends,
        CASE
            WHEN (load_file.load_id IS NULL) THEN load.header_columns
            ELSE load_file.header_columns
        END AS header_columns,
        CASE
            WHEN (load_file.load_id IS NULL) THEN load.has_byte_order_mark
            ELSE load_file.has_byte_order_mark
        END AS has_byte_order_mark,
        CASE
            WHEN (load_file.load_id IS NULL) THEN load.is_also_utf8
            ELSE load_file.is_also_utf8
        END AS is_also_utf8
   FROM ((elt.live_load
     JOIN elt.load ON ((live_load.load_id = load.load_id)))
     LEFT JOIN elt.load_file ON ((load.load_id = load_file.load_id)));

--
-- Name: VIEW live_file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.live_file IS 'Files of the live loads, as they were found. For append and merge sources, those of the latest live load.';

--
-- Name: COLUMN live_file.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.load_id IS 'Live load.';

--
-- Name: COLUMN live_file.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.source IS 'Source.';

--
-- Name: COLUMN live_file.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.location IS 'Path of the file, or address.';

--
-- Name: COLUMN live_file.encoding; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.encoding IS 'Encoding that the file was read in.';

--
-- Name: COLUMN live_file.line_ends; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.line_ends IS 'lf, crlf or mixed. Null if not known.';

--
-- Name: COLUMN live_file.header_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.header_columns IS 'Column names of the header of a CSV file.';

--
-- Name: COLUMN live_file.has_byte_order_mark; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.has_byte_order_mark IS 'Whether the file begins with a byte order mark.';

--
-- Name: COLUMN live_file.is_also_utf8; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.live_file.is_also_utf8 IS 'Whether the file is valid UTF-8 with other characters than ASCII although it was read in another encoding.';

--
-- Name: publish; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.publish (
    publish_id bigint NOT NULL,
    state text NOT NULL,
    cause text NOT NULL,
    core_sha256 text,
    elt_version text NOT NULL,
    published_by text DEFAULT SESSION_USER NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    sql_sha256 text,
    CONSTRAINT publish_cause_known CHECK ((cause = ANY (ARRAY['load'::text, 'migrate'::text, 'rollback'::text, 'purge'::text]))),
    CONSTRAINT publish_state_known CHECK ((state = ANY (ARRAY['published'::text, 'refused'::text])))
);

--
-- Name: TABLE publish; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.publish IS 'Publishes: one row per transaction that makes loads live, updates core and runs the rules.';

--
-- Name: COLUMN publish.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.publish_id IS 'Number of the publish.';

--
-- Name: COLUMN publish.state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.state IS 'published: committed. refused: a rule of level error found rows, so that nothing changed.';

--
-- Name: COLUMN publish.cause; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.cause IS 'load: new loads. migrate: core queries changed, and the live loads were published again. rollback: an earlier load was published again. purge: rows were removed, and the live loads were published without them.';

--
-- Name: COLUMN publish.core_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.core_sha256 IS 'Fingerprint of the core queries and functions of the publish (elt.core_sha256()). Null if it was refused.';

--
-- Name: COLUMN publish.elt_version; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.elt_version IS 'Version of the program.';

--
-- Name: COLUMN publish.published_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.published_by IS 'Database role.';

--
-- Name: COLUMN publish.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.started_at IS 'Start of the publish.';

--
-- Name: COLUMN publish.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.finished_at IS 'End of the publish.';

--
-- Name: COLUMN publish.sql_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish.sql_sha256 IS 'Fingerprint of all views, functions and rules that it ran with (elt.sql_sha256()); null when refused.';

--
-- Name: publish_change; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.publish_change (
    publish_id bigint NOT NULL,
    table_name text NOT NULL,
    rows_inserted bigint NOT NULL,
    rows_updated bigint NOT NULL,
    rows_deleted bigint NOT NULL,
    finished_at timestamp with time zone,
    seconds double precision,
    rows_before bigint
);

--
-- Name: TABLE publish_change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.publish_change IS 'What each publish changed: one row per table that it brought up to date.';

--
-- Name: COLUMN publish_change.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.publish_id IS 'Publish.';

--
-- Name: COLUMN publish_change.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.table_name IS 'Schema and table.';

--
-- Name: COLUMN publish_change.rows_inserted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.rows_inserted IS 'Number of rows inserted.';

--
-- Name: COLUMN publish_change.rows_updated; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.rows_updated IS 'Number of rows updated.';

--
-- Name: COLUMN publish_change.rows_deleted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.rows_deleted IS 'Number of rows deleted, because their keys were missing.';

--
-- Name: COLUMN publish_change.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.finished_at IS 'When the table was finished. Null for publishes of earlier versions.';

--
-- Name: COLUMN publish_change.seconds; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.seconds IS 'Time since the previous table was finished, or for the first table since the publish began. Null for publishes of earlier versions.';

--
-- Name: COLUMN publish_change.rows_before; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.publish_change.rows_before IS 'Number of rows of the table before the publish. Counted only if rows were deleted and elt.source.max_shrink limits this. Null otherwise.';

--
-- Name: load_change; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.load_change AS
 SELECT load.load_id,
    publish_change.publish_id,
    publish_change.table_name,
    publish_change.rows_inserted,
    publish_change.rows_updated,
    publish_change.rows_deleted,
    ( SELECT count(*) AS count
           FROM elt.load other
          WHERE ((other.publish_id = load.publish_id) AND (other.load_id <> load.load_id))) AS other_load_count
   FROM ((elt.load
     JOIN elt.publish ON ((load.publish_id = publish.publish_id)))
     JOIN elt.publish_change ON ((publish.publish_id = publish_change.publish_id)))
  WHERE (publish.state = 'published'::text);

--
-- Name: VIEW load_change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.load_change IS 'What the publish that first made a load live changed in each table.';

--
-- Name: COLUMN load_change.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.load_id IS 'Number of the load.';

--
-- Name: COLUMN load_change.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.publish_id IS 'Publish.';

--
-- Name: COLUMN load_change.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.table_name IS 'Schema and table.';

--
-- Name: COLUMN load_change.rows_inserted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.rows_inserted IS 'Number of rows inserted.';

--
-- Name: COLUMN load_change.rows_updated; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.rows_updated IS 'Number of rows updated.';

--
-- Name: COLUMN load_change.rows_deleted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.rows_deleted IS 'Number of rows deleted.';

--
-- Name: COLUMN load_change.other_load_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_change.other_load_count IS 'Number of other loads that the same publish made live. The changes are those of all of them.';

--
-- Name: load_column; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.load_column (
    load_id bigint NOT NULL,
    column_name text NOT NULL,
    has_null boolean NOT NULL,
    has_edge_space boolean NOT NULL,
    is_integer boolean NOT NULL,
    is_date boolean NOT NULL,
    is_lowercase boolean DEFAULT false NOT NULL,
    is_uppercase boolean DEFAULT false NOT NULL,
    is_empty boolean DEFAULT false NOT NULL
);

--
-- Name: TABLE load_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.load_column IS 'Properties of the columns of a CSV load, noted while the values were copied. They hold for every value, also after a purge. If a property is not known to hold, each value must be tested.';

--
-- Name: COLUMN load_column.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.load_id IS 'Load.';

--
-- Name: COLUMN load_column.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.column_name IS 'Column of the staging table.';

--
-- Name: COLUMN load_column.has_null; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.has_null IS 'Whether a value may be missing. False if no value is missing.';

--
-- Name: COLUMN load_column.has_edge_space; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.has_edge_space IS 'Whether a value may have white space at an edge. False if no value has.';

--
-- Name: COLUMN load_column.is_integer; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.is_integer IS 'Whether all values that are not missing are integers of at most 18 digits, without a sign or leading zeros, that can be cast.';

--
-- Name: COLUMN load_column.is_date; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.is_date IS 'Whether all values that are not missing are dates (YYYY-MM-DD) that can be cast.';

--
-- Name: COLUMN load_column.is_lowercase; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.is_lowercase IS 'No value contains a letter in upper case or a character outside ASCII. False if this is not known.';

--
-- Name: COLUMN load_column.is_uppercase; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.is_uppercase IS 'No value contains a letter in lower case or a character outside ASCII. False if this is not known.';

--
-- Name: COLUMN load_column.is_empty; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_column.is_empty IS 'The column has no values. False if this is not known.';

--
-- Name: load_fact; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.load_fact AS
 SELECT load_status.load_id,
    fact.place,
    fact.fact,
    fact.kind,
    fact.value
   FROM ((elt.load_status
     JOIN elt.load ON ((load_status.load_id = load.load_id)))
     CROSS JOIN LATERAL ( VALUES (1,'source'::text,'text'::text,load.source), (2,'state'::text,'text'::text,load_status.state_in_words), (3,
                CASE
                    WHEN (load.location ~ '^[a-z]+://'::text) THEN 'API'::text
                    ELSE 'file'::text
                END,'text'::text,load.location), (4,'files'::text,'number'::text,( SELECT (NULLIF(count(*), 0))::text AS "nullif"
                   FROM elt.load_file
                  WHERE (load_file.load_id = load.load_id))), (4,'files in'::text,'text'::text,( SELECT format('select * from elt.load_file where load_id = %s;'::text, min(load_file.load_id)) AS format
                   FROM elt.load_file
                  WHERE (load_file.load_id = load.load_id)
                 HAVING (count(*) > 0))), (4,'file in archive'::text,'text'::text,load.member), (5,'replays load'::text,'load'::text,(load.replayed_load_id)::text), (6,'replaced by load'::text,'load'::text,(load.replaced_by_load_id)::text), (6,'partition of load'::text,'load'::text,(NULLIF(load.batch_load_id, load.load_id))::text), (6,'corrected rejects'::text,'text'::text,load.replay_location), (8,'started'::text,'time'::text,to_char((load.started_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS "UTC"'::text)), (9,'staged'::text,'time'::text,to_char((load.staged_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS "UTC"'::text)), (10,'finished'::text,'time'::text,to_char((load.finished_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS "UTC"'::text)), (11,'seconds'::text,'seconds'::text,(round(EXTRACT(epoch FROM load_status.duration), 1))::text), (12,'role'::text,'text'::text,load.loaded_by), (13,'version of elt'::text,'text'::text,load.elt_version), (14,'size'::text,'bytes'::text,(load.size_bytes)::text), (15,'sha256'::text,'text'::text,load.sha256), (16,'compression'::text,'text'::text,load.compression), (17,'encoding'::text,'text'::text,load.encoding), (18,'byte order mark'::text,'text'::text,
                CASE
                    WHEN load.has_byte_order_mark THEN 'yes'::text
                    ELSE NULL::text
                END), (19,'also valid UTF-8'::text,'text'::text,
                CASE
                    WHEN load.is_also_utf8 THEN 'yes'::text
                    ELSE NULL::text
                END), (20,'line ends'::text,'text'::text,load.line_ends), (21,'lines skipped'::text,'number'::text,(NULLIF(load.lines_skipped, 0))::text), (22,'columns'::text,'text'::text,array_to_string(load.header_columns, ', '::text)), (23,'requested since'::text,'text'::text,load.since_sent), (24,'next request since'::text,'text'::text,load.since_value), (25,'changed while read'::text,'text'::text,load.changed_while_read), (26,'connections'::text,'number'::text,(NULLIF(load.lane_count, 1))::text), (27,'shrink allowed'::text,'text'::text,
                CASE
                    WHEN load.allows_shrink THEN 'yes'::text
                    ELSE NULL::text
                END), (28,'records read'::text,'number'::text,(load.rows_read)::text), (29,'rows staged'::text,'number'::text,(load.rows_staged)::text), (30,'rows purged'::text,'number'::text,(NULLIF(load.rows_purged, 0))::text), (31,'rejected'::text,'number'::text,(load.rows_rejected)::text), (32,'rejects open'::text,'number'::text,(NULLIF(load_status.rejects_open, 0))::text), (33,'rejects purged'::text,'number'::text,(NULLIF(load.rejects_purged, 0))::text), (34,'in staging'::text,'bytes'::text,(NULLIF(load_status.staging_bytes, 0))::text), (35,'its rows'::text,'text'::text,
                CASE
                    WHEN ((load.staging_dropped_at IS NULL) AND (load.rows_staged > 0)) THEN format('select * from staging.%I where _load_id = %s;'::text, load.source, load.load_id)
                    ELSE NULL::text
                END), (36,'dropped next'::text,'text'::text,load_status.leftover_reason), (37,'dropped from staging'::text,'time'::text,to_char((load.staging_dropped_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS "UTC"'::text)), (38,'publish'::text,'number'::text,(load.publish_id)::text), (39,'live since publish'::text,'number'::text,(NULLIF(load.live_publish_id, load.publish_id))::text), (40,'rolled back'::text,'time'::text,to_char((load.rolled_back_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD HH24:MI:SS "UTC"'::text)), (41,'error'::text,'text'::text,load.error)) fact(place, fact, kind, value))
  WHERE (fact.value IS NOT NULL)
UNION ALL
 SELECT load.replayed_load_id AS load_id,
    7 AS place,
    'replayed by load'::text AS fact,
    'load'::text AS kind,
    (load.load_id)::text AS value
   FROM elt.load
  WHERE (load.replayed_load_id IS NOT NULL);

--
-- Name: VIEW load_fact; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.load_fact IS 'All that is known of each load, one fact per row, in the order in which elt loads and the page of a load show them.';

--
-- Name: COLUMN load_fact.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_fact.load_id IS 'Number of the load.';

--
-- Name: COLUMN load_fact.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_fact.place IS 'Position of the fact. Several loads that replay this one have the same.';

--
-- Name: COLUMN load_fact.fact; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_fact.fact IS 'Name of the fact.';

--
-- Name: COLUMN load_fact.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_fact.kind IS 'What the value is: text, time, seconds, number, bytes (a number of them), or load (number of another load).';

--
-- Name: COLUMN load_fact.value; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.load_fact.value IS 'Value as text. Times are in UTC.';

--
-- Name: load_load_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.load ALTER COLUMN load_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.load_load_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: rule_result; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.rule_result (
    publish_id bigint NOT NULL,
    rule text NOT NULL,
    level text NOT NULL,
    violation_count bigint NOT NULL,
    sample jsonb NOT NULL,
    run_publish_id bigint,
    seconds double precision,
    CONSTRAINT rule_result_count_not_negative CHECK ((violation_count >= 0)),
    CONSTRAINT rule_result_level_known CHECK ((level = ANY (ARRAY['warning'::text, 'error'::text])))
);

--
-- Name: TABLE rule_result; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.rule_result IS 'Result of each rule at each publish: one row per publish and rule.';

--
-- Name: COLUMN rule_result.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.publish_id IS 'Publish that the result belongs to.';

--
-- Name: COLUMN rule_result.rule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.rule IS 'Name of the view in schema quality.';

--
-- Name: COLUMN rule_result.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.level IS 'warning: reported. error: the publish is refused if the rule finds rows.';

--
-- Name: COLUMN rule_result.violation_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.violation_count IS 'Number of violations.';

--
-- Name: COLUMN rule_result.sample; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.sample IS 'The first violations, as a JSON array.';

--
-- Name: COLUMN rule_result.run_publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.run_publish_id IS 'Earlier publish that ran the rule, if nothing that the rule reads has changed since. Null if this publish ran it.';

--
-- Name: COLUMN rule_result.seconds; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_result.seconds IS 'How long the rule ran. Null if the result of an earlier publish was kept, and for publishes of earlier versions.';

--
-- Name: rule_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.rule_status AS
 SELECT rule_result.rule,
    rule_result.level,
    rule_result.violation_count,
    obj_description((to_regclass(format('quality.%I'::text, rule_result.rule)))::oid, 'pg_class'::name) AS description,
    rule_result.seconds
   FROM elt.rule_result
  WHERE (rule_result.publish_id = ( SELECT max(publish.publish_id) AS max
           FROM elt.publish
          WHERE (publish.state = 'published'::text)))
  ORDER BY rule_result.level, rule_result.violation_count DESC, rule_result.rule;

--
-- Name: VIEW rule_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.rule_status IS 'Violations of each rule at the latest publish.';

--
-- Name: COLUMN rule_status.rule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_status.rule IS 'Name of the view in schema quality; its rows are violations.';

--
-- Name: COLUMN rule_status.level; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_status.level IS 'warning or error.';

--
-- Name: COLUMN rule_status.violation_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_status.violation_count IS 'Number of violations.';

--
-- Name: COLUMN rule_status.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_status.description IS 'Description of the rule.';

--
-- Name: COLUMN rule_status.seconds; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rule_status.seconds IS 'How long it ran. Null if the result of an earlier publish was kept.';

--
-- Name: schedule; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.schedule (
    schedule text NOT NULL,
    cron text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    kind text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    priority bigint DEFAULT 0 NOT NULL,
    missed_runs text DEFAULT 'one'::text NOT NULL,
    is_enabled boolean DEFAULT true NOT NULL,
    next_run_at timestamp with time zone,
    last_run_at timestamp with time zone,
    last_job_id bigint,
    description text NOT NULL,
    error text,
    CONSTRAINT schedule_args_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text)),
    CONSTRAINT schedule_cron_is_readable CHECK ((cron ~* '^\s*(@[a-z]+|[0-9a-z*/,-]+(\s+[0-9a-z*/,-]+){4})\s*$'::text)),
    CONSTRAINT schedule_is_a_name CHECK ((schedule ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT schedule_missed_runs_known CHECK ((missed_runs = ANY (ARRAY['one'::text, 'none'::text]))),
    CONSTRAINT schedule_queue_is_a_name CHECK ((queue ~ '^[a-z][a-z0-9_]{0,62}$'::text))
);

--
-- Name: TABLE schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.schedule IS 'Recurring jobs: one row per schedule. Any worker enqueues the jobs that are due, each time of a schedule once.';

--
-- Name: COLUMN schedule.schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.schedule IS 'Name.';

--
-- Name: COLUMN schedule.cron; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.cron IS 'Times: minute, hour, day of the month, month (JAN is 1), day of the week (0, 7 and SUN are Sunday); each *, a number, a range, a list or a step (*/15). If both days are restricted, either is enough. Or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually.';

--
-- Name: COLUMN schedule.time_zone; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.time_zone IS 'Time zone of the times. With * for hours or minutes, a schedule runs whenever the local time matches, also in the hour that is repeated when clocks go back. A fixed time that is skipped when clocks go forward runs right after the change; one that is repeated runs the first time only.';

--
-- Name: COLUMN schedule.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.kind IS 'Kind of the job.';

--
-- Name: COLUMN schedule.args; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.args IS 'Arguments of the job.';

--
-- Name: COLUMN schedule.queue; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.queue IS 'Queue of the job.';

--
-- Name: COLUMN schedule.priority; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.priority IS 'Priority of the job.';

--
-- Name: COLUMN schedule.missed_runs; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.missed_runs IS 'What happens to times that passed while no worker was running: one: one run for all of them. none: no run before the next time.';

--
-- Name: COLUMN schedule.is_enabled; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.is_enabled IS 'Whether jobs are enqueued.';

--
-- Name: COLUMN schedule.next_run_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.next_run_at IS 'When the schedule is due next. Null if the next worker must compute it.';

--
-- Name: COLUMN schedule.last_run_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.last_run_at IS 'Time for which the latest job was enqueued.';

--
-- Name: COLUMN schedule.last_job_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.last_job_id IS 'Latest job. It may have been pruned.';

--
-- Name: COLUMN schedule.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.description IS 'Description of the schedule.';

--
-- Name: COLUMN schedule.error; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schedule.error IS 'Why the job could not be enqueued when it was last due. It is tried again an hour later. Null if it was enqueued.';

--
-- Name: CONSTRAINT schedule_cron_is_readable ON schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT schedule_cron_is_readable ON elt.schedule IS 'Five fields: minute, hour, day of the month, month, day of the week; each *, a number, a range, a list, a step (*/15), or a name (MON, JAN). Or @hourly, @daily, @weekly, @monthly, @yearly.';

--
-- Name: CONSTRAINT schedule_missed_runs_known ON schedule; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT schedule_missed_runs_known ON elt.schedule IS 'Must be one or none.';

--
-- Name: source_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.source_status AS
 SELECT source.source,
    source.format,
        CASE
            WHEN (source.file ~ '^https?://'::text) THEN split_part(source.file, '?'::text, 1)
            ELSE source.file
        END AS file,
    load.load_id,
    load.rows_staged,
    load.rows_rejected,
    load.finished_at AS published_at,
    load.location,
    source.description,
    ( SELECT (COALESCE(sum(pg_total_relation_size(tree.relid)), (0)::numeric))::bigint AS "coalesce"
           FROM (pg_class
             CROSS JOIN LATERAL pg_partition_tree((pg_class.oid)::regclass) tree(relid, parentrelid, isleaf, level))
          WHERE ((pg_class.relnamespace = ('staging'::regnamespace)::oid) AND (pg_class.relname = source.source))) AS staging_bytes,
    source.mode,
    ( SELECT count(*) AS count
           FROM elt.load part
          WHERE ((part.source = source.source) AND (part.live_publish_id IS NOT NULL))) AS live_load_count,
    ( SELECT count(*) AS count
           FROM (elt.load part
             JOIN elt.reject ON ((part.load_id = reject.load_id)))
          WHERE ((part.source = source.source) AND (part.live_publish_id IS NOT NULL) AND (reject.replaced_by_load_id IS NULL))) AS rejects_open
   FROM ((elt.source
     LEFT JOIN elt.live_load ON ((source.source = live_load.source)))
     LEFT JOIN elt.load ON ((live_load.load_id = load.load_id)))
  ORDER BY source.source;

--
-- Name: VIEW source_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.source_status IS 'The live load of each source: number, rows, rejected rows, age and file, and the space of all its loads in staging. Null for sources that were never loaded.';

--
-- Name: COLUMN source_status.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.source IS 'Name on the command line, and name of the staging table.';

--
-- Name: COLUMN source_status.format; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.format IS 'csv, json or rest.';

--
-- Name: COLUMN source_status.file; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.file IS 'File name in the data folder, or address of the file without its query; null for an API.';

--
-- Name: COLUMN source_status.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.load_id IS 'Live load; for append and merge sources the latest one. Null if the source was never loaded.';

--
-- Name: COLUMN source_status.rows_staged; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.rows_staged IS 'Rows of that load.';

--
-- Name: COLUMN source_status.rows_rejected; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.rows_rejected IS 'Rejected records of that load.';

--
-- Name: COLUMN source_status.published_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.published_at IS 'When that load became live.';

--
-- Name: COLUMN source_status.location; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.location IS 'Where it was loaded from: path of the file, or address of the file or the API.';

--
-- Name: COLUMN source_status.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.description IS 'Description of the source.';

--
-- Name: COLUMN source_status.staging_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.staging_bytes IS 'Space of all its loads in staging, with indexes.';

--
-- Name: COLUMN source_status.mode; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.mode IS 'replace, append or merge (elt.source.mode).';

--
-- Name: COLUMN source_status.live_load_count; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.live_load_count IS 'How many loads core shows: one, or for append and merge sources all that were published and not rolled back.';

--
-- Name: COLUMN source_status.rejects_open; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_status.rejects_open IS 'Rejected records of these loads that are kept and not replaced yet (elt rejects).';

--
-- Name: metric; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.metric AS
 WITH definitions(place, metric, description) AS (
         VALUES (1,'elt_source_live_loads'::text,'Live loads of the source; 0 if none was ever published.'::text), (2,'elt_source_published_timestamp_seconds'::text,'Time at which the live load of the source was published, in seconds since 1970.'::text), (3,'elt_source_rows'::text,'Rows of the live load of the source.'::text), (4,'elt_source_rejects'::text,'Rejected records of the live load of the source.'::text), (5,'elt_source_failed_loads'::text,'Loads of the source that failed, were refused or were interrupted since its live load started.'::text), (6,'elt_source_staging_bytes'::text,'Space of all loads of the source in staging.'::text), (7,'elt_loads'::text,'Loads on record, by state.'::text), (8,'elt_publish_timestamp_seconds'::text,'Time at which the latest publish ended, in seconds since 1970.'::text), (9,'elt_publish_duration_seconds'::text,'Duration of the latest publish.'::text), (10,'elt_rule_violations'::text,'Violations of the rule at the latest publish.'::text), (11,'elt_jobs'::text,'Jobs by state: waiting (can run now), later (scheduled), running, dead (failed and not retried).'::text), (12,'elt_job_oldest_wait_seconds'::text,'How long the oldest job that can run now has waited.'::text), (13,'elt_job_attempts_last_hour'::text,'Job attempts that ended within the last hour, by outcome.'::text), (14,'elt_workers_alive'::text,'Live workers.'::text), (15,'elt_worker_slots'::text,'Jobs that the live workers can run at once.'::text), (16,'elt_schedule_overdue_seconds'::text,'How long the schedule has been due without its job being enqueued; 0 if it is not due.'::text), (17,'elt_schedule_failing'::text,'1 if the job of the schedule could not be enqueued (elt.schedule.error), otherwise 0.'::text), (18,'elt_database_bytes'::text,'Size of the database, on Citus of all nodes.'::text), (19,'elt_database_info'::text,'Always 1; the label has the version of the server.'::text)
        ), usual(queue) AS (
         VALUES ('default'::text)
        ), samples AS (
         SELECT per_source.metric,
            jsonb_build_object('source', source_status.source) AS labels,
            per_source.value
           FROM (elt.source_status
             CROSS JOIN LATERAL ( VALUES ('elt_source_live_loads'::text,(source_status.live_load_count)::double precision), ('elt_source_published_timestamp_seconds'::text,EXTRACT(epoch FROM source_status.published_at)), ('elt_source_rows'::text,source_status.rows_staged), ('elt_source_rejects'::text,source_status.rows_rejected), ('elt_source_staging_bytes'::text,source_status.staging_bytes), ('elt_source_failed_loads'::text,( SELECT count(*) AS count
                           FROM elt.load
                          WHERE ((load.source = source_status.source) AND (load.state = ANY (ARRAY['failed'::text, 'refused'::text, 'interrupted'::text])) AND (load.load_id > COALESCE(source_status.load_id, (0)::bigint)))))) per_source(metric, value))
        UNION ALL
         SELECT 'elt_loads'::text AS metric,
            jsonb_build_object('source', load.source, 'state', load.state) AS labels,
            count(*) AS value
           FROM elt.load
          GROUP BY load.source, load.state
        UNION ALL
         SELECT per_publish.metric,
            '{}'::jsonb AS labels,
            per_publish.value
           FROM (( SELECT publish.started_at,
                    publish.finished_at
                   FROM elt.publish
                  WHERE (publish.state = 'published'::text)
                  ORDER BY publish.publish_id DESC
                 LIMIT 1) latest
             CROSS JOIN LATERAL ( VALUES ('elt_publish_timestamp_seconds'::text,EXTRACT(epoch FROM latest.finished_at)), ('elt_publish_duration_seconds'::text,EXTRACT(epoch FROM (latest.finished_at - latest.started_at)))) per_publish(metric, value))
        UNION ALL
         SELECT 'elt_rule_violations'::text AS metric,
            jsonb_build_object('rule', rule_status.rule, 'level', rule_status.level) AS labels,
            rule_status.violation_count AS value
           FROM elt.rule_status
        UNION ALL
         SELECT 'elt_jobs'::text AS metric,
            jsonb_build_object('queue', COALESCE(usual.queue, queue_status.queue), 'state', per_state.state) AS labels,
            COALESCE(per_state.value, (0)::bigint) AS value
           FROM ((usual
             FULL JOIN elt.queue_status ON ((usual.queue = queue_status.queue)))
             CROSS JOIN LATERAL ( VALUES ('waiting'::text,queue_status.waiting_count), ('later'::text,queue_status.later_count), ('running'::text,queue_status.running_count), ('dead'::text,queue_status.dead_count)) per_state(state, value))
        UNION ALL
         SELECT 'elt_job_oldest_wait_seconds'::text AS metric,
            jsonb_build_object('queue', queue_status.queue) AS labels,
            COALESCE(queue_status.oldest_wait_seconds, (0)::bigint) AS value
           FROM elt.queue_status
        UNION ALL
         SELECT 'elt_job_attempts_last_hour'::text AS metric,
            jsonb_build_object('outcome', outcomes.outcome) AS labels,
            count(job_attempt.job_id) AS value
           FROM (( VALUES ('succeeded'::text), ('failed'::text), ('cancelled'::text), ('released'::text), ('lost'::text)) outcomes(outcome)
             LEFT JOIN elt.job_attempt ON (((outcomes.outcome = job_attempt.outcome) AND (job_attempt.finished_at > (now() - '01:00:00'::interval)))))
          GROUP BY outcomes.outcome
        UNION ALL
         SELECT per_worker.metric,
            '{}'::jsonb AS labels,
            per_worker.value
           FROM (( SELECT count(*) AS worker_count,
                    COALESCE(sum(worker_status.concurrency), (0)::numeric) AS slot_count
                   FROM elt.worker_status
                  WHERE worker_status.is_alive) alive
             CROSS JOIN LATERAL ( VALUES ('elt_workers_alive'::text,alive.worker_count), ('elt_worker_slots'::text,alive.slot_count)) per_worker(metric, value))
        UNION ALL
         SELECT per_schedule.metric,
            jsonb_build_object('schedule', schedule.schedule) AS labels,
            per_schedule.value
           FROM (elt.schedule
             CROSS JOIN LATERAL ( VALUES ('elt_schedule_overdue_seconds'::text,COALESCE(GREATEST(EXTRACT(epoch FROM (now() - schedule.next_run_at)), (0)::numeric), (0)::numeric)), ('elt_schedule_failing'::text,((schedule.error IS NOT NULL))::integer)) per_schedule(metric, value))
          WHERE schedule.is_enabled
        UNION ALL
         SELECT 'elt_database_bytes'::text AS metric,
            '{}'::jsonb AS labels,
            elt.database_bytes() AS value
        UNION ALL
         SELECT 'elt_database_info'::text AS metric,
            jsonb_build_object('server_version', current_setting('server_version'::text)) AS labels,
            1 AS value
        )
 SELECT samples.metric,
    'gauge'::text AS kind,
    definitions.description,
    samples.labels,
    samples.value
   FROM (samples
     JOIN definitions ON ((samples.metric = definitions.metric)))
  WHERE (samples.value IS NOT NULL)
  ORDER BY definitions.place, (samples.labels)::text;

--
-- Name: VIEW metric; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.metric IS 'Metrics of loads, rules, jobs and workers for monitoring. elt serve serves them at /metrics.';

--
-- Name: COLUMN metric.metric; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.metric.metric IS 'Name of the metric, ending with its unit.';

--
-- Name: COLUMN metric.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.metric.kind IS 'Prometheus type of the metric: gauge.';

--
-- Name: COLUMN metric.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.metric.description IS 'Description in one sentence.';

--
-- Name: COLUMN metric.labels; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.metric.labels IS 'Label names and values that distinguish the samples of a metric: an object of texts.';

--
-- Name: COLUMN metric.value; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.metric.value IS 'Value of the sample.';

--
-- Name: rest_source; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.rest_source (
    source text NOT NULL,
    base_url text,
    path text NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    tls_roots text,
    sign_in_path text,
    token_at text DEFAULT 'token'::text NOT NULL,
    token_header text DEFAULT 'Authorization'::text NOT NULL,
    token_prefix text DEFAULT 'Token'::text NOT NULL,
    records_at text DEFAULT 'results'::text NOT NULL,
    count_at text DEFAULT 'count'::text,
    pagination text DEFAULT 'next'::text NOT NULL,
    next_at text DEFAULT 'next'::text NOT NULL,
    page_parameter text DEFAULT 'page'::text NOT NULL,
    first_page bigint DEFAULT 1 NOT NULL,
    page_size_parameter text DEFAULT 'page_size'::text NOT NULL,
    page_size bigint,
    requests_per_second numeric,
    connect_timeout interval DEFAULT '00:00:10'::interval NOT NULL,
    response_timeout interval DEFAULT '00:01:00'::interval NOT NULL,
    max_response_bytes bigint DEFAULT 67108864 NOT NULL,
    max_attempts bigint DEFAULT 5 NOT NULL,
    retry_delay interval DEFAULT '00:00:00.5'::interval NOT NULL,
    max_retry_delay interval DEFAULT '00:02:00'::interval NOT NULL,
    method text DEFAULT 'GET'::text NOT NULL,
    body jsonb,
    parameters_in text DEFAULT 'query'::text NOT NULL,
    is_single_record boolean DEFAULT false NOT NULL,
    parent_id_at text DEFAULT 'id'::text,
    errors_at text,
    cursor_at text,
    cursor_parameter text DEFAULT 'cursor'::text NOT NULL,
    more_at text,
    pages_at text,
    sign_in text DEFAULT 'json'::text NOT NULL,
    sign_in_url text,
    username_parameter text DEFAULT 'username'::text NOT NULL,
    password_parameter text DEFAULT 'password'::text NOT NULL,
    sign_in_parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    expires_in_at text DEFAULT 'expires_in'::text,
    token_parameter text,
    max_restarts bigint DEFAULT 2 NOT NULL,
    on_change text DEFAULT 'refuse'::text NOT NULL,
    since_column text,
    since_parameter text,
    since_type text DEFAULT 'timestamp'::text NOT NULL,
    since_overlap text,
    since_format text DEFAULT '{}'::text NOT NULL,
    since_start text,
    CONSTRAINT rest_source_base_url_is_scheme_host_and_path CHECK ((base_url ~ '^https?://[^/?#@]+(/[^?#@]*)?$'::text)),
    CONSTRAINT rest_source_body_has_no_secret CHECK (((body)::text !~* '"[^"]*(api[-_]?key|secret|password)[^"]*": '::text)),
    CONSTRAINT rest_source_body_is_object CHECK (((body IS NULL) OR ((method = 'POST'::text) AND (jsonb_typeof(body) = 'object'::text)))),
    CONSTRAINT rest_source_cursor_has_key CHECK (((pagination <> 'cursor'::text) OR (cursor_at IS NOT NULL))),
    CONSTRAINT rest_source_delays_in_range CHECK ((((retry_delay >= '00:00:00'::interval) AND (retry_delay <= '01:00:00'::interval)) AND ((max_retry_delay >= retry_delay) AND (max_retry_delay <= '1 day'::interval)))),
    CONSTRAINT rest_source_first_page_not_negative CHECK ((first_page >= 0)),
    CONSTRAINT rest_source_headers_are_texts CHECK (((jsonb_typeof(headers) = 'object'::text) AND (NOT jsonb_path_exists(headers, '$.*?(@.type() != "string")'::jsonpath)))),
    CONSTRAINT rest_source_headers_have_no_secret CHECK (((headers)::text !~* '"(authorization|proxy-authorization|cookie|[^"]*(api[-_]?key|token|secret|password)[^"]*)": '::text)),
    CONSTRAINT rest_source_max_attempts_in_range CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT rest_source_max_response_bytes_in_range CHECK (((max_response_bytes >= 1) AND (max_response_bytes <= 1073741824))),
    CONSTRAINT rest_source_max_restarts_in_range CHECK (((max_restarts >= 0) AND (max_restarts <= 100))),
    CONSTRAINT rest_source_method_known CHECK ((method = ANY (ARRAY['GET'::text, 'POST'::text]))),
    CONSTRAINT rest_source_on_change_known CHECK ((on_change = ANY (ARRAY['refuse'::text, 'accept'::text]))),
    CONSTRAINT rest_source_page_size_positive CHECK ((page_size >= 1)),
    CONSTRAINT rest_source_pagination_known CHECK ((pagination = ANY (ARRAY['next'::text, 'link'::text, 'cursor'::text, 'page'::text, 'offset'::text, 'none'::text]))),
    CONSTRAINT rest_source_parameters_in_known CHECK (((parameters_in = 'query'::text) OR ((parameters_in = 'body'::text) AND (body IS NOT NULL)))),
    CONSTRAINT rest_source_paths_begin_with_slash CHECK (((path ~ '^/'::text) AND (sign_in_path ~ '^/'::text))),
    CONSTRAINT rest_source_requests_per_second_in_range CHECK (((requests_per_second >= 0.001) AND (requests_per_second <= (1000000)::numeric))),
    CONSTRAINT rest_source_sign_in_has_address CHECK (
CASE sign_in
    WHEN 'basic'::text THEN (num_nonnulls(sign_in_path, sign_in_url) = 0)
    WHEN 'json'::text THEN (num_nonnulls(sign_in_path, sign_in_url) <= 1)
    ELSE (num_nonnulls(sign_in_path, sign_in_url) = 1)
END),
    CONSTRAINT rest_source_sign_in_known CHECK ((sign_in = ANY (ARRAY['json'::text, 'form'::text, 'client_credentials'::text, 'client_credentials_in_body'::text, 'basic'::text]))),
    CONSTRAINT rest_source_sign_in_parameters_are_texts CHECK (((jsonb_typeof(sign_in_parameters) = 'object'::text) AND (NOT jsonb_path_exists(sign_in_parameters, '$.*?(@.type() != "string")'::jsonpath)))),
    CONSTRAINT rest_source_sign_in_parameters_have_no_secret CHECK (((sign_in_parameters)::text !~* '"[^"]*(api[-_]?key|token|secret|password)[^"]*": '::text)),
    CONSTRAINT rest_source_sign_in_url_is_encrypted CHECK ((sign_in_url ~ '^(https://[^/?#@]+|http://(localhost|127[.][0-9.]+|\[::1\])(:[0-9]+)?)(/[^?#@]*)?$'::text)),
    CONSTRAINT rest_source_since_format_has_value CHECK ((since_format ~ '\{\}'::text)),
    CONSTRAINT rest_source_since_is_whole CHECK (((since_column IS NULL) = (since_parameter IS NULL))),
    CONSTRAINT rest_source_since_overlap_fits_type CHECK (
CASE since_type
    WHEN 'number'::text THEN ((since_overlap)::numeric >= (0)::numeric)
    WHEN 'text'::text THEN (since_overlap IS NULL)
    ELSE ((since_overlap)::interval >= '00:00:00'::interval)
END),
    CONSTRAINT rest_source_since_type_known CHECK ((since_type = ANY (ARRAY['timestamp'::text, 'date'::text, 'number'::text, 'text'::text]))),
    CONSTRAINT rest_source_timeouts_in_range CHECK ((((connect_timeout >= '00:00:00.001'::interval) AND (connect_timeout <= '01:00:00'::interval)) AND ((response_timeout >= '00:00:00.001'::interval) AND (response_timeout <= '1 day'::interval))))
);

--
-- Name: TABLE rest_source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.rest_source IS 'How elt load reads a source of format rest: sign-in, pages, records, changes, retries and limits. One row per such source. A source whose file is at an address may have a row too, for its sign-in, headers, timeouts, retries and limits; the other columns, also base_url and path, have no meaning then. Secrets are in the environment, not here: ELT_<SOURCE>_USERNAME, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE.';

--
-- Name: COLUMN rest_source.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.source IS 'Source of format rest, or source whose file is at an address.';

--
-- Name: COLUMN rest_source.base_url; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.base_url IS 'Scheme and host, and a path before all others if there is one: https://api.example.org/v1. ELT_<SOURCE>_URL takes precedence. Without either, the source is loaded only if it is named, and then fails.';

--
-- Name: COLUMN rest_source.path; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.path IS 'Path of the first page, below base_url. It may contain a query: /appointments/?ordering=id.';

--
-- Name: COLUMN rest_source.headers; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.headers IS 'Further headers of every request, as an object of texts. They must not be secret. Content-type: application/json is always sent.';

--
-- Name: COLUMN rest_source.tls_roots; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.tls_roots IS 'Root certificates (PEM) for the server, for a private authority. ELT_<SOURCE>_TLS_ROOTS, a file, takes precedence. Null for the certificates that the system trusts.';

--
-- Name: COLUMN rest_source.sign_in_path; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.sign_in_path IS 'Path below base_url that returns a token for user name and password (sign_in). Null for no sign-in there; a token is then sent only if ELT_<SOURCE>_TOKEN has one.';

--
-- Name: COLUMN rest_source.token_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.token_at IS 'Key of the token in the response to the sign-in; a.b is b inside a. If it is token and there is none, access_token is used.';

--
-- Name: COLUMN rest_source.token_header; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.token_header IS 'Header that carries the token.';

--
-- Name: COLUMN rest_source.token_prefix; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.token_prefix IS 'Word before the token in the header, such as Token or Bearer. Empty for the token alone. With sign_in client_credentials or client_credentials_in_body, and for a file at an address, Token stands for Bearer.';

--
-- Name: COLUMN rest_source.records_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.records_at IS 'Key of the array of records in a page; a.b is b inside a. Empty if the page itself is the array. a.* takes each member of the object a; its key is kept in column _key. a[].b takes the arrays b in the elements of a; the element''s id is kept in column _parent.';

--
-- Name: COLUMN rest_source.count_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.count_at IS 'Key of the number of all records. It must be the same on every page, and so many records must be read. Null if the API does not report it.';

--
-- Name: COLUMN rest_source.pagination; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.pagination IS 'next: each page contains the address of the next one, or null. link: its address is in the header Link. cursor: each page contains a value that the next request sends (cursor_at, cursor_parameter). page: pages are numbered. offset: pages are identified by the number of records before them. page and offset end when the number of count_at or pages_at is reached, when more_at is false, with an empty page, or with status 404 if the number is not known. none: there is one page.';

--
-- Name: COLUMN rest_source.next_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.next_at IS 'Key of the next page''s address, for pagination next. A page without it is the last one, if count_at, more_at or an earlier page confirms this. Only addresses on the same host are followed.';

--
-- Name: COLUMN rest_source.page_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.page_parameter IS 'Parameter of the address for the page: its number, or the offset. Several numbered pages are fetched at once (elt load --requests).';

--
-- Name: COLUMN rest_source.first_page; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.first_page IS 'Number of the first page, or offset of the first record.';

--
-- Name: COLUMN rest_source.page_size_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.page_size_parameter IS 'Parameter of the address for the number of records per page.';

--
-- Name: COLUMN rest_source.page_size; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.page_size IS 'Number of records to request per page. Null for the API''s default.';

--
-- Name: COLUMN rest_source.requests_per_second; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.requests_per_second IS 'Maximum number of requests per second. Null for no limit.';

--
-- Name: COLUMN rest_source.connect_timeout; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.connect_timeout IS 'Time limit for a connection.';

--
-- Name: COLUMN rest_source.response_timeout; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.response_timeout IS 'Time within which a response must be complete. For a file at an address: the time without any byte.';

--
-- Name: COLUMN rest_source.max_response_bytes; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.max_response_bytes IS 'Maximum size of a response after decompression.';

--
-- Name: COLUMN rest_source.max_attempts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.max_attempts IS 'Maximum number of requests for a page if the connection or the server fails (429, 5xx, timeouts, truncated pages). At most three for a host that has never answered.';

--
-- Name: COLUMN rest_source.retry_delay; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.retry_delay IS 'Delay before the second attempt. It doubles with each further attempt and varies randomly. Retry-After of the server takes precedence.';

--
-- Name: COLUMN rest_source.max_retry_delay; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.max_retry_delay IS 'Longest delay before a retry. If the server asks for a longer one, the load fails.';

--
-- Name: COLUMN rest_source.method; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.method IS 'GET or POST.';

--
-- Name: COLUMN rest_source.body; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.body IS 'JSON object that is sent with each POST request, such as a search or a GraphQL query. It must not be secret.';

--
-- Name: COLUMN rest_source.parameters_in; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.parameters_in IS 'query: parameters for the page, its size, the cursor and the time of change are in the address. body: they are in the body; a.b is b inside a.';

--
-- Name: COLUMN rest_source.is_single_record; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.is_single_record IS 'Whether the value at records_at is an object that is one record.';

--
-- Name: COLUMN rest_source.parent_id_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.parent_id_at IS 'Key of the id in the elements around nested records (records_at a[].b). It is kept in column _parent. Null to keep none.';

--
-- Name: COLUMN rest_source.errors_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.errors_at IS 'Key that exists, and is not null, false or empty, only if the request failed although the status is 200, such as errors of GraphQL. Null if there is none.';

--
-- Name: COLUMN rest_source.cursor_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.cursor_at IS 'Key of the value that the next request sends, for pagination cursor; a[-1].b is b in the last element of a. The last page has null, an empty text or no value, or more_at is false.';

--
-- Name: COLUMN rest_source.cursor_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.cursor_parameter IS 'Parameter of the next request for the value at cursor_at.';

--
-- Name: COLUMN rest_source.more_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.more_at IS 'Key of a value that is false on the last page, such as has_more. Null if there is none.';

--
-- Name: COLUMN rest_source.pages_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.pages_at IS 'Key of the number of all pages, for pagination page. Null if the API does not report it.';

--
-- Name: COLUMN rest_source.sign_in; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.sign_in IS 'How user name and password are used. json or form: posted to the sign-in address, as an object or as a form; the response has the token. client_credentials: OAuth2 (RFC 6749, 4.4), the user name is the client id and the password its secret, in the header. client_credentials_in_body: the same in the form. basic: sent with each request (RFC 7617); ELT_<SOURCE>_PASSWORD may be set to an empty text.';

--
-- Name: COLUMN rest_source.sign_in_url; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.sign_in_url IS 'Address that returns a token, instead of sign_in_path, if it is on another host. https, or a loopback address.';

--
-- Name: COLUMN rest_source.username_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.username_parameter IS 'Key of the user name in the sign-in request. With sign_in client_credentials_in_body, username stands for client_id.';

--
-- Name: COLUMN rest_source.password_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.password_parameter IS 'Key of the password in the sign-in request. With sign_in client_credentials_in_body, password stands for client_secret.';

--
-- Name: COLUMN rest_source.sign_in_parameters; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.sign_in_parameters IS 'Further members of the sign-in request, as an object of texts, such as {"scope": "read"}. They must not be secret. grant_type replaces that of client_credentials.';

--
-- Name: COLUMN rest_source.expires_in_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.expires_in_at IS 'Key of the seconds until the token expires, in the response to the sign-in. The token is renewed before, and after status 401.';

--
-- Name: COLUMN rest_source.token_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.token_parameter IS 'Parameter of the query that contains the token, instead of a header. Null for token_header.';

--
-- Name: COLUMN rest_source.max_restarts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.max_restarts IS 'How often a load begins again if the data changes while its pages are read: their number of records changes, or is not reached.';

--
-- Name: COLUMN rest_source.on_change; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.on_change IS 'What happens after the last restart. refuse: the load fails. accept: the load of a source of mode merge keeps what was read, and a rule reports that rows may be missing.';

--
-- Name: COLUMN rest_source.since_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_column IS 'Key in the records, such as updated_at, whose highest value the next load sends to get only newer records; a.b is b inside a. For modes merge and append. Null to read everything each time.';

--
-- Name: COLUMN rest_source.since_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_parameter IS 'Parameter of the request for that value.';

--
-- Name: COLUMN rest_source.since_type; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_type IS 'How values of since_column are compared. timestamp or date: an instant is sent in UTC (2026-11-30T08:00:00Z). number. text: by their bytes.';

--
-- Name: COLUMN rest_source.since_overlap; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_overlap IS 'What is subtracted from the value, for records that appear late: an interval for timestamp and date, a number for number.';

--
-- Name: COLUMN rest_source.since_format; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_format IS 'Text of the parameter. {} stands for the value: updated gt {}.';

--
-- Name: COLUMN rest_source.since_start; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.rest_source.since_start IS 'Value that is sent by the first load, and with --full. Null to send no parameter then.';

--
-- Name: mode_problem; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.mode_problem AS
 WITH tables AS MATERIALIZED (
         SELECT filled_table.core_query_name,
            filled_table.table_name,
            filled_table.filled,
            filled_table.sources
           FROM elt.filled_table
        ), filled AS (
         SELECT source.source,
            source.mode,
            source.key,
            tables.core_query_name,
            tables.table_name,
            tables.sources,
            ( SELECT (rest_source.since_column IS NOT NULL)
                   FROM elt.rest_source
                  WHERE (rest_source.source = source.source)) AS is_incremental,
            ( SELECT count(*) AS count
                   FROM tables another
                  WHERE ((another.filled)::oid = (tables.filled)::oid)) AS query_count,
            ( SELECT (pg_attribute.atttypid = ('bigint'::regtype)::oid)
                   FROM pg_attribute
                  WHERE ((pg_attribute.attrelid = (tables.filled)::oid) AND (pg_attribute.attname = '_load_id'::name))) AS has_load_id,
            ARRAY( SELECT (pg_attribute.attname)::text AS attname
                   FROM (pg_index
                     JOIN pg_attribute ON (((pg_index.indrelid = pg_attribute.attrelid) AND (pg_attribute.attnum = ANY ((pg_index.indkey)::smallint[])))))
                  WHERE ((pg_index.indrelid = (tables.filled)::oid) AND pg_index.indisprimary)
                  ORDER BY pg_attribute.attnum) AS primary_key
           FROM (elt.source
             LEFT JOIN tables ON ((source.source = ANY (tables.sources))))
          WHERE (source.mode <> 'replace'::text)
        )
 SELECT filled.source,
    found.problem,
    found.hint
   FROM (filled
     CROSS JOIN LATERAL ( VALUES ((filled.core_query_name IS NULL),'no core query reads it'::text,'Write a core query. Without one, a load is lost when its staged rows are dropped.'::text), ((cardinality(filled.sources) > 1),format('core query "%s" reads other sources too'::text, filled.core_query_name),'Let the core query read only this source, and join the sources in a view of sql/mart.'::text), ((filled.query_count > 1),format('table "%s" is filled by other core queries too'::text, filled.table_name),'Create one core table for each source, and combine them in a view of sql/mart.'::text), ((filled.has_load_id IS NOT TRUE),format('table "%s" has no column _load_id bigint'::text, filled.table_name),'Add the column in a migration and to the core query. elt rollback needs it to find the rows of a load.'::text), (((filled.mode = 'append'::text) AND (filled.primary_key = '{_row}'::text[])),format('the primary key of table "%s" is (_row), which is not unique across files'::text, filled.table_name),'Change it in a migration to (_load_id, _row) or to columns of the file.'::text), (((filled.mode = 'append'::text) AND filled.is_incremental AND ((filled.primary_key = '{}'::text[]) OR (filled.primary_key && '{_load_id,_row}'::text[]))),format('the primary key of table "%s" does not identify records'::text, filled.table_name),'An incremental load may read a record again (elt.rest_source.since_column). Give the table a primary key of columns of the record, or set since_column and since_parameter to null.'::text), (((filled.mode = 'merge'::text) AND (NOT ((filled.primary_key @> filled.key) AND (filled.primary_key <@ filled.key)))),
                CASE
                    WHEN (filled.primary_key = '{}'::text[]) THEN format('table "%s" has no primary key'::text, filled.table_name)
                    ELSE format('the primary key of table "%s" is (%s)'::text, filled.table_name, array_to_string(filled.primary_key, ', '::text))
                END,format('elt.source.key is (%s). Change one of them in a migration so that they are equal.'::text, array_to_string(filled.key, ', '::text)))) found(is_so, problem, hint))
  WHERE found.is_so
UNION ALL
 SELECT source.source,
    'its loads read only new records (elt.rest_source.since_column)'::text AS problem,
    'A replace load deletes the records that it does not read. Set elt.source.mode to merge or append, or since_column and since_parameter to null.'::text AS hint
   FROM (elt.source
     JOIN elt.rest_source ON ((source.source = rest_source.source)))
  WHERE ((source.mode = 'replace'::text) AND (rest_source.since_column IS NOT NULL));

--
-- Name: VIEW mode_problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.mode_problem IS 'Sources that cannot be loaded because core or elt.rest_source does not fit their mode. Empty if there is no problem.';

--
-- Name: COLUMN mode_problem.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.mode_problem.source IS 'Source.';

--
-- Name: COLUMN mode_problem.problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.mode_problem.problem IS 'Why the source cannot be loaded.';

--
-- Name: COLUMN mode_problem.hint; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.mode_problem.hint IS 'How to fix it.';

--
-- Name: outside_reader; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.outside_reader AS
 WITH applied AS MATERIALIZED (
         SELECT (to_regclass(current_view.name))::oid AS oid
           FROM elt.current_view
        )
 SELECT DISTINCT format('%s.%s'::text, pg_namespace.nspname, read_relation.relname) AS reads,
        CASE
            WHEN (pg_proc.oid IS NOT NULL) THEN ((pg_proc.oid)::regprocedure)::text
            ELSE format('%s.%s'::text, reader_schema.nspname, reader.relname)
        END AS name,
        CASE
            WHEN (pg_proc.oid IS NOT NULL) THEN 'function'::text
            WHEN (reader.relkind = 'm'::"char") THEN 'materialized view'::text
            ELSE 'view'::text
        END AS kind,
    ((COALESCE(reader.relowner, pg_proc.proowner))::regrole)::text AS owner
   FROM (((((elt.object_use
     JOIN pg_class read_relation ON ((object_use.used_id = read_relation.oid)))
     JOIN pg_namespace ON ((read_relation.relnamespace = pg_namespace.oid)))
     LEFT JOIN pg_class reader ON (((object_use.class_id = ('pg_class'::regclass)::oid) AND (object_use.object_id = reader.oid))))
     LEFT JOIN pg_namespace reader_schema ON ((reader.relnamespace = reader_schema.oid)))
     LEFT JOIN pg_proc ON (((object_use.class_id = ('pg_proc'::regclass)::oid) AND (object_use.object_id = pg_proc.oid))))
  WHERE ((object_use.used_class_id = ('pg_class'::regclass)::oid) AND (pg_namespace.nspname = ANY (ARRAY['public'::name, 'core'::name, 'quality'::name, 'staging'::name, 'elt'::name])) AND (reader.relpersistence IS DISTINCT FROM 't'::"char") AND (NOT (EXISTS ( SELECT 1
           FROM applied
          WHERE (applied.oid = ANY (ARRAY[reader.oid, pg_proc.oid]))))));

--
-- Name: VIEW outside_reader; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.outside_reader IS 'Views, tables and functions created outside sql/ that read objects of the project or the engine. An object cannot be dropped before its reader is.';

--
-- Name: COLUMN outside_reader.reads; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.outside_reader.reads IS 'Schema and name of the object that is read.';

--
-- Name: COLUMN outside_reader.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.outside_reader.name IS 'Schema and name of the reader; for a function, with its arguments.';

--
-- Name: COLUMN outside_reader.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.outside_reader.kind IS 'view, materialized view or function.';

--
-- Name: COLUMN outside_reader.owner; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.outside_reader.owner IS 'Role that owns it.';

--
-- Name: prepared_part; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.prepared_part (
    relation text NOT NULL,
    table_name text NOT NULL,
    part bigint NOT NULL,
    parts bigint NOT NULL,
    is_partition boolean NOT NULL,
    core_state text NOT NULL,
    rows_inserted bigint NOT NULL,
    rows_updated bigint NOT NULL,
    rows_deleted bigint NOT NULL,
    prepared_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prepared_part_is_one_of_parts CHECK (((part >= 0) AND (part < parts)))
);

--
-- Name: TABLE prepared_part; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.prepared_part IS 'Tables that were prepared for a publish that has not ended. elt.sweep drops the tables of a publish that was interrupted.';

--
-- Name: COLUMN prepared_part.relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.relation IS 'Schema and name of the prepared table.';

--
-- Name: COLUMN prepared_part.table_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.table_name IS 'Schema and name of the core table that it is for.';

--
-- Name: COLUMN prepared_part.part; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.part IS 'Part of the keys that it contains, from 0.';

--
-- Name: COLUMN prepared_part.parts; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.parts IS 'Number of parts into which the keys are divided.';

--
-- Name: COLUMN prepared_part.is_partition; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.is_partition IS 'Whether it contains all rows of its part and becomes a partition. Otherwise it contains the rows that differ.';

--
-- Name: COLUMN prepared_part.core_state; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.core_state IS 'elt.core_state when it was prepared. A publish uses the prepared tables only if nothing has changed since.';

--
-- Name: COLUMN prepared_part.rows_inserted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.rows_inserted IS 'Number of rows that the publish will insert.';

--
-- Name: COLUMN prepared_part.rows_updated; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.rows_updated IS 'Number of rows that the publish will update.';

--
-- Name: COLUMN prepared_part.rows_deleted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.rows_deleted IS 'Number of rows that the publish will delete.';

--
-- Name: COLUMN prepared_part.prepared_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.prepared_part.prepared_at IS 'When it was prepared.';

--
-- Name: project_migration; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.project_migration (
    version integer NOT NULL,
    name character varying(255),
    applied_on character varying(255),
    checksum character varying(255),
    applied_text text DEFAULT NULLIF(current_setting('elt.migration_text'::text, true), ''::text)
);

--
-- Name: TABLE project_migration; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.project_migration IS 'Applied migrations of the project. elt migrate --status shows them.';

--
-- Name: COLUMN project_migration.applied_text; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.project_migration.applied_text IS 'Text of the file when it was applied. Null if an earlier version of elt, which did not keep it, applied it.';

--
-- Name: publish_publish_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.publish ALTER COLUMN publish_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.publish_publish_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: purge_status; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.purge_status AS
SELECT
    NULL::bigint AS publish_id,
    NULL::timestamp with time zone AS started_at,
    NULL::text AS published_by,
    NULL::bigint AS rows_deleted,
    NULL::bigint AS rows_updated,
    NULL::text[] AS tables;

--
-- Name: VIEW purge_status; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.purge_status IS 'Purges that changed live data, with what they removed from core.';

--
-- Name: COLUMN purge_status.publish_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.publish_id IS 'Publish of the purge.';

--
-- Name: COLUMN purge_status.started_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.started_at IS 'When it started.';

--
-- Name: COLUMN purge_status.published_by; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.published_by IS 'Database role that purged.';

--
-- Name: COLUMN purge_status.rows_deleted; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.rows_deleted IS 'Number of rows removed from core tables.';

--
-- Name: COLUMN purge_status.rows_updated; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.rows_updated IS 'Number of rows of core tables that got the values of an earlier load again.';

--
-- Name: COLUMN purge_status.tables; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.purge_status.tables IS 'Core tables that lost or changed rows.';

--
-- Name: query_problem; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.query_problem AS
 WITH query_role AS (
         SELECT pg_roles.oid,
            pg_roles.rolcanlogin,
            (pg_roles.rolsuper OR pg_roles.rolcreaterole OR pg_roles.rolcreatedb OR pg_roles.rolreplication OR pg_roles.rolbypassrls) AS has_attributes
           FROM pg_roles
          WHERE (pg_roles.rolname = 'elt_query'::name)
        ), allowed AS (
         SELECT role_right.schema_name,
            unnest(role_right.only_names) AS relation_name
           FROM elt.role_right
          WHERE ((role_right.role_name = 'elt_query'::text) AND (role_right.privilege = 'select'::text))
        ), relation AS (
         SELECT own_relation.name,
            ((own_relation.schema_name = 'public'::text) OR (allowed.relation_name IS NOT NULL)) AS may_read,
            has_any_column_privilege(query_role.oid, (own_relation.relation_id)::oid, 'select'::text) AS can_read,
            (has_any_column_privilege(query_role.oid, (own_relation.relation_id)::oid, 'insert, update'::text) OR has_table_privilege(query_role.oid, (own_relation.relation_id)::oid, 'delete, truncate'::text)) AS can_write
           FROM ((elt.own_relation
             CROSS JOIN query_role)
             LEFT JOIN allowed ON (((own_relation.schema_name = allowed.schema_name) AND (own_relation.relation_name = allowed.relation_name))))
          WHERE (own_relation.kind = ANY (ARRAY['table'::text, 'view'::text]))
        ), problems AS (
         SELECT 'Role elt_query does not exist. An administrator creates it with elt grants --yes, and gives it a password.'::text AS problem,
            1 AS rank
          WHERE (to_regrole('elt_query'::text) IS NULL)
        UNION ALL
         SELECT 'Role elt_query may not log in: alter role elt_query login.'::text AS problem,
            2 AS rank
           FROM query_role
          WHERE (NOT query_role.rolcanlogin)
        UNION ALL
         SELECT 'Role elt_query has an attribute such as superuser or createrole, which it must not have.'::text AS problem,
            3 AS rank
           FROM query_role
          WHERE query_role.has_attributes
        UNION ALL
         SELECT format('Role elt_query is a member of %s: queries would have the rights of that role.'::text, granted.rolname) AS problem,
            4 AS rank
           FROM ((query_role
             JOIN pg_auth_members ON ((query_role.oid = pg_auth_members.member)))
             JOIN pg_roles granted ON ((pg_auth_members.roleid = granted.oid)))
        UNION ALL
         SELECT format('Role elt_query may read %s.'::text, relation.name) AS problem,
            5 AS rank
           FROM relation
          WHERE (relation.can_read AND (NOT relation.may_read))
        UNION ALL
         SELECT format('Role elt_query may write %s.'::text, relation.name) AS problem,
            6 AS rank
           FROM relation
          WHERE relation.can_write
        )
 SELECT problems.problem,
    row_number() OVER (ORDER BY problems.rank, problems.problem) AS place
   FROM problems;

--
-- Name: VIEW query_problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.query_problem IS 'Reasons why the page /sql is off: role elt_query is missing, or has rights that queries of users must not have.';

--
-- Name: COLUMN query_problem.problem; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.query_problem.problem IS 'The reason, a sentence.';

--
-- Name: COLUMN query_problem.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.query_problem.place IS 'Order in which they are shown.';

--
-- Name: relation_column; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.relation_column AS
 SELECT relation.relation_id,
    (pg_attribute.attnum)::bigint AS place,
    (pg_attribute.attname)::text AS column_name,
    format_type(pg_attribute.atttypid, pg_attribute.atttypmod) AS type_name,
        CASE pg_type.typcategory
            WHEN 'N'::"char" THEN 'number'::text
            WHEN 'S'::"char" THEN 'text'::text
            WHEN 'D'::"char" THEN 'time'::text
            WHEN 'B'::"char" THEN 'boolean'::text
            WHEN 'A'::"char" THEN 'list'::text
            ELSE 'other'::text
        END AS category,
    (pg_type.typname <> ALL (ARRAY['json'::text, 'xml'::text, 'point'::text, 'box'::text, 'path'::text, 'polygon'::text, 'circle'::text, 'line'::text, 'lseg'::text])) AS is_sortable,
    (NOT pg_attribute.attnotnull) AS is_nullable,
    COALESCE(col_description(pg_attribute.attrelid, (pg_attribute.attnum)::integer), ''::text) AS description,
    format_type(pg_attribute.atttypid, '-1'::integer) AS cast_name,
        CASE
            WHEN (pg_type.typtype = 'm'::"char") THEN 'elt.ranges_words'::text
            WHEN (pg_type.typtype = 'r'::"char") THEN 'elt.range_words'::text
            WHEN ((pg_type.typcategory = 'A'::"char") AND (pg_type.typname <> ALL (ARRAY['int2vector'::name, 'oidvector'::name]))) THEN 'elt.list_words'::text
            ELSE NULL::text
        END AS words_function
   FROM ((elt.relation
     JOIN pg_attribute ON ((relation.relation_id = (pg_attribute.attrelid)::bigint)))
     JOIN pg_type ON ((pg_attribute.atttypid = pg_type.oid)))
  WHERE ((pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped));

--
-- Name: VIEW relation_column; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.relation_column IS 'Columns of the tables and views of elt.relation, with their comments.';

--
-- Name: COLUMN relation_column.relation_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.relation_id IS 'oid of the table or view.';

--
-- Name: COLUMN relation_column.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.place IS 'Position among its columns.';

--
-- Name: COLUMN relation_column.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.column_name IS 'Name.';

--
-- Name: COLUMN relation_column.type_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.type_name IS 'Type, as in create table.';

--
-- Name: COLUMN relation_column.category; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.category IS 'number, text, time, boolean, list or other.';

--
-- Name: COLUMN relation_column.is_sortable; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.is_sortable IS 'Whether its values can be sorted.';

--
-- Name: COLUMN relation_column.is_nullable; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.is_nullable IS 'Whether the column of a table may be null. True for views.';

--
-- Name: COLUMN relation_column.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.description IS 'Comment of the column.';

--
-- Name: COLUMN relation_column.cast_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.cast_name IS 'Type without length or precision, so that a cast to it truncates nothing.';

--
-- Name: COLUMN relation_column.words_function; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.relation_column.words_function IS 'Function that returns a value of the column in words. Null if its text is plain.';

--
-- Name: retained_load; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.retained_load AS
 SELECT load.source,
    load.load_id
   FROM (elt.load
     JOIN elt.source ON ((load.source = source.source)))
  WHERE ((source.mode <> 'replace'::text) AND (load.live_publish_id IS NOT NULL) AND (NOT (EXISTS ( SELECT 1
           FROM elt.load later
          WHERE ((later.source = load.source) AND (later.load_id >= load.load_id) AND (later.live_publish_id IS NOT NULL) AND (later.staging_dropped_at IS NOT NULL))))));

--
-- Name: VIEW retained_load; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.retained_load IS 'Live loads of append and merge sources that can still be undone.';

--
-- Name: COLUMN retained_load.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.retained_load.source IS 'Source.';

--
-- Name: COLUMN retained_load.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.retained_load.load_id IS 'Load.';

--
-- Name: row_link; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.row_link (
    relation text NOT NULL,
    column_name text NOT NULL,
    target text NOT NULL,
    shared_columns text[] NOT NULL,
    CONSTRAINT row_link_relation_has_a_schema CHECK ((relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text)),
    CONSTRAINT row_link_shares_a_column CHECK ((cardinality(shared_columns) > 0)),
    CONSTRAINT row_link_target_has_a_schema CHECK ((target ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'::text))
);

--
-- Name: TABLE row_link; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.row_link IS 'Links of the web application: in the list of relation, each value of the column leads to the rows of target that have the same values in the shared columns.';

--
-- Name: COLUMN row_link.relation; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_link.relation IS 'Schema and name of the table or view that shows the link.';

--
-- Name: COLUMN row_link.column_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_link.column_name IS 'Column whose values are links.';

--
-- Name: COLUMN row_link.target; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_link.target IS 'Schema and name of the table or view that the link leads to.';

--
-- Name: COLUMN row_link.shared_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_link.shared_columns IS 'Columns that both have, under the same name. They identify the rows of target.';

--
-- Name: row_origin; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.row_origin AS
 WITH RECURSIVE ways AS (
         SELECT lineage.name,
            lineage.reads,
            1 AS depth
           FROM elt.lineage
        UNION
         SELECT ways_1.name,
            lineage.reads,
            (ways_1.depth + 1) AS depth
           FROM (ways ways_1
             JOIN elt.lineage ON ((ways_1.reads = lineage.name)))
          WHERE (ways_1.depth < 12)
        ), with_columns AS (
         SELECT format('%s.%s'::text, relation.schema_name, relation.relation_name) AS name,
            relation.key_columns,
            array_agg(relation_column.column_name) AS column_names,
            array_agg(((relation_column.column_name || ' '::text) || relation_column.type_name)) AS typed_names
           FROM (elt.relation
             JOIN elt.relation_column ON ((relation.relation_id = relation_column.relation_id)))
          WHERE (relation.schema_name <> 'elt'::text)
          GROUP BY relation.schema_name, relation.relation_name, relation.key_columns
        )
 SELECT DISTINCT ON (ways.name) ways.name,
    ways.reads AS origin,
    shared.shared_columns
   FROM (((ways
     JOIN with_columns followed ON ((ways.name = followed.name)))
     JOIN with_columns origin ON ((ways.reads = origin.name)))
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(own.column_name ORDER BY own.column_name), '{}'::text[]) AS shared_columns
           FROM (unnest(
                CASE
                    WHEN (followed.key_columns <> '{}'::text[]) THEN followed.key_columns
                    ELSE followed.column_names
                END) own(column_name)
             JOIN UNNEST(followed.column_names, followed.typed_names) typed(column_name, typed_name) ON ((own.column_name = typed.column_name)))
          WHERE ((typed.typed_name = ANY (origin.typed_names)) AND ("left"(own.column_name, 1) <> '_'::text))) shared)
  WHERE (('_row'::text = ANY (origin.column_names)) AND ('_load_id'::text = ANY (origin.column_names)) AND (NOT ('_row'::text = ANY (followed.column_names))) AND (cardinality(shared.shared_columns) >= 2))
  ORDER BY ways.name, ways.depth, ways.reads;

--
-- Name: VIEW row_origin; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.row_origin IS 'Where to find the staged rows that a row was computed from.';

--
-- Name: COLUMN row_origin.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_origin.name IS 'Schema and name of the table or view.';

--
-- Name: COLUMN row_origin.origin; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_origin.origin IS 'Schema and name of the view with _load_id and _row.';

--
-- Name: COLUMN row_origin.shared_columns; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.row_origin.shared_columns IS 'Columns that must be equal: the key, or all columns that both have.';

--
-- Name: saved_query; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.saved_query (
    saved_query text NOT NULL,
    place bigint DEFAULT 0 NOT NULL,
    definition text NOT NULL,
    parameters text DEFAULT ''::text NOT NULL,
    chart text,
    description text DEFAULT ''::text NOT NULL,
    CONSTRAINT saved_query_chart_has_no_parameters CHECK (((chart IS NULL) OR (parameters = ''::text))),
    CONSTRAINT saved_query_chart_known CHECK ((chart = ANY (ARRAY['bars'::text, 'columns'::text, 'line'::text, 'points'::text]))),
    CONSTRAINT saved_query_definition_at_most_10000_bytes CHECK ((10000 >= octet_length(definition))),
    CONSTRAINT saved_query_definition_not_blank CHECK ((definition ~ '\S'::text)),
    CONSTRAINT saved_query_description_at_most_1000_characters CHECK ((char_length(description) <= 1000)),
    CONSTRAINT saved_query_is_a_name CHECK ((saved_query ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT saved_query_parameters_have_types CHECK ((parameters ~ '^([a-z_][a-z0-9_]{0,62} (text|bigint|numeric|date|timestamptz|boolean)(, ?[a-z_][a-z0-9_]{0,62} (text|bigint|numeric|date|timestamptz|boolean))*)?$'::text))
);

--
-- Name: TABLE saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.saved_query IS 'Queries that users saved for the page /sql. The first page lists them, and draws those that have a chart. They run as role elt_query, not with the rights of the user who saved them.';

--
-- Name: COLUMN saved_query.saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.saved_query IS 'Name, part of the address of the query.';

--
-- Name: COLUMN saved_query.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.place IS 'Position among the others; lower ones first.';

--
-- Name: COLUMN saved_query.definition; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.definition IS 'One query: select, with, values or table. A parameter is written :name.';

--
-- Name: COLUMN saved_query.parameters; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.parameters IS 'Parameters with their types, separated by commas: since date, practice bigint. Types: text, bigint, numeric, date, timestamptz, boolean. Others are text.';

--
-- Name: COLUMN saved_query.chart; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.chart IS 'How the first page draws the query: bars, line or points. The first column is the label, the next column with numbers is drawn. Null if it is only listed.';

--
-- Name: COLUMN saved_query.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query.description IS 'What the query answers.';

--
-- Name: CONSTRAINT saved_query_chart_has_no_parameters ON saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_query_chart_has_no_parameters ON elt.saved_query IS 'A query with parameters cannot be drawn on the first page.';

--
-- Name: CONSTRAINT saved_query_definition_at_most_10000_bytes ON saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_query_definition_at_most_10000_bytes ON elt.saved_query IS 'A query has at most 10000 bytes.';

--
-- Name: CONSTRAINT saved_query_definition_not_blank ON saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_query_definition_not_blank ON elt.saved_query IS 'A saved query has SQL.';

--
-- Name: CONSTRAINT saved_query_is_a_name ON saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_query_is_a_name ON elt.saved_query IS 'A name has at most 63 small letters, digits and underscores, and begins with a letter.';

--
-- Name: CONSTRAINT saved_query_parameters_have_types ON saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_query_parameters_have_types ON elt.saved_query IS 'Write each parameter with its type, separated by commas: since date, practice bigint. Types: text, bigint, numeric, date, timestamptz, boolean.';

--
-- Name: saved_query_parameter; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.saved_query_parameter AS
 SELECT saved_query.saved_query,
    part.place,
    split_part(btrim(part.parameter), ' '::text, 1) AS parameter_name,
    split_part(btrim(part.parameter), ' '::text, 2) AS type_name
   FROM (elt.saved_query
     CROSS JOIN LATERAL string_to_table(saved_query.parameters, ','::text) WITH ORDINALITY part(parameter, place));

--
-- Name: VIEW saved_query_parameter; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.saved_query_parameter IS 'Parameters of the saved queries, with their types.';

--
-- Name: COLUMN saved_query_parameter.saved_query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query_parameter.saved_query IS 'Name of the saved query.';

--
-- Name: COLUMN saved_query_parameter.place; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query_parameter.place IS 'Position, from 1.';

--
-- Name: COLUMN saved_query_parameter.parameter_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query_parameter.parameter_name IS 'Name, without the colon.';

--
-- Name: COLUMN saved_query_parameter.type_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_query_parameter.type_name IS 'text, bigint, numeric, date, timestamptz or boolean.';

--
-- Name: saved_view; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.saved_view (
    saved_view_id bigint NOT NULL,
    relation_name text NOT NULL,
    view_name text NOT NULL,
    query text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    account_name text DEFAULT COALESCE(NULLIF(current_setting('elt.account'::text, true), ''::text), (SESSION_USER)::text) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_view_description_at_most_1000_characters CHECK ((char_length(description) <= 1000)),
    CONSTRAINT saved_view_name_at_most_60_characters CHECK ((char_length(view_name) <= 60)),
    CONSTRAINT saved_view_name_is_visible CHECK ((view_name !~ '[[:cntrl:]]'::text)),
    CONSTRAINT saved_view_name_not_blank CHECK ((view_name ~ '\S'::text)),
    CONSTRAINT saved_view_query_at_most_4000_characters CHECK ((char_length(query) <= 4000)),
    CONSTRAINT saved_view_query_is_a_query_string CHECK ((query ~ '^[]A-Za-z0-9_.~!$%&''()*+,/:;=?@[-]*$'::text)),
    CONSTRAINT saved_view_relation_has_a_schema CHECK ((relation_name ~ '^[^.[:cntrl:]]+[.][^[:cntrl:]]+$'::text)),
    CONSTRAINT saved_view_shows_no_rejects CHECK ((relation_name <> 'elt.reject'::text))
);

--
-- Name: TABLE saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.saved_view IS 'Views of lists that users saved: filters, order, columns and page size of a table, by name. The page of the table shows them to all accounts.';

--
-- Name: COLUMN saved_view.saved_view_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.saved_view_id IS 'Number.';

--
-- Name: COLUMN saved_view.relation_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.relation_name IS 'Schema and name of the table or view that is listed.';

--
-- Name: COLUMN saved_view.view_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.view_name IS 'Name on the page of the table.';

--
-- Name: COLUMN saved_view.query; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.query IS 'The part of the address of the list after the question mark, such as f.state.is=failed&sort=-load_id.';

--
-- Name: COLUMN saved_view.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.description IS 'What the rows are for.';

--
-- Name: COLUMN saved_view.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.account_name IS 'Account that saved it, or the role that inserted it in psql.';

--
-- Name: COLUMN saved_view.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.saved_view.created_at IS 'When it was saved.';

--
-- Name: CONSTRAINT saved_view_name_is_visible ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_name_is_visible ON elt.saved_view IS 'A name has no control characters.';

--
-- Name: CONSTRAINT saved_view_name_not_blank ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_name_not_blank ON elt.saved_view IS 'A saved view has a name.';

--
-- Name: CONSTRAINT saved_view_query_is_a_query_string ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_query_is_a_query_string ON elt.saved_view IS 'Write the part of an address after the question mark: letters, digits and the characters of a query string.';

--
-- Name: CONSTRAINT saved_view_relation_has_a_schema ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_relation_has_a_schema ON elt.saved_view IS 'Write the schema and the name of the table: core.orders.';

--
-- Name: CONSTRAINT saved_view_shows_no_rejects ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_shows_no_rejects ON elt.saved_view IS 'Lists of rejects are not saved, because all accounts see saved views.';

--
-- Name: saved_view_saved_view_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.saved_view ALTER COLUMN saved_view_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.saved_view_saved_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: schema_object; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.schema_object AS
 WITH relations AS (
         SELECT pg_class.oid,
            pg_class.relname,
            pg_class.relnamespace,
            pg_class.reltype,
            pg_class.reloftype,
            pg_class.relowner,
            pg_class.relam,
            pg_class.relfilenode,
            pg_class.reltablespace,
            pg_class.relpages,
            pg_class.reltuples,
            pg_class.relallvisible,
            pg_class.reltoastrelid,
            pg_class.relhasindex,
            pg_class.relisshared,
            pg_class.relpersistence,
            pg_class.relkind,
            pg_class.relnatts,
            pg_class.relchecks,
            pg_class.relhasrules,
            pg_class.relhastriggers,
            pg_class.relhassubclass,
            pg_class.relrowsecurity,
            pg_class.relforcerowsecurity,
            pg_class.relispopulated,
            pg_class.relreplident,
            pg_class.relispartition,
            pg_class.relrewrite,
            pg_class.relfrozenxid,
            pg_class.relminmxid,
            pg_class.relacl,
            pg_class.reloptions,
            pg_class.relpartbound,
            format('%I.%I'::text, pg_namespace.nspname, pg_class.relname) AS name
           FROM (pg_class
             JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
          WHERE ((pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'public'::name, 'quality'::name])) AND (pg_class.relkind = ANY (ARRAY['r'::"char", 'p'::"char", 'v'::"char", 'm'::"char"])) AND (NOT pg_class.relispartition))
        )
 SELECT 'schema'::text AS kind,
    (pg_namespace.nspname)::text AS name,
    ''::text AS definition,
    obj_description(pg_namespace.oid, 'pg_namespace'::name) AS description
   FROM pg_namespace
  WHERE (pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'public'::name, 'quality'::name]))
UNION ALL
 SELECT
        CASE
            WHEN (relations.relkind = ANY (ARRAY['v'::"char", 'm'::"char"])) THEN 'view'::text
            ELSE 'table'::text
        END AS kind,
    relations.name,
        CASE
            WHEN (relations.relkind = ANY (ARRAY['v'::"char", 'm'::"char"])) THEN pg_get_viewdef(relations.oid)
            ELSE concat_ws(' '::text,
            CASE relations.relpersistence
                WHEN 'u'::"char" THEN 'unlogged'::text
                ELSE NULL::text
            END, ('partitioned by '::text || pg_get_partkeydef(relations.oid)),
            CASE
                WHEN relations.relrowsecurity THEN 'row security'::text
                ELSE NULL::text
            END,
            CASE
                WHEN relations.relforcerowsecurity THEN 'for the owner too'::text
                ELSE NULL::text
            END)
        END AS definition,
    obj_description(relations.oid, 'pg_class'::name) AS description
   FROM relations
UNION ALL
 SELECT 'column'::text AS kind,
    format('%s.%I'::text, relations.name, pg_attribute.attname) AS name,
    concat_ws(' '::text, format_type(pg_attribute.atttypid, pg_attribute.atttypmod),
        CASE
            WHEN (pg_attribute.attcollation <> pg_type.typcollation) THEN ('collate '::text || (pg_attribute.attcollation)::regcollation)
            ELSE NULL::text
        END,
        CASE
            WHEN pg_attribute.attnotnull THEN 'not null'::text
            ELSE NULL::text
        END,
        CASE pg_attribute.attidentity
            WHEN 'a'::"char" THEN 'generated always as identity'::text
            WHEN 'd'::"char" THEN 'generated by default as identity'::text
            ELSE NULL::text
        END, replace(
        CASE pg_attribute.attgenerated
            WHEN ''::"char" THEN 'default $'::text
            WHEN 's'::"char" THEN 'generated always as ($) stored'::text
            ELSE 'generated always as ($) virtual'::text
        END, '$'::text, pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid))) AS definition,
    col_description(relations.oid, (pg_attribute.attnum)::integer) AS description
   FROM (((relations
     JOIN pg_attribute ON ((relations.oid = pg_attribute.attrelid)))
     JOIN pg_type ON ((pg_attribute.atttypid = pg_type.oid)))
     LEFT JOIN pg_attrdef ON (((relations.oid = pg_attrdef.adrelid) AND (pg_attribute.attnum = pg_attrdef.adnum) AND (relations.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])))))
  WHERE ((pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped))
UNION ALL
 SELECT 'constraint'::text AS kind,
    format('%s.%I'::text, relations.name, pg_constraint.conname) AS name,
    pg_get_constraintdef(pg_constraint.oid) AS definition,
    obj_description(pg_constraint.oid, 'pg_constraint'::name) AS description
   FROM (relations
     JOIN pg_constraint ON ((relations.oid = pg_constraint.conrelid)))
  WHERE (pg_constraint.contype <> 'n'::"char")
UNION ALL
 SELECT 'index'::text AS kind,
    format('%s.%I'::text, relations.name, index_relation.relname) AS name,
    (pg_get_indexdef(pg_index.indexrelid) ||
        CASE
            WHEN pg_index.indisvalid THEN ''::text
            ELSE ' (not valid)'::text
        END) AS definition,
    obj_description(pg_index.indexrelid, 'pg_class'::name) AS description
   FROM ((relations
     JOIN pg_index ON ((relations.oid = pg_index.indrelid)))
     JOIN pg_class index_relation ON ((pg_index.indexrelid = index_relation.oid)))
UNION ALL
 SELECT 'trigger'::text AS kind,
    format('%s.%I'::text, relations.name, pg_trigger.tgname) AS name,
    (pg_get_triggerdef(pg_trigger.oid) ||
        CASE pg_trigger.tgenabled
            WHEN 'O'::"char" THEN ''::text
            ELSE ' (not as usual)'::text
        END) AS definition,
    obj_description(pg_trigger.oid, 'pg_trigger'::name) AS description
   FROM (relations
     JOIN pg_trigger ON ((relations.oid = pg_trigger.tgrelid)))
  WHERE ((NOT pg_trigger.tgisinternal) AND (relations.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])))
UNION ALL
 SELECT 'rule'::text AS kind,
    format('%s.%I'::text, relations.name, pg_rewrite.rulename) AS name,
    (pg_get_ruledef(pg_rewrite.oid) ||
        CASE pg_rewrite.ev_enabled
            WHEN 'O'::"char" THEN ''::text
            ELSE ' (not as usual)'::text
        END) AS definition,
    obj_description(pg_rewrite.oid, 'pg_rewrite'::name) AS description
   FROM (relations
     JOIN pg_rewrite ON ((relations.oid = pg_rewrite.ev_class)))
  WHERE (relations.relkind = ANY (ARRAY['r'::"char", 'p'::"char"]))
UNION ALL
 SELECT 'policy'::text AS kind,
    format('%s.%I'::text, relations.name, pg_policy.polname) AS name,
    concat_ws(' '::text,
        CASE
            WHEN pg_policy.polpermissive THEN 'as permissive'::text
            ELSE 'as restrictive'::text
        END,
        CASE pg_policy.polcmd
            WHEN 'r'::"char" THEN 'for select'::text
            WHEN 'a'::"char" THEN 'for insert'::text
            WHEN 'w'::"char" THEN 'for update'::text
            WHEN 'd'::"char" THEN 'for delete'::text
            ELSE 'for all'::text
        END, ('to '::text || ( SELECT string_agg(
                CASE granted.role_id
                    WHEN 0 THEN 'public'::text
                    ELSE ((granted.role_id)::regrole)::text
                END, ', '::text ORDER BY granted.role_id) AS string_agg
           FROM unnest(pg_policy.polroles) granted(role_id))), (('using ('::text || pg_get_expr(pg_policy.polqual, pg_policy.polrelid)) || ')'::text), (('with check ('::text || pg_get_expr(pg_policy.polwithcheck, pg_policy.polrelid)) || ')'::text)) AS definition,
    obj_description(pg_policy.oid, 'pg_policy'::name) AS description
   FROM (relations
     JOIN pg_policy ON ((relations.oid = pg_policy.polrelid)))
UNION ALL
 SELECT 'options'::text AS kind,
    relations.name,
    array_to_string(relations.reloptions, ', '::text) AS definition,
    NULL::text AS description
   FROM relations
  WHERE (relations.reloptions IS NOT NULL)
UNION ALL
 SELECT 'function'::text AS kind,
    ((pg_proc.oid)::regprocedure)::text AS name,
    pg_get_functiondef(pg_proc.oid) AS definition,
    obj_description(pg_proc.oid, 'pg_proc'::name) AS description
   FROM (pg_proc
     JOIN pg_namespace ON ((pg_proc.pronamespace = pg_namespace.oid)))
  WHERE ((pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'public'::name, 'quality'::name])) AND (pg_proc.prokind = ANY (ARRAY['f'::"char", 'p'::"char"])))
UNION ALL
 SELECT 'type'::text AS kind,
    format('%I.%I'::text, pg_namespace.nspname, pg_type.typname) AS name,
        CASE pg_type.typtype
            WHEN 'e'::"char" THEN ( SELECT (('enum ('::text || string_agg(quote_literal((pg_enum.enumlabel)::text), ', '::text ORDER BY pg_enum.enumsortorder)) || ')'::text)
               FROM pg_enum
              WHERE (pg_enum.enumtypid = pg_type.oid))
            WHEN 'd'::"char" THEN concat_ws(' '::text, 'domain', format_type(pg_type.typbasetype, pg_type.typtypmod),
            CASE
                WHEN pg_type.typnotnull THEN 'not null'::text
                ELSE NULL::text
            END, ('default '::text || pg_type.typdefault), ( SELECT string_agg(pg_get_constraintdef(pg_constraint.oid), ' '::text ORDER BY pg_constraint.conname) AS string_agg
               FROM pg_constraint
              WHERE ((pg_constraint.contypid = pg_type.oid) AND (pg_constraint.contype <> 'n'::"char"))))
            WHEN 'r'::"char" THEN 'range'::text
            ELSE ( SELECT (('row ('::text || string_agg(format('%I %s'::text, pg_attribute.attname, format_type(pg_attribute.atttypid, pg_attribute.atttypmod)), ', '::text ORDER BY pg_attribute.attnum)) || ')'::text)
               FROM pg_attribute
              WHERE ((pg_attribute.attrelid = pg_type.typrelid) AND (NOT pg_attribute.attisdropped)))
        END AS definition,
    obj_description(pg_type.oid, 'pg_type'::name) AS description
   FROM ((pg_type
     JOIN pg_namespace ON ((pg_type.typnamespace = pg_namespace.oid)))
     LEFT JOIN pg_class ON ((pg_type.typrelid = pg_class.oid)))
  WHERE ((pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'public'::name, 'quality'::name])) AND ((pg_type.typtype = ANY (ARRAY['e'::"char", 'd'::"char", 'r'::"char"])) OR ((pg_type.typtype = 'c'::"char") AND (pg_class.relkind = 'c'::"char"))))
UNION ALL
 SELECT 'sequence'::text AS kind,
    format('%I.%I'::text, pg_namespace.nspname, pg_class.relname) AS name,
    concat_ws(' '::text, 'as', format_type(pg_sequence.seqtypid, NULL::integer), 'start', pg_sequence.seqstart, 'increment', pg_sequence.seqincrement, 'from', pg_sequence.seqmin, 'to', pg_sequence.seqmax, 'cache', pg_sequence.seqcache,
        CASE
            WHEN pg_sequence.seqcycle THEN 'cycle'::text
            ELSE NULL::text
        END) AS definition,
    obj_description(pg_class.oid, 'pg_class'::name) AS description
   FROM ((pg_sequence
     JOIN pg_class ON ((pg_sequence.seqrelid = pg_class.oid)))
     JOIN pg_namespace ON ((pg_class.relnamespace = pg_namespace.oid)))
  WHERE ((pg_namespace.nspname = ANY (ARRAY['elt'::name, 'staging'::name, 'core'::name, 'public'::name, 'quality'::name])) AND (NOT (EXISTS ( SELECT 1
           FROM pg_depend
          WHERE ((pg_depend.classid = ('pg_class'::regclass)::oid) AND (pg_depend.objid = pg_class.oid) AND (pg_depend.deptype = ANY (ARRAY['i'::"char", 'a'::"char"])))))));

--
-- Name: VIEW schema_object; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.schema_object IS 'Objects of the schema with their definitions, for the comparison of elt migrate --verify.';

--
-- Name: COLUMN schema_object.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schema_object.kind IS 'schema, table, column, constraint, index, trigger, rule, policy, options, view, function, type or sequence.';

--
-- Name: COLUMN schema_object.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schema_object.name IS 'Name with its schema. Parts of a table follow the name of the table, options have the name of their table or view, and functions have their arguments.';

--
-- Name: COLUMN schema_object.definition; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schema_object.definition IS 'Definition as PostgreSQL writes it. Empty for an object that has only a name.';

--
-- Name: COLUMN schema_object.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.schema_object.description IS 'Comment of the object.';

--
-- Name: sent_form; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.sent_form (
    form_id uuid NOT NULL,
    account_name text NOT NULL,
    content_sha256 bytea NOT NULL,
    row_key text[],
    said text NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sent_form_content_is_hashed CHECK ((octet_length(content_sha256) = 32))
);

--
-- Name: TABLE sent_form; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.sent_form IS 'Submitted forms of the web application, kept for a week. Each is inserted in the transaction that does what the form asks for.';

--
-- Name: COLUMN sent_form.form_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.form_id IS 'Random number that the page gave the form.';

--
-- Name: COLUMN sent_form.account_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.account_name IS 'Account that sent it.';

--
-- Name: COLUMN sent_form.content_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.content_sha256 IS 'SHA-256 of address and fields, to distinguish a repeated submission from a changed form.';

--
-- Name: COLUMN sent_form.row_key; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.row_key IS 'Key of the inserted row, or number of the job that was started. Null for other forms.';

--
-- Name: COLUMN sent_form.said; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.said IS 'Message that was shown. Empty if it can be made from the key.';

--
-- Name: COLUMN sent_form.sent_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sent_form.sent_at IS 'When the form was processed.';

--
-- Name: session; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.session (
    session_id bigint NOT NULL,
    account_id bigint NOT NULL,
    token_sha256 bytea NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT session_token_is_hashed CHECK ((octet_length(token_sha256) = 32))
);

--
-- Name: TABLE session; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.session IS 'Browser sessions. Only the SHA-256 of the cookie''s token is stored.';

--
-- Name: COLUMN session.session_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.session_id IS 'Number of the session.';

--
-- Name: COLUMN session.account_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.account_id IS 'Account that is signed in.';

--
-- Name: COLUMN session.token_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.token_sha256 IS 'SHA-256 of the cookie''s token.';

--
-- Name: COLUMN session.address; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.address IS 'Network address that signed in.';

--
-- Name: COLUMN session.user_agent; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.user_agent IS 'User agent of the browser.';

--
-- Name: COLUMN session.created_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.created_at IS 'When the session began. It ends after a week at the latest.';

--
-- Name: COLUMN session.seen_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.session.seen_at IS 'When the session was last used, approximately. It ends twelve hours later.';

--
-- Name: session_session_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.session ALTER COLUMN session_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.session_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: sign_in; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.sign_in (
    sign_in_id bigint NOT NULL,
    attempted_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    is_success boolean NOT NULL,
    finished_at timestamp with time zone,
    device_id bigint
);

--
-- Name: TABLE sign_in; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.sign_in IS 'Sign-in attempts of the last month. After too many failures, a name or an address must wait.';

--
-- Name: COLUMN sign_in.sign_in_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.sign_in_id IS 'Number of the attempt.';

--
-- Name: COLUMN sign_in.attempted_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.attempted_at IS 'When the attempt was made.';

--
-- Name: COLUMN sign_in.name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.name IS 'Name that was entered, cut off after 150 characters.';

--
-- Name: COLUMN sign_in.address; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.address IS 'Network of the client: an IPv4 address, or the /64 network of an IPv6 address.';

--
-- Name: COLUMN sign_in.is_success; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.is_success IS 'Whether name and password were correct.';

--
-- Name: COLUMN sign_in.finished_at; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.finished_at IS 'When the password was checked. Null if it was not checked yet, or the program ended before.';

--
-- Name: COLUMN sign_in.device_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.sign_in.device_id IS 'Browser, if it has signed in to this account before. Null otherwise.';

--
-- Name: sign_in_sign_in_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.sign_in ALTER COLUMN sign_in_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.sign_in_sign_in_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: source_core; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.source_core AS
 WITH RECURSIVE core_queries AS (
         SELECT (to_regclass(current_view.name))::oid AS oid
           FROM elt.current_view
          WHERE ((current_view.layer = 'core'::text) AND (current_view.header ? 'fills'::text))
        ), reads AS (
         SELECT core_queries.oid AS core_query,
            core_queries.oid
           FROM core_queries
        UNION
         SELECT reads.core_query,
            object_use.used_id AS oid
           FROM (reads
             JOIN elt.object_use ON (((reads.oid = object_use.object_id) AND (object_use.class_id = ('pg_class'::regclass)::oid) AND (object_use.used_class_id = ('pg_class'::regclass)::oid))))
        ), applied AS MATERIALIZED (
         SELECT (to_regclass(current_view.name))::oid AS oid,
            ((current_view.name || ' '::text) || current_view.sha256) AS version
           FROM elt.current_view
          WHERE ((current_view.layer = 'core'::text) OR (current_view.name ~~ 'elt.%\_value'::text))
        ), parts AS (
         SELECT DISTINCT (pg_class.relname)::text AS source,
            applied.version
           FROM (((reads staged
             JOIN pg_class ON ((staged.oid = pg_class.oid)))
             JOIN reads ON ((staged.core_query = reads.core_query)))
             JOIN applied ON (((reads.oid = applied.oid) OR (applied.oid IS NULL))))
          WHERE (pg_class.relnamespace = ('staging'::regnamespace)::oid)
        )
 SELECT source.source,
    encode(sha256(convert_to(COALESCE(string_agg(parts.version, ' '::text ORDER BY parts.version), ''::text), 'UTF8'::name)), 'hex'::text) AS core_sha256
   FROM (elt.source
     LEFT JOIN parts ON ((source.source = parts.source)))
  GROUP BY source.source;

--
-- Name: VIEW source_core; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.source_core IS 'Fingerprint of everything that determines how a load of each source is read into core.';

--
-- Name: COLUMN source_core.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_core.source IS 'Source.';

--
-- Name: COLUMN source_core.core_sha256; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_core.core_sha256 IS 'SHA-256 of its core queries, of the views that they read and of the functions that read values, in hexadecimal.';

--
-- Name: source_behind; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.source_behind AS
 SELECT source.source,
    source.mode,
    live_load.load_id,
    (NOT (EXISTS ( SELECT 1
           FROM elt.load part
          WHERE ((part.source = source.source) AND (part.live_publish_id IS NOT NULL) AND (part.staging_dropped_at IS NOT NULL))))) AS can_be_published
   FROM (((elt.live_load
     JOIN elt.load ON ((live_load.load_id = load.load_id)))
     JOIN elt.source ON ((live_load.source = source.source)))
     JOIN elt.source_core ON ((live_load.source = source_core.source)))
  WHERE (load.core_sha256 IS DISTINCT FROM source_core.core_sha256);

--
-- Name: VIEW source_behind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.source_behind IS 'Sources whose rows in core do not match the current core queries yet. Empty if all match.';

--
-- Name: COLUMN source_behind.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_behind.source IS 'Source.';

--
-- Name: COLUMN source_behind.mode; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_behind.mode IS 'Mode of the source.';

--
-- Name: COLUMN source_behind.load_id; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_behind.load_id IS 'Live load of the source; for append and merge sources the latest one.';

--
-- Name: COLUMN source_behind.can_be_published; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_behind.can_be_published IS 'Whether all its live loads are in staging, so that elt migrate can publish them again.';

--
-- Name: source_layout; Type: VIEW; Schema: elt; Owner: -
--

CREATE VIEW elt.source_layout AS
 SELECT source.source,
    jsonb_build_object('format', source.format, 'delimiter', source.delimiter, 'quote', source.quote, 'escape', source.escape, 'encoding', source.encoding, 'null_text', source.null_text, 'has_header', source.has_header, 'header_line', source.header_line, 'header_lines', source.header_lines, 'comment', source.comment, 'footer_lines', source.footer_lines, 'trailing_delimiter', source.trailing_delimiter, 'short_records', source.short_records, 'member', source.member, 'records_at', source.records_at) AS layout
   FROM elt.source;

--
-- Name: VIEW source_layout; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON VIEW elt.source_layout IS 'How the files of each source are read. If it changes, elt load reads an unchanged file again.';

--
-- Name: COLUMN source_layout.source; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_layout.source IS 'Source.';

--
-- Name: COLUMN source_layout.layout; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.source_layout.layout IS 'Columns of elt.source about the layout of its files, by name.';

--
-- Name: task_job; Type: TABLE; Schema: elt; Owner: -
--

CREATE TABLE elt.task_job (
    task_name text NOT NULL,
    kind text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    description text NOT NULL,
    CONSTRAINT task_job_args_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text)),
    CONSTRAINT task_job_task_name_is_visible CHECK ((task_name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'::text))
);

--
-- Name: TABLE task_job; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON TABLE elt.task_job IS 'Jobs that new tasks start: one row per task name that starts one.';

--
-- Name: COLUMN task_job.task_name; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.task_job.task_name IS 'Exact name of the task.';

--
-- Name: COLUMN task_job.kind; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.task_job.kind IS 'Kind of job that is enqueued when the task is created.';

--
-- Name: COLUMN task_job.args; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.task_job.args IS 'Arguments of the job. The number of the task is added as task_id.';

--
-- Name: COLUMN task_job.description; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON COLUMN elt.task_job.description IS 'Description of the job.';

--
-- Name: CONSTRAINT task_job_task_name_is_visible ON task_job; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT task_job_task_name_is_visible ON elt.task_job IS 'A name has no control characters and no invisible characters.';

--
-- Name: worker_worker_id_seq; Type: SEQUENCE; Schema: elt; Owner: -
--

ALTER TABLE elt.worker ALTER COLUMN worker_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME elt.worker_worker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: department_settings; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.department_settings AS
 SELECT departments.emr_practice_id,
    departments.emr_department_id,
    COALESCE(range_agg(offices.live_period), '{}'::datemultirange) AS live_periods,
    count(*) AS office_count,
    array_agg(offices.epion_office_id ORDER BY offices.entry_number) AS epion_office_ids,
    array_agg(offices.office_name ORDER BY offices.entry_number) AS office_names
   FROM (core.departments
     JOIN core.offices ON ((departments.entry_number = offices.entry_number)))
  GROUP BY departments.emr_practice_id, departments.emr_department_id;

--
-- Name: VIEW department_settings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.department_settings IS 'Periods in which each department uses Epion: one row per department, combined from all offices that name it.';

--
-- Name: COLUMN department_settings.emr_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.emr_practice_id IS 'EMR practice of the department.';

--
-- Name: COLUMN department_settings.emr_department_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.emr_department_id IS 'Department; unique only within its EMR practice.';

--
-- Name: COLUMN department_settings.live_periods; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.live_periods IS 'All days on which a launched office of the department is live; {} if there are none. To test a day: day <@ live_periods.';

--
-- Name: COLUMN department_settings.office_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.office_count IS 'Number of offices that name the department.';

--
-- Name: COLUMN department_settings.epion_office_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.epion_office_ids IS 'These offices, in the order of the settings file.';

--
-- Name: COLUMN department_settings.office_names; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_settings.office_names IS 'Names of these offices, in the same order.';

--
-- Name: valid_appointments; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.valid_appointments AS
 SELECT appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.emr_provider_id,
    appointments.emr_department_id,
    appointments.appointment_status,
    appointments.encounter_state,
    appointments.encounter_status,
    appointments.appointment_date,
    (department_settings.emr_department_id IS NOT NULL) AS is_epion,
    appointments.row_count
   FROM (core.appointments
     LEFT JOIN public.department_settings ON (((appointments.emr_practice_id = department_settings.emr_practice_id) AND (appointments.emr_department_id = department_settings.emr_department_id) AND (appointments.appointment_date <@ department_settings.live_periods))))
  WHERE (((appointments.appointment_status IS NULL) OR (appointments.appointment_status <> ALL (ARRAY['x'::text, 'X'::text, 'f'::text, 'F'::text]))) AND ((appointments.encounter_state IS NULL) OR (upper(appointments.encounter_state) <> 'DELETED'::text)));

--
-- Name: VIEW valid_appointments; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.valid_appointments IS 'Appointments whose status is neither x nor f and whose encounter is not DELETED.';

--
-- Name: COLUMN valid_appointments.emr_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.emr_practice_id IS 'Hospital or clinic: its id in the EMR.';

--
-- Name: COLUMN valid_appointments.emr_appointment_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.emr_appointment_id IS 'Appointment, unique within the practice.';

--
-- Name: COLUMN valid_appointments.emr_provider_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.emr_provider_id IS 'Provider. Null if missing or not an integer.';

--
-- Name: COLUMN valid_appointments.emr_department_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.emr_department_id IS 'Department in which it takes place. Null if missing or not an integer.';

--
-- Name: COLUMN valid_appointments.appointment_status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.appointment_status IS 'Status code as loaded, trimmed.';

--
-- Name: COLUMN valid_appointments.encounter_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.encounter_state IS 'State of the encounter as loaded, trimmed.';

--
-- Name: COLUMN valid_appointments.encounter_status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.encounter_status IS 'Status of the encounter as loaded, trimmed.';

--
-- Name: COLUMN valid_appointments.appointment_date; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.appointment_date IS 'Day of the appointment. Null if missing or not a date.';

--
-- Name: COLUMN valid_appointments.is_epion; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.is_epion IS 'Whether the department was live with Epion on that day.';

--
-- Name: COLUMN valid_appointments.row_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.valid_appointments.row_count IS 'Number of rows of the load for this appointment; more than 1 if it is repeated.';

--
-- Name: appointment_funnel; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.appointment_funnel AS
 WITH staged AS (
         SELECT load.rows_staged
           FROM (elt.live_load
             JOIN elt.load ON ((live_load.load_id = load.load_id)))
          WHERE (live_load.source = 'appointments'::text)
        ), known AS (
         SELECT count(*) AS appointment_count,
            (COALESCE(sum(appointments.row_count), (0)::numeric))::bigint AS row_count
           FROM core.appointments
        ), valid AS (
         SELECT count(*) AS appointment_count,
            (COALESCE(sum(valid_appointments.row_count), (0)::numeric))::bigint AS row_count,
            count(*) FILTER (WHERE valid_appointments.is_epion) AS epion_appointment_count,
            (COALESCE(sum(valid_appointments.row_count) FILTER (WHERE valid_appointments.is_epion), (0)::numeric))::bigint AS epion_row_count
           FROM public.valid_appointments
        )
 SELECT 'rows'::text AS step,
    NULL::bigint AS appointment_count,
    staged.rows_staged AS row_count
   FROM staged
UNION ALL
 SELECT 'appointments'::text AS step,
    known.appointment_count,
    known.row_count
   FROM known
UNION ALL
 SELECT 'valid'::text AS step,
    valid.appointment_count,
    valid.row_count
   FROM valid
UNION ALL
 SELECT 'Epion''s'::text AS step,
    valid.epion_appointment_count AS appointment_count,
    valid.epion_row_count AS row_count
   FROM valid;

--
-- Name: VIEW appointment_funnel; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.appointment_funnel IS 'Number of appointments at each step from the file to Epion''s appointments, with and without repeats.';

--
-- Name: COLUMN appointment_funnel.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.appointment_funnel.step IS 'rows: staged rows. appointments: those with both ids. valid: the valid ones among these. Epion''s: those of Epion among the valid ones.';

--
-- Name: COLUMN appointment_funnel.appointment_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.appointment_funnel.appointment_count IS 'Appointments without repeats. Null for rows.';

--
-- Name: COLUMN appointment_funnel.row_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.appointment_funnel.row_count IS 'Rows, including repeats.';

--
-- Name: department_reasons; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.department_reasons AS
 WITH counted AS (
         SELECT valid_appointments.emr_practice_id,
            valid_appointments.emr_department_id,
            count(*) AS valid_appointment_count,
            count(*) FILTER (WHERE valid_appointments.is_epion) AS epion_appointment_count
           FROM public.valid_appointments
          WHERE (valid_appointments.emr_department_id IS NOT NULL)
          GROUP BY valid_appointments.emr_practice_id, valid_appointments.emr_department_id
        ), named AS (
         SELECT departments.emr_practice_id,
            departments.emr_department_id,
            min(
                CASE
                    WHEN (offices.live_period IS NOT NULL) THEN 1
                    WHEN (office_rows.launched_date_text IS NULL) THEN 5
                    WHEN (office_rows.launched_date IS NULL) THEN 4
                    WHEN (office_rows.disabled_date IS NULL) THEN 2
                    ELSE 3
                END) AS closest
           FROM ((core.departments
             JOIN core.offices ON ((departments.entry_number = offices.entry_number)))
             JOIN core.office_rows ON ((offices.entry_number = office_rows._row)))
          GROUP BY departments.emr_practice_id, departments.emr_department_id
        ), unassigned AS (
         SELECT DISTINCT office_department_rows.emr_department_id
           FROM core.office_department_rows
          WHERE (office_department_rows.emr_practice_id IS NULL)
        )
 SELECT COALESCE(counted.emr_practice_id, named.emr_practice_id) AS emr_practice_id,
    COALESCE(counted.emr_department_id, named.emr_department_id) AS emr_department_id,
    COALESCE((named.closest = 1), false) AS is_launched,
        CASE
            WHEN ((named.closest = 1) AND (counted.valid_appointment_count IS NULL)) THEN 'launched, without valid appointments'::text
            WHEN ((named.closest = 1) AND (counted.epion_appointment_count = 0)) THEN 'launched, but live on no day of its appointments'::text
            WHEN (named.closest = 1) THEN 'launched'::text
            WHEN (named.closest = 2) THEN 'the disabled date of its office cannot be read'::text
            WHEN (named.closest = 3) THEN 'its office was disabled before it was launched'::text
            WHEN (named.closest = 4) THEN 'the launched date of its office cannot be read'::text
            WHEN (named.closest = 5) THEN 'its office was not launched'::text
            WHEN (unassigned.emr_department_id IS NOT NULL) THEN 'its office has no readable practice'::text
            ELSE 'no office names it'::text
        END AS reason,
    department_settings.live_periods,
    department_settings.office_names,
    COALESCE(counted.valid_appointment_count, (0)::bigint) AS valid_appointment_count,
    COALESCE(counted.epion_appointment_count, (0)::bigint) AS epion_appointment_count
   FROM (((counted
     FULL JOIN named ON (((counted.emr_practice_id = named.emr_practice_id) AND (counted.emr_department_id = named.emr_department_id))))
     LEFT JOIN unassigned ON ((counted.emr_department_id = unassigned.emr_department_id)))
     LEFT JOIN public.department_settings ON (((named.emr_practice_id = department_settings.emr_practice_id) AND (named.emr_department_id = department_settings.emr_department_id))));

--
-- Name: VIEW department_reasons; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.department_reasons IS 'Why a department is Epion''s or not: one row per department that the office settings or a valid appointment name.';

--
-- Name: COLUMN department_reasons.emr_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.emr_practice_id IS 'EMR practice of the department.';

--
-- Name: COLUMN department_reasons.emr_department_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.emr_department_id IS 'Department; unique only within its EMR practice.';

--
-- Name: COLUMN department_reasons.is_launched; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.is_launched IS 'Whether an office of the department was launched and so was live on some day. Appointments on other days are not Epion''s.';

--
-- Name: COLUMN department_reasons.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.reason IS 'Why the department is not Epion''s. launched: it is, on the days of live_periods.';

--
-- Name: COLUMN department_reasons.live_periods; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.live_periods IS 'All days on which a launched office of the department is live. Null if no office names the department.';

--
-- Name: COLUMN department_reasons.office_names; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.office_names IS 'Names of the offices that name the department, in the order of the settings file.';

--
-- Name: COLUMN department_reasons.valid_appointment_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.valid_appointment_count IS 'Number of valid appointments.';

--
-- Name: COLUMN department_reasons.epion_appointment_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.department_reasons.epion_appointment_count IS 'Number of those that are Epion''s.';

--
-- Name: epion_appointments; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.epion_appointments AS
 SELECT valid_appointments.emr_practice_id,
    valid_appointments.emr_appointment_id,
    valid_appointments.emr_provider_id,
    valid_appointments.emr_department_id,
    valid_appointments.appointment_status,
    valid_appointments.encounter_state,
    valid_appointments.encounter_status,
    valid_appointments.appointment_date
   FROM public.valid_appointments
  WHERE valid_appointments.is_epion;

--
-- Name: VIEW epion_appointments; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.epion_appointments IS 'Valid appointments whose department was live with Epion on the date of the appointment.';

--
-- Name: COLUMN epion_appointments.emr_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.emr_practice_id IS 'Hospital or clinic: its id in the EMR.';

--
-- Name: COLUMN epion_appointments.emr_appointment_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.emr_appointment_id IS 'Appointment, unique within the practice.';

--
-- Name: COLUMN epion_appointments.emr_provider_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.emr_provider_id IS 'Provider. Null if missing or not an integer.';

--
-- Name: COLUMN epion_appointments.emr_department_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.emr_department_id IS 'Department in which it takes place.';

--
-- Name: COLUMN epion_appointments.appointment_status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.appointment_status IS 'Status code as loaded, trimmed.';

--
-- Name: COLUMN epion_appointments.encounter_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.encounter_state IS 'State of the encounter as loaded, trimmed.';

--
-- Name: COLUMN epion_appointments.encounter_status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.encounter_status IS 'Status of the encounter as loaded, trimmed.';

--
-- Name: COLUMN epion_appointments.appointment_date; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_appointments.appointment_date IS 'Day of the appointment.';

--
-- Name: epion_offices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.epion_offices (
    epion_practice_id integer,
    launched_date date,
    disabled_date date,
    emr_department_ids integer[],
    office_name text
);

--
-- Name: TABLE epion_offices; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.epion_offices IS 'Offices, one row per document of offices.json. Filled by core.incoming_epion_offices.';

--
-- Name: COLUMN epion_offices.epion_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_offices.epion_practice_id IS 'Child practice of the office. Null if not an integer.';

--
-- Name: COLUMN epion_offices.launched_date; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_offices.launched_date IS 'First day with Epion. Null if not launched or not a date.';

--
-- Name: COLUMN epion_offices.disabled_date; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_offices.disabled_date IS 'Last day with Epion. Null if still live or not a date.';

--
-- Name: COLUMN epion_offices.emr_department_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_offices.emr_department_ids IS 'Departments in the order of the document, without values that are not integers. Null if the document has no list.';

--
-- Name: COLUMN epion_offices.office_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_offices.office_name IS 'Name of the office.';

--
-- Name: epion_practices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.epion_practices (
    practice_name text,
    emr_practice_id integer,
    epion_practice_id integer
);

--
-- Name: TABLE epion_practices; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.epion_practices IS 'Child practices, one row per document of practices.json. Filled by core.incoming_epion_practices.';

--
-- Name: COLUMN epion_practices.practice_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_practices.practice_name IS 'Name of the child practice.';

--
-- Name: COLUMN epion_practices.emr_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_practices.emr_practice_id IS 'EMR practice of the child practice. Null if not an integer.';

--
-- Name: COLUMN epion_practices.epion_practice_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_practices.epion_practice_id IS 'Child practice. Null if not an integer.';

--
-- Name: epion_utilization; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.epion_utilization AS
 SELECT (date_trunc('month'::text, (valid_appointments.appointment_date)::timestamp without time zone))::date AS month,
    count(*) FILTER (WHERE valid_appointments.is_epion) AS valid_epion_appointments,
    count(*) AS total_valid_appointments,
    round(((count(*) FILTER (WHERE valid_appointments.is_epion))::numeric / (count(*))::numeric), 4) AS utilization_rate
   FROM public.valid_appointments
  WHERE (valid_appointments.appointment_date IS NOT NULL)
  GROUP BY (date_trunc('month'::text, (valid_appointments.appointment_date)::timestamp without time zone))
  ORDER BY (date_trunc('month'::text, (valid_appointments.appointment_date)::timestamp without time zone));

--
-- Name: VIEW epion_utilization; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.epion_utilization IS 'Share of Epion''s appointments among the valid appointments, by month.';

--
-- Name: COLUMN epion_utilization.month; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_utilization.month IS 'First day of the month.';

--
-- Name: COLUMN epion_utilization.valid_epion_appointments; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_utilization.valid_epion_appointments IS 'Valid appointments of departments that were live with Epion on the date of the appointment.';

--
-- Name: COLUMN epion_utilization.total_valid_appointments; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_utilization.total_valid_appointments IS 'All valid appointments of the month.';

--
-- Name: COLUMN epion_utilization.utilization_rate; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.epion_utilization.utilization_rate IS 'valid_epion_appointments divided by total_valid_appointments, from 0 to 1, rounded to four places.';

--
-- Name: rest_agreement; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.rest_agreement AS
 WITH live AS (
         SELECT live_load.source,
            load.rows_staged
           FROM (elt.live_load
             JOIN elt.load ON ((live_load.load_id = load.load_id)))
        ), counted AS (
         SELECT ( SELECT live.rows_staged
                   FROM live
                  WHERE (live.source = 'appointments'::text)) AS file_row_count,
            ( SELECT live.rows_staged
                   FROM live
                  WHERE (live.source = 'rest_appointments'::text)) AS rest_row_count,
            ( SELECT count(*) AS count
                   FROM core.appointment_differences) AS difference_count
        )
 SELECT counted.file_row_count,
    counted.rest_row_count,
    counted.difference_count,
        CASE
            WHEN ((counted.file_row_count IS NOT NULL) AND (counted.rest_row_count IS NOT NULL)) THEN (counted.difference_count = 0)
            ELSE NULL::boolean
        END AS is_agreed
   FROM counted;

--
-- Name: VIEW rest_agreement; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.rest_agreement IS 'Whether the REST API returns the same rows as the file of appointments. quality.appointments_unlike_rest lists the differences.';

--
-- Name: COLUMN rest_agreement.file_row_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.rest_agreement.file_row_count IS 'Rows of the live file. Null if none was loaded.';

--
-- Name: COLUMN rest_agreement.rest_row_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.rest_agreement.rest_row_count IS 'Live records of the API. Null if it was never loaded.';

--
-- Name: COLUMN rest_agreement.difference_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.rest_agreement.difference_count IS 'Number of differences. Two rows for the same appointment are one difference.';

--
-- Name: COLUMN rest_agreement.is_agreed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.rest_agreement.is_agreed IS 'True if both have the same rows, each equally often, in any order. Null if one was never loaded.';

--
-- Name: tasks; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tasks (
    task_id bigint NOT NULL,
    name text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tasks_end_not_before_start CHECK ((end_time >= start_time)),
    CONSTRAINT tasks_end_year_in_range CHECK (((end_time >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (end_time < '10000-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT tasks_name_at_most_200_characters CHECK ((char_length(name) <= 200)),
    CONSTRAINT tasks_name_is_visible CHECK ((name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'::text)),
    CONSTRAINT tasks_name_not_blank CHECK ((name ~ '\S'::text)),
    CONSTRAINT tasks_start_year_in_range CHECK (((start_time >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (start_time < '10000-01-01 00:00:00+00'::timestamp with time zone)))
);

--
-- Name: TABLE tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.tasks IS 'Tasks. Creating a task whose name is in elt.task_job starts that job; changing or saving it again does not.';

--
-- Name: COLUMN tasks.task_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.task_id IS 'Number of the task.';

--
-- Name: COLUMN tasks.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.name IS 'Name, at most 200 characters and not blank.';

--
-- Name: COLUMN tasks.start_time; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.start_time IS 'When the task starts.';

--
-- Name: COLUMN tasks.end_time; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.end_time IS 'When the task ends. Not before its start. Null if open.';

--
-- Name: COLUMN tasks.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.created_at IS 'When the task was created. Set by the database.';

--
-- Name: COLUMN tasks.updated_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tasks.updated_at IS 'When the task was last changed. Set by the database.';

--
-- Name: CONSTRAINT tasks_end_not_before_start ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_end_not_before_start ON public.tasks IS 'The end is not before the start.';

--
-- Name: CONSTRAINT tasks_end_year_in_range ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_end_year_in_range ON public.tasks IS 'The year is from 0001 to 9999, in UTC.';

--
-- Name: CONSTRAINT tasks_name_at_most_200_characters ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_name_at_most_200_characters ON public.tasks IS 'A name has at most 200 characters.';

--
-- Name: CONSTRAINT tasks_name_is_visible ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_name_is_visible ON public.tasks IS 'A name has no control characters and no invisible characters.';

--
-- Name: CONSTRAINT tasks_name_not_blank ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_name_not_blank ON public.tasks IS 'A name is not blank.';

--
-- Name: CONSTRAINT tasks_start_year_in_range ON tasks; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT tasks_start_year_in_range ON public.tasks IS 'The year is from 0001 to 9999, in UTC.';

--
-- Name: tasks_task_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tasks ALTER COLUMN task_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tasks_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: appointment_keys_twice; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointment_keys_twice AS
 SELECT appointments.emr_practice_id,
    appointments.emr_appointment_id,
    count(*) AS times
   FROM core.appointments
  WHERE (NOT (EXISTS ( SELECT 1
           FROM pg_index
          WHERE ((pg_index.indrelid = ('core.appointments'::regclass)::oid) AND pg_index.indisprimary AND pg_index.indisvalid))))
  GROUP BY appointments.emr_practice_id, appointments.emr_appointment_id
 HAVING (count(*) > 1);

--
-- Name: VIEW appointment_keys_twice; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointment_keys_twice IS 'Appointments that appear twice in core.';

--
-- Name: appointments_conflicting; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_conflicting AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id
   FROM (core.appointments
     JOIN core.appointment_rows ON (((appointments.emr_practice_id = appointment_rows.emr_practice_id) AND (appointments.emr_appointment_id = appointment_rows.emr_appointment_id))))
  WHERE ((appointments.row_count > 1) AND ((((((appointment_rows.emr_provider_id IS DISTINCT FROM appointments.emr_provider_id) OR (appointment_rows.emr_department_id IS DISTINCT FROM appointments.emr_department_id)) OR (appointment_rows.appointment_status IS DISTINCT FROM appointments.appointment_status)) OR (appointment_rows.encounter_state IS DISTINCT FROM appointments.encounter_state)) OR (appointment_rows.encounter_status IS DISTINCT FROM appointments.encounter_status)) OR (appointment_rows.appointment_date IS DISTINCT FROM appointments.appointment_date)));

--
-- Name: VIEW appointments_conflicting; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_conflicting IS 'Repeats of an appointment that differ from its last row. The last row counts.';

--
-- Name: appointments_in_other_case; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_in_other_case AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.appointment_status,
    appointment_rows.encounter_state
   FROM core.appointment_rows
  WHERE ((appointment_rows.appointment_status = ANY (ARRAY['X'::text, 'F'::text])) OR ((upper(appointment_rows.encounter_state) = 'DELETED'::text) AND (appointment_rows.encounter_state <> 'DELETED'::text)));

--
-- Name: VIEW appointments_in_other_case; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_in_other_case IS 'Rows in which X, F or Deleted is written in another case. They are read as x, f and DELETED.';

--
-- Name: appointments_repeated; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_repeated AS
 SELECT appointments._load_id,
    appointments._row,
    appointments.emr_practice_id,
    appointments.emr_appointment_id,
    appointments.row_count
   FROM core.appointments
  WHERE ((appointments.row_count > 1) AND (appointments._load_id = ( SELECT live_load.load_id
           FROM elt.live_load
          WHERE (live_load.source = 'appointments'::text))))
UNION ALL
 SELECT appointment_rows._load_id,
    max(appointment_rows._row) AS _row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    count(*) AS row_count
   FROM core.appointment_rows
  WHERE ((appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id) IN ( SELECT appointments.emr_practice_id,
            appointments.emr_appointment_id
           FROM core.appointments
          WHERE ((appointments.row_count > 1) AND (appointments._load_id <> ( SELECT live_load.load_id
                   FROM elt.live_load
                  WHERE (live_load.source = 'appointments'::text))))))
  GROUP BY appointment_rows._load_id, appointment_rows.emr_practice_id, appointment_rows.emr_appointment_id;

--
-- Name: VIEW appointments_repeated; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_repeated IS 'Appointments that appear more than once in the file. Each is counted once, and its last row, which is shown here, is kept.';

--
-- Name: appointments_unlike_rest; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_unlike_rest AS
 SELECT COALESCE(appointment_differences.file_load_id, appointment_differences.rest_load_id) AS _load_id,
        CASE
            WHEN (appointment_differences.file_load_id IS NOT NULL) THEN appointment_differences.file_row
            ELSE appointment_differences.rest_row
        END AS _row,
    appointment_differences.emr_practice_id,
    appointment_differences.emr_appointment_id,
    appointment_differences.difference,
    appointment_differences.file_surplus_count,
    appointment_differences.rest_surplus_count,
    appointment_differences.file_load_id,
    appointment_differences.file_row,
    appointment_differences.rest_load_id,
    appointment_differences.rest_row
   FROM core.appointment_differences;

--
-- Name: VIEW appointments_unlike_rest; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_unlike_rest IS 'Rows that differ between the file of appointments and the REST API, once both are loaded. The results come from the file. _load_id and _row identify the row of the file, or the record of the API if the file has no such row.';

--
-- Name: appointments_with_rewritten_ids; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_with_rewritten_ids AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_text,
    appointment_rows.emr_appointment_text,
    appointment_rows.emr_provider_text,
    appointment_rows.emr_department_text
   FROM core.appointment_rows
  WHERE (((appointment_rows.emr_practice_id)::text <> appointment_rows.emr_practice_text) OR ((appointment_rows.emr_appointment_id)::text <> appointment_rows.emr_appointment_text) OR ((appointment_rows.emr_provider_id)::text <> appointment_rows.emr_provider_text) OR ((appointment_rows.emr_department_id)::text <> appointment_rows.emr_department_text));

--
-- Name: VIEW appointments_with_rewritten_ids; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_with_rewritten_ids IS 'Rows with an id that is written with leading zeros or a plus sign, such as 007. It is read, compared and printed as the integer.';

--
-- Name: appointments_with_unknown_columns; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_with_unknown_columns AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id
   FROM core.appointment_rows
  WHERE (appointment_rows._extra IS NOT NULL);

--
-- Name: VIEW appointments_with_unknown_columns; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_with_unknown_columns IS 'Rows with values in unknown columns. The values are kept in staging.appointments._extra.';

--
-- Name: appointments_with_unreadable_provider; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_with_unreadable_provider AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_provider_text
   FROM core.appointment_rows
  WHERE ((appointment_rows.emr_provider_id IS NULL) AND (appointment_rows.emr_provider_text IS NOT NULL));

--
-- Name: VIEW appointments_with_unreadable_provider; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_with_unreadable_provider IS 'Rows whose provider is not an integer. It is printed empty and has no other effect.';

--
-- Name: appointments_with_white_space; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_with_white_space AS
 WITH trimmed AS (
         SELECT records._load_id,
            records._row,
            elt.bigint_value(records.emr_practice_id) AS emr_practice_id,
            elt.bigint_value(records.emr_appointment_id) AS emr_appointment_id,
            concat_ws(', '::text,
                CASE
                    WHEN (elt.text_value(records.emr_practice_id) IS DISTINCT FROM records.emr_practice_id) THEN 'emr_practice_id'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.emr_appointment_id) IS DISTINCT FROM records.emr_appointment_id) THEN 'emr_appointment_id'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.emr_provider_id) IS DISTINCT FROM records.emr_provider_id) THEN 'emr_provider_id'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.emr_department_id) IS DISTINCT FROM records.emr_department_id) THEN 'emr_department_id'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.appointment_status) IS DISTINCT FROM records.appointment_status) THEN 'appointment_status'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.encounter_state) IS DISTINCT FROM records.encounter_state) THEN 'encounter_state'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.encounter_status) IS DISTINCT FROM records.encounter_status) THEN 'encounter_status'::text
                    ELSE NULL::text
                END,
                CASE
                    WHEN (elt.text_value(records.appointment_date) IS DISTINCT FROM records.appointment_date) THEN 'appointment_date'::text
                    ELSE NULL::text
                END) AS trimmed_columns
           FROM core.appointment_records records
        )
 SELECT trimmed._load_id,
    trimmed._row,
    trimmed.emr_practice_id,
    trimmed.emr_appointment_id,
    trimmed.trimmed_columns
   FROM trimmed
  WHERE (trimmed.trimmed_columns <> ''::text);

--
-- Name: VIEW appointments_with_white_space; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_with_white_space IS 'Rows with white space at the edges of a value. It is trimmed, and a value with nothing else is null.';

--
-- Name: appointments_without_date; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_without_date AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.appointment_date_text
   FROM core.appointment_rows
  WHERE (appointment_rows.appointment_date IS NULL);

--
-- Name: VIEW appointments_without_date; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_without_date IS 'Rows whose date is missing or impossible. They are never Epion''s and belong to no month.';

--
-- Name: appointments_without_department; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_without_department AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_id,
    appointment_rows.emr_appointment_id,
    appointment_rows.emr_department_text
   FROM core.appointment_rows
  WHERE (appointment_rows.emr_department_id IS NULL);

--
-- Name: VIEW appointments_without_department; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_without_department IS 'Rows whose department is missing or not an integer. They are never Epion''s.';

--
-- Name: appointments_without_id; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.appointments_without_id AS
 SELECT appointment_rows._load_id,
    appointment_rows._row,
    appointment_rows.emr_practice_text,
    appointment_rows.emr_appointment_text
   FROM core.appointment_rows
  WHERE ((appointment_rows.emr_practice_id IS NULL) OR (appointment_rows.emr_appointment_id IS NULL));

--
-- Name: VIEW appointments_without_id; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.appointments_without_id IS 'Rows whose practice or appointment id is missing or not an integer. They are in no result.';

--
-- Name: department_settings_twice; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.department_settings_twice AS
 SELECT department_settings.emr_practice_id,
    department_settings.emr_department_id,
    count(*) AS times
   FROM public.department_settings
  GROUP BY department_settings.emr_practice_id, department_settings.emr_department_id
 HAVING (count(*) > 1);

--
-- Name: VIEW department_settings_twice; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.department_settings_twice IS 'Departments with more than one setting.';

--
-- Name: departments_in_several_offices; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.departments_in_several_offices AS
 WITH named AS (
         SELECT DISTINCT office_department_rows._load_id,
            office_department_rows._row,
            office_department_rows.emr_practice_id,
            office_department_rows.emr_department_id
           FROM core.office_department_rows
          WHERE ((office_department_rows.emr_practice_id IS NOT NULL) AND (office_department_rows.emr_department_id IS NOT NULL))
        ), counted AS (
         SELECT named._load_id,
            named._row,
            named.emr_practice_id,
            named.emr_department_id,
            count(*) OVER (PARTITION BY named.emr_practice_id, named.emr_department_id) AS office_count
           FROM named
        )
 SELECT counted._load_id,
    counted._row,
    counted.emr_practice_id,
    counted.emr_department_id,
    counted.office_count,
    offices.epion_office_id,
    offices.office_name,
    offices.live_period
   FROM (counted
     JOIN core.offices ON ((counted._row = offices.entry_number)))
  WHERE (counted.office_count > 1);

--
-- Name: VIEW departments_in_several_offices; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.departments_in_several_offices IS 'Departments that several offices name, with each of these offices. A department is live whenever one of them is, and counts once.';

--
-- Name: COLUMN departments_in_several_offices.live_period; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON COLUMN quality.departments_in_several_offices.live_period IS 'Period that this office contributes. Null if none.';

--
-- Name: documents_with_ids_as_text; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.documents_with_ids_as_text AS
 SELECT documents._load_id,
    documents._row,
    documents.source,
    field.key,
    field.value
   FROM (core.documents
     CROSS JOIN LATERAL jsonb_each(documents.payload) field(key, value))
  WHERE ((field.key = ANY (documents.expected_keys)) AND (field.key ~~ '%\_id'::text) AND (jsonb_typeof(field.value) = 'string'::text) AND (elt.bigint_value((field.value #>> '{}'::text[])) IS NOT NULL));

--
-- Name: VIEW documents_with_ids_as_text; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.documents_with_ids_as_text IS 'Ids in JSON files that are text instead of numbers. They are read as numbers.';

--
-- Name: documents_with_other_keys; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.documents_with_other_keys AS
 SELECT documents._load_id,
    documents._row,
    documents.source,
    other.key,
    other.trouble
   FROM (core.documents
     CROSS JOIN LATERAL ( SELECT expected.key,
            'missing'::text AS trouble
           FROM unnest(documents.expected_keys) expected(key)
          WHERE (NOT (documents.payload ? expected.key))
        UNION ALL
         SELECT found.key,
            'unknown'::text AS trouble
           FROM jsonb_object_keys(documents.payload) found(key)
          WHERE (found.key <> ALL (documents.expected_keys))) other);

--
-- Name: VIEW documents_with_other_keys; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.documents_with_other_keys IS 'Documents in JSON files with a missing key, which is read as null, or an unknown key, which is kept in staging.';

--
-- Name: documents_with_white_space; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.documents_with_white_space AS
 SELECT documents._load_id,
    documents._row,
    documents.source,
    field.key,
    listed.value
   FROM ((core.documents
     CROSS JOIN LATERAL jsonb_each(documents.payload) field(key, value))
     CROSS JOIN LATERAL jsonb_array_elements_text(elt.list_value(field.value)) listed(value))
  WHERE ((field.key = ANY (documents.expected_keys)) AND (elt.text_value(listed.value) IS DISTINCT FROM listed.value));

--
-- Name: VIEW documents_with_white_space; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.documents_with_white_space IS 'Texts in JSON files with white space at their edges, or empty. They are trimmed, and null if nothing is left.';

--
-- Name: epion_appointments_not_valid; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.epion_appointments_not_valid AS
 SELECT epion_appointments.emr_practice_id,
    epion_appointments.emr_appointment_id
   FROM public.epion_appointments
  WHERE ((epion_appointments.appointment_status = ANY (ARRAY['x'::text, 'X'::text, 'f'::text, 'F'::text])) OR (upper(epion_appointments.encounter_state) = 'DELETED'::text));

--
-- Name: VIEW epion_appointments_not_valid; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.epion_appointments_not_valid IS 'Epion''s appointments that are not valid.';

--
-- Name: epion_offices_with_odd_departments; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.epion_offices_with_odd_departments AS
 WITH troubled AS (
         SELECT rows._load_id,
            rows._row,
            rows.office_name,
            rows.emr_department_ids,
            concat_ws('; '::text,
                CASE
                    WHEN (COALESCE(jsonb_typeof(rows.emr_department_ids), 'null'::text) = 'null'::text) THEN 'none at all'::text
                    WHEN (rows.emr_department_ids = '[]'::jsonb) THEN 'an empty list'::text
                    WHEN (jsonb_typeof(rows.emr_department_ids) <> 'array'::text) THEN 'one value instead of a list'::text
                    ELSE NULL::text
                END, ( SELECT string_agg(DISTINCT
                        CASE
                            WHEN (jsonb_typeof(listed.value) = 'null'::text) THEN 'a null in the list'::text
                            WHEN (elt.integer_value((listed.value #>> '{}'::text[])) IS NULL) THEN 'not an integer of 32 bits'::text
                            WHEN (jsonb_typeof(listed.value) = 'string'::text) THEN 'text instead of a number'::text
                            ELSE NULL::text
                        END, '; '::text) AS string_agg
                   FROM jsonb_array_elements(elt.list_value(rows.emr_department_ids)) listed(value)), ( SELECT 'the same one twice'::text
                   FROM jsonb_array_elements_text(elt.list_value(rows.emr_department_ids)) listed(value)
                 HAVING (count(elt.integer_value(listed.value)) > count(DISTINCT elt.integer_value(listed.value))))) AS trouble
           FROM core.epion_office_rows rows
        )
 SELECT troubled._load_id,
    troubled._row,
    troubled.office_name,
    troubled.trouble,
    troubled.emr_department_ids
   FROM troubled
  WHERE (troubled.trouble <> ''::text);

--
-- Name: VIEW epion_offices_with_odd_departments; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.epion_offices_with_odd_departments IS 'Documents of epion_offices whose departments are a single value, missing, not all integers, or not all different. A single value is a list of one, and values that are not integers are left out.';

--
-- Name: epion_offices_with_unreadable_dates; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.epion_offices_with_unreadable_dates AS
 SELECT epion_office_rows._load_id,
    epion_office_rows._row,
    epion_office_rows.office_name,
    epion_office_rows.launched_date_text,
    epion_office_rows.disabled_date_text
   FROM core.epion_office_rows
  WHERE (((epion_office_rows.launched_date IS NULL) AND (epion_office_rows.launched_date_text IS NOT NULL)) OR ((epion_office_rows.disabled_date IS NULL) AND (epion_office_rows.disabled_date_text IS NOT NULL)));

--
-- Name: VIEW epion_offices_with_unreadable_dates; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.epion_offices_with_unreadable_dates IS 'Documents of epion_offices whose launched or disabled date is not a date. It is null in the table.';

--
-- Name: epion_offices_with_unreadable_ids; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.epion_offices_with_unreadable_ids AS
 SELECT epion_office_rows._load_id,
    epion_office_rows._row,
    epion_office_rows.office_name,
    epion_office_rows.epion_practice_text
   FROM core.epion_office_rows
  WHERE (epion_office_rows.epion_practice_id IS NULL);

--
-- Name: VIEW epion_offices_with_unreadable_ids; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.epion_offices_with_unreadable_ids IS 'Documents of epion_offices whose practice is missing, not an integer or too large. It is null in the table.';

--
-- Name: epion_practices_with_unreadable_ids; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.epion_practices_with_unreadable_ids AS
 SELECT epion_practice_rows._load_id,
    epion_practice_rows._row,
    epion_practice_rows.practice_name,
    epion_practice_rows.emr_practice_text,
    epion_practice_rows.epion_practice_text
   FROM core.epion_practice_rows
  WHERE ((epion_practice_rows.emr_practice_id IS NULL) OR (epion_practice_rows.epion_practice_id IS NULL));

--
-- Name: VIEW epion_practices_with_unreadable_ids; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.epion_practices_with_unreadable_ids IS 'Documents of epion_practices with an id that is missing, not an integer or too large. It is null in the table.';

--
-- Name: files_also_utf8; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.files_also_utf8 AS
 SELECT live_file.load_id AS _load_id,
    live_file.source,
    live_file.location,
    live_file.encoding
   FROM elt.live_file
  WHERE live_file.is_also_utf8;

--
-- Name: VIEW files_also_utf8; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.files_also_utf8 IS 'Files that are valid UTF-8 with other characters than ASCII, but were read in the encoding of their source. Characters such as é are probably wrong: set elt.source.encoding to utf-8 and load the file again.';

--
-- Name: files_written_oddly; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.files_written_oddly AS
 SELECT live_file.load_id AS _load_id,
    live_file.source,
    live_file.location,
    live_file.has_byte_order_mark,
    live_file.line_ends
   FROM elt.live_file
  WHERE (live_file.has_byte_order_mark OR (live_file.line_ends <> 'lf'::text));

--
-- Name: VIEW files_written_oddly; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.files_written_oddly IS 'Files with a byte order mark, or with CRLF or mixed line ends. They are read as if they had no mark and LF line ends.';

--
-- Name: headers_unlike_staging; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.headers_unlike_staging AS
 WITH expected AS (
         SELECT live_load.source,
            array_agg(lower((pg_attribute.attname)::text) ORDER BY pg_attribute.attnum) AS column_names
           FROM ((elt.live_load
             JOIN elt.source ON (((live_load.source = source.source) AND (source.format = 'csv'::text))))
             JOIN pg_attribute ON ((pg_attribute.attrelid = (to_regclass(format('staging.%I'::text, live_load.source)))::oid)))
          WHERE ((pg_attribute.attnum > 0) AND (NOT pg_attribute.attisdropped) AND ("left"((pg_attribute.attname)::text, 1) <> '_'::text))
          GROUP BY live_load.source
        )
 SELECT live_file.load_id AS _load_id,
    live_file.source,
    live_file.location,
    ARRAY( SELECT found.name
           FROM unnest(live_file.header_columns) WITH ORDINALITY found(name, place)
          WHERE (lower(found.name) <> ALL (expected.column_names))
          ORDER BY found.place) AS unknown_columns,
    live_file.header_columns
   FROM (elt.live_file
     JOIN expected ON ((live_file.source = expected.source)))
  WHERE ((lower((live_file.header_columns)::text))::text[] <> expected.column_names);

--
-- Name: VIEW headers_unlike_staging; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.headers_unlike_staging IS 'Files whose header has more columns than the staging table, or another order. Columns are matched by name, and values of unknown columns are kept in _extra.';

--
-- Name: loads_that_may_lack_rows; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.loads_that_may_lack_rows AS
 SELECT load.load_id AS _load_id,
    load.source,
    load.location,
    load.changed_while_read
   FROM (elt.load
     JOIN elt.rest_source ON ((load.source = rest_source.source)))
  WHERE ((load.live_publish_id IS NOT NULL) AND (load.changed_while_read IS NOT NULL) AND (NOT (EXISTS ( SELECT 1
           FROM elt.load later
          WHERE ((later.source = load.source) AND (later.load_id > load.load_id) AND (later.live_publish_id IS NOT NULL) AND (later.changed_while_read IS NULL) AND (later.replayed_load_id IS NULL) AND ((later.since_sent IS NULL) OR (later.since_sent = rest_source.since_start)))))));

--
-- Name: VIEW loads_that_may_lack_rows; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.loads_that_may_lack_rows IS 'Loads of an API whose data changed while its pages were read, and that were accepted (elt.rest_source.on_change): rows may be missing. A load of all records without a change has them: elt load SOURCE --full.';

--
-- Name: loads_that_shrink; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.loads_that_shrink AS
 WITH shrunk AS (
         SELECT publish_change.publish_id,
            publish_change.table_name,
            publish_change.rows_before,
                CASE
                    WHEN (EXISTS ( SELECT 1
                       FROM pg_index
                      WHERE ((pg_index.indrelid = (to_regclass(publish_change.table_name))::oid) AND pg_index.indisprimary))) THEN publish_change.rows_deleted
                    ELSE (publish_change.rows_deleted - publish_change.rows_inserted)
                END AS rows_deleted
           FROM (elt.publish
             JOIN elt.publish_change ON ((publish.publish_id = publish_change.publish_id)))
          WHERE ((publish.finished_at IS NULL) AND (publish.cause = 'load'::text) AND (publish_change.rows_before IS NOT NULL))
        )
 SELECT load.load_id AS _load_id,
    source.source,
    shrunk.table_name,
    shrunk.rows_before,
    shrunk.rows_deleted,
    source.max_shrink
   FROM ((((shrunk
     CROSS JOIN LATERAL elt.sources_of(ARRAY[shrunk.table_name]) filled(source))
     JOIN elt.live_load ON (((shrunk.publish_id = live_load.publish_id) AND (filled.source = live_load.source))))
     JOIN elt.source ON ((live_load.source = source.source)))
     JOIN elt.load ON ((live_load.load_id = load.load_id)))
  WHERE ((source.mode = 'replace'::text) AND (NOT load.allows_shrink) AND ((shrunk.rows_deleted)::numeric > (source.max_shrink * (shrunk.rows_before)::numeric)));

--
-- Name: VIEW loads_that_shrink; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.loads_that_shrink IS 'Loads that would delete a larger share of a core table than elt.source.max_shrink allows. Check whether the file is complete. If it is, load it again with --allow-shrink, or set elt.source.max_shrink in a migration (1 allows everything). If a file holds only what is new, elt.source.mode must be append or merge.';

--
-- Name: offices_disabled_before_launch; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_disabled_before_launch AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date,
    office_rows.disabled_date
   FROM core.office_rows
  WHERE (office_rows.disabled_date < office_rows.launched_date);

--
-- Name: VIEW offices_disabled_before_launch; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_disabled_before_launch IS 'Offices disabled before they were launched. They contribute nothing.';

--
-- Name: offices_not_launched; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_not_launched AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name
   FROM core.office_rows
  WHERE (office_rows.launched_date_text IS NULL);

--
-- Name: VIEW offices_not_launched; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_not_launched IS 'Offices without a launched date. They are not live.';

--
-- Name: offices_with_odd_departments; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_with_odd_departments AS
 WITH troubled AS (
         SELECT rows._load_id,
            rows._row,
            rows.epion_office_id,
            rows.office_name,
            rows.emr_department_ids,
            concat_ws('; '::text,
                CASE
                    WHEN (COALESCE(jsonb_typeof(rows.emr_department_ids), 'null'::text) = 'null'::text) THEN 'none at all'::text
                    WHEN (rows.emr_department_ids = '[]'::jsonb) THEN 'an empty list'::text
                    WHEN (jsonb_typeof(rows.emr_department_ids) <> 'array'::text) THEN 'one value instead of a list'::text
                    ELSE NULL::text
                END, ( SELECT string_agg(DISTINCT
                        CASE
                            WHEN (jsonb_typeof(listed.value) = 'null'::text) THEN 'a null in the list'::text
                            WHEN (elt.bigint_value((listed.value #>> '{}'::text[])) IS NULL) THEN 'not an integer'::text
                            WHEN (jsonb_typeof(listed.value) = 'string'::text) THEN 'text instead of a number'::text
                            ELSE NULL::text
                        END, '; '::text) AS string_agg
                   FROM jsonb_array_elements(elt.list_value(rows.emr_department_ids)) listed(value)), ( SELECT 'the same one twice'::text
                   FROM jsonb_array_elements_text(elt.list_value(rows.emr_department_ids)) listed(value)
                 HAVING (count(elt.bigint_value(listed.value)) > count(DISTINCT elt.bigint_value(listed.value))))) AS trouble
           FROM core.office_rows rows
        )
 SELECT troubled._load_id,
    troubled._row,
    troubled.epion_office_id,
    troubled.office_name,
    troubled.trouble,
    troubled.emr_department_ids
   FROM troubled
  WHERE (troubled.trouble <> ''::text);

--
-- Name: VIEW offices_with_odd_departments; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_with_odd_departments IS 'Offices whose departments are a single value, missing, not all integers, or not all different. A single value is a list of one, a department counts once, and values that are not integers are left out.';

--
-- Name: offices_with_unreadable_disabled_date; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_with_unreadable_disabled_date AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.disabled_date_text
   FROM core.office_rows
  WHERE ((office_rows.disabled_date IS NULL) AND (office_rows.disabled_date_text IS NOT NULL));

--
-- Name: VIEW offices_with_unreadable_disabled_date; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_with_unreadable_disabled_date IS 'Offices whose disabled date is not a date. They contribute nothing, because it is unknown when they ended.';

--
-- Name: offices_with_unreadable_ids; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_with_unreadable_ids AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.office_name,
    office_rows.epion_practice_text,
    office_rows.epion_office_text
   FROM core.office_rows
  WHERE ((office_rows.epion_practice_id IS NULL) OR (office_rows.epion_office_id IS NULL));

--
-- Name: VIEW offices_with_unreadable_ids; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_with_unreadable_ids IS 'Offices whose own id or child practice is missing or not an integer. It is null and has no other effect.';

--
-- Name: offices_with_unreadable_launched_date; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_with_unreadable_launched_date AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.launched_date_text
   FROM core.office_rows
  WHERE ((office_rows.launched_date IS NULL) AND (office_rows.launched_date_text IS NOT NULL));

--
-- Name: VIEW offices_with_unreadable_launched_date; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_with_unreadable_launched_date IS 'Offices whose launched date is not a date. They are treated as not launched.';

--
-- Name: offices_without_practice; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.offices_without_practice AS
 SELECT office_rows._load_id,
    office_rows._row,
    office_rows.epion_office_id,
    office_rows.office_name,
    office_rows.emr_practice_text
   FROM core.office_rows
  WHERE (office_rows.emr_practice_id IS NULL);

--
-- Name: VIEW offices_without_practice; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.offices_without_practice IS 'Offices whose EMR practice is missing or not an integer. Their departments belong to no practice and contribute nothing.';

--
-- Name: rows_rejected; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.rows_rejected AS
 SELECT reject.load_id AS _load_id,
    reject.row_number AS _row,
    load.source,
    reject.line_number,
    reject.byte_offset,
    reject.reason
   FROM (elt.load
     JOIN elt.reject ON ((load.load_id = reject.load_id)))
  WHERE ((load.live_publish_id IS NOT NULL) AND (reject.replaced_by_load_id IS NULL));

--
-- Name: VIEW rows_rejected; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.rows_rejected IS 'Rejected records. They are kept in elt.reject with their bytes and appear in no result. To correct them: elt rejects SOURCE --out FILE.';

--
-- Name: rows_unaccounted_for; Type: VIEW; Schema: quality; Owner: -
--

CREATE VIEW quality.rows_unaccounted_for AS
 SELECT load.source,
    load.load_id,
    load.rows_read,
    load.rows_staged,
    (rejected.reject_count + load.rejects_purged) AS rows_rejected
   FROM ((elt.live_load
     JOIN elt.load ON ((live_load.load_id = load.load_id)))
     CROSS JOIN LATERAL ( SELECT count(*) AS reject_count
           FROM elt.reject
          WHERE (reject.load_id = load.load_id)) rejected)
  WHERE (load.rows_read <> ((load.rows_staged + rejected.reject_count) + load.rejects_purged));

--
-- Name: VIEW rows_unaccounted_for; Type: COMMENT; Schema: quality; Owner: -
--

COMMENT ON VIEW quality.rows_unaccounted_for IS 'Loads in which some rows that were read are neither staged nor rejected.';

--
-- Name: appointments appointments_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.appointments
    ADD CONSTRAINT appointments_pkey PRIMARY KEY (emr_appointment_id, emr_practice_id);

--
-- Name: departments departments_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.departments
    ADD CONSTRAINT departments_pkey PRIMARY KEY (entry_number, emr_department_id);

--
-- Name: offices offices_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.offices
    ADD CONSTRAINT offices_pkey PRIMARY KEY (entry_number);

--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

--
-- Name: admin_table admin_table_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.admin_table
    ADD CONSTRAINT admin_table_pkey PRIMARY KEY (table_name);

--
-- Name: api_endpoint api_endpoint_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.api_endpoint
    ADD CONSTRAINT api_endpoint_pkey PRIMARY KEY (path);

--
-- Name: api_token api_token_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (token_id);

--
-- Name: api_token api_token_token_sha256_key; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.api_token
    ADD CONSTRAINT api_token_token_sha256_key UNIQUE (token_sha256);

--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (audit_id);

--
-- Name: change change_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (change_id);

--
-- Name: chart chart_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.chart
    ADD CONSTRAINT chart_pkey PRIMARY KEY (chart);

--
-- Name: device device_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (device_id);

--
-- Name: device device_token_sha256_key; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.device
    ADD CONSTRAINT device_token_sha256_key UNIQUE (token_sha256);

--
-- Name: earlier_row earlier_row_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.earlier_row
    ADD CONSTRAINT earlier_row_pkey PRIMARY KEY (load_id, table_name, place);

--
-- Name: engine_migration engine_migration_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.engine_migration
    ADD CONSTRAINT engine_migration_pkey PRIMARY KEY (version);

--
-- Name: job_argument job_argument_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_argument
    ADD CONSTRAINT job_argument_pkey PRIMARY KEY (kind, argument);

--
-- Name: job_attempt job_attempt_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_attempt
    ADD CONSTRAINT job_attempt_pkey PRIMARY KEY (job_id, claim_number);

--
-- Name: job_kind job_kind_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_kind
    ADD CONSTRAINT job_kind_pkey PRIMARY KEY (kind);

--
-- Name: job job_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (job_id);

--
-- Name: live_pointer live_pointer_load_id_key; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.live_pointer
    ADD CONSTRAINT live_pointer_load_id_key UNIQUE (load_id);

--
-- Name: live_pointer live_pointer_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.live_pointer
    ADD CONSTRAINT live_pointer_pkey PRIMARY KEY (source);

--
-- Name: load_column load_column_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load_column
    ADD CONSTRAINT load_column_pkey PRIMARY KEY (load_id, column_name);

--
-- Name: load_file load_file_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load_file
    ADD CONSTRAINT load_file_pkey PRIMARY KEY (load_id, file_number);

--
-- Name: load load_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_pkey PRIMARY KEY (load_id);

--
-- Name: prepared_part prepared_part_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.prepared_part
    ADD CONSTRAINT prepared_part_pkey PRIMARY KEY (relation);

--
-- Name: project_migration project_migration_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.project_migration
    ADD CONSTRAINT project_migration_pkey PRIMARY KEY (version);

--
-- Name: publish_change publish_change_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.publish_change
    ADD CONSTRAINT publish_change_pkey PRIMARY KEY (publish_id, table_name);

--
-- Name: publish publish_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.publish
    ADD CONSTRAINT publish_pkey PRIMARY KEY (publish_id);

--
-- Name: reject reject_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.reject
    ADD CONSTRAINT reject_pkey PRIMARY KEY (load_id, reject_number);

--
-- Name: rest_source rest_source_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.rest_source
    ADD CONSTRAINT rest_source_pkey PRIMARY KEY (source);

--
-- Name: row_link row_link_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.row_link
    ADD CONSTRAINT row_link_pkey PRIMARY KEY (relation, column_name);

--
-- Name: rule_result rule_result_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.rule_result
    ADD CONSTRAINT rule_result_pkey PRIMARY KEY (publish_id, rule);

--
-- Name: saved_query saved_query_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.saved_query
    ADD CONSTRAINT saved_query_pkey PRIMARY KEY (saved_query);

--
-- Name: saved_view saved_view_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (saved_view_id);

--
-- Name: saved_view saved_view_relation_name_view_name_key; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.saved_view
    ADD CONSTRAINT saved_view_relation_name_view_name_key UNIQUE (relation_name, view_name);

--
-- Name: CONSTRAINT saved_view_relation_name_view_name_key ON saved_view; Type: COMMENT; Schema: elt; Owner: -
--

COMMENT ON CONSTRAINT saved_view_relation_name_view_name_key ON elt.saved_view IS 'Another view of this table has this name.';

--
-- Name: schedule schedule_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (schedule);

--
-- Name: sent_form sent_form_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.sent_form
    ADD CONSTRAINT sent_form_pkey PRIMARY KEY (form_id);

--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

--
-- Name: session session_token_sha256_key; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.session
    ADD CONSTRAINT session_token_sha256_key UNIQUE (token_sha256);

--
-- Name: sign_in sign_in_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.sign_in
    ADD CONSTRAINT sign_in_pkey PRIMARY KEY (sign_in_id);

--
-- Name: source source_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (source);

--
-- Name: task_job task_job_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.task_job
    ADD CONSTRAINT task_job_pkey PRIMARY KEY (task_name);

--
-- Name: view_version view_version_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.view_version
    ADD CONSTRAINT view_version_pkey PRIMARY KEY (name, version);

--
-- Name: worker worker_pkey; Type: CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (worker_id);

--
-- Name: tasks tasks_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (task_id);

--
-- Name: account_name_key; Type: INDEX; Schema: elt; Owner: -
--

CREATE UNIQUE INDEX account_name_key ON elt.account USING btree (lower(name));

--
-- Name: api_token_account_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX api_token_account_id_idx ON elt.api_token USING btree (account_id);

--
-- Name: audit_about_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX audit_about_idx ON elt.audit USING btree (lower(about), audit_id);

--
-- Name: audit_account_name_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX audit_account_name_idx ON elt.audit USING btree (lower(account_name), audit_id);

--
-- Name: audit_happened_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX audit_happened_at_idx ON elt.audit USING btree (happened_at);

--
-- Name: audit_unknown_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX audit_unknown_idx ON elt.audit USING btree (happened_at) WHERE ((action = 'sign_in.fail'::text) AND (about IS NULL));

--
-- Name: change_row_key_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX change_row_key_idx ON elt.change USING btree (table_name, row_key, change_id);

--
-- Name: change_transaction_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX change_transaction_id_idx ON elt.change USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);

--
-- Name: device_account_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX device_account_id_idx ON elt.device USING btree (account_id);

--
-- Name: job_attempt_started_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_attempt_started_at_idx ON elt.job_attempt USING btree (started_at);

--
-- Name: job_attempt_worker_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_attempt_worker_id_idx ON elt.job_attempt USING btree (worker_id);

--
-- Name: job_claim_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_claim_idx ON elt.job USING btree (priority DESC, run_at, job_id) INCLUDE (queue) WHERE (state = 'queued'::text);

--
-- Name: job_dedup_key_key; Type: INDEX; Schema: elt; Owner: -
--

CREATE UNIQUE INDEX job_dedup_key_key ON elt.job USING btree (dedup_key) WHERE (state = 'queued'::text);

--
-- Name: job_finished_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_finished_at_idx ON elt.job USING btree (finished_at);

--
-- Name: job_folder_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_folder_idx ON elt.job USING btree (((result ->> 'folder'::text)), finished_at) WHERE (result ? 'folder'::text);

--
-- Name: job_kind_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_kind_idx ON elt.job USING btree (kind);

--
-- Name: job_lease_until_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_lease_until_idx ON elt.job USING btree (lease_until) WHERE (state = 'running'::text);

--
-- Name: job_run_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_run_at_idx ON elt.job USING btree (run_at) INCLUDE (queue) WHERE (state = 'queued'::text);

--
-- Name: job_task_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_task_id_idx ON elt.job USING btree (((args ->> 'task_id'::text))) WHERE (args ? 'task_id'::text);

--
-- Name: job_worker_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX job_worker_id_idx ON elt.job USING btree (worker_id) WHERE (state = 'running'::text);

--
-- Name: live_override_load_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX live_override_load_id_idx ON elt.live_override USING btree (load_id);

--
-- Name: live_override_source_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX live_override_source_idx ON elt.live_override USING btree (source);

--
-- Name: load_publish_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX load_publish_id_idx ON elt.load USING btree (publish_id);

--
-- Name: load_source_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX load_source_idx ON elt.load USING btree (source, load_id);

--
-- Name: schedule_kind_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX schedule_kind_idx ON elt.schedule USING btree (kind);

--
-- Name: schedule_next_run_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX schedule_next_run_at_idx ON elt.schedule USING btree (next_run_at) WHERE is_enabled;

--
-- Name: sent_form_sent_at_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX sent_form_sent_at_idx ON elt.sent_form USING btree (sent_at);

--
-- Name: session_account_id_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX session_account_id_idx ON elt.session USING btree (account_id);

--
-- Name: sign_in_address_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX sign_in_address_idx ON elt.sign_in USING btree (address, attempted_at);

--
-- Name: sign_in_name_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX sign_in_name_idx ON elt.sign_in USING btree (lower(name), attempted_at);

--
-- Name: task_job_kind_idx; Type: INDEX; Schema: elt; Owner: -
--

CREATE INDEX task_job_kind_idx ON elt.task_job USING btree (kind);

--
-- Name: tasks_start_time_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tasks_start_time_idx ON public.tasks USING btree (start_time);

--
-- Name: purge_status _RETURN; Type: RULE; Schema: elt; Owner: -
--

CREATE OR REPLACE VIEW elt.purge_status AS
 SELECT publish.publish_id,
    publish.started_at,
    publish.published_by,
    (COALESCE(sum(publish_change.rows_deleted), (0)::numeric))::bigint AS rows_deleted,
    (COALESCE(sum(publish_change.rows_updated), (0)::numeric))::bigint AS rows_updated,
    COALESCE(array_agg(publish_change.table_name ORDER BY publish_change.table_name) FILTER (WHERE ((publish_change.rows_deleted + publish_change.rows_updated) > 0)), '{}'::text[]) AS tables
   FROM (elt.publish
     LEFT JOIN elt.publish_change ON ((publish.publish_id = publish_change.publish_id)))
  WHERE (publish.cause = 'purge'::text)
  GROUP BY publish.publish_id;

--
-- Name: audit audit_keep_rows; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER audit_keep_rows BEFORE DELETE OR UPDATE ON elt.audit FOR EACH ROW EXECUTE FUNCTION elt.keep_audit();

ALTER TABLE elt.audit ENABLE ALWAYS TRIGGER audit_keep_rows;

--
-- Name: audit audit_keep_table; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER audit_keep_table BEFORE TRUNCATE ON elt.audit FOR EACH STATEMENT EXECUTE FUNCTION elt.keep_audit();

ALTER TABLE elt.audit ENABLE ALWAYS TRIGGER audit_keep_table;

--
-- Name: chart chart_check; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER chart_check BEFORE INSERT OR UPDATE ON elt.chart FOR EACH ROW EXECUTE FUNCTION elt.check_chart();

--
-- Name: chart chart_note_change; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER chart_note_change AFTER INSERT OR DELETE OR UPDATE ON elt.chart FOR EACH ROW EXECUTE FUNCTION elt.note_change('chart');

--
-- Name: job job_notes_requests; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER job_notes_requests AFTER UPDATE ON elt.job FOR EACH ROW WHEN ((((new.cancel_requested_at IS NOT NULL) AND (old.cancel_requested_at IS NULL)) OR ((old.state = 'queued'::text) AND (new.state = 'cancelled'::text)) OR ((old.state = ANY (ARRAY['dead'::text, 'cancelled'::text])) AND (new.state = 'queued'::text)))) EXECUTE FUNCTION elt.note_change('job_id');

--
-- Name: job job_state_changes_in_order; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER job_state_changes_in_order BEFORE UPDATE OF state ON elt.job FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION elt.check_job_state();

--
-- Name: job job_tells_watchers; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER job_tells_watchers AFTER INSERT OR DELETE OR UPDATE OF state, progress, cancel_requested_at ON elt.job FOR EACH STATEMENT EXECUTE FUNCTION elt.notify_job_change();

--
-- Name: job job_wakes_workers; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER job_wakes_workers AFTER INSERT ON elt.job REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION elt.notify_job();

--
-- Name: job job_wakes_workers_again; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER job_wakes_workers_again AFTER UPDATE OF state, run_at, queue ON elt.job FOR EACH ROW WHEN (((new.state = 'queued'::text) AND ((old.state <> new.state) OR (old.run_at <> new.run_at) OR (old.queue <> new.queue)))) EXECUTE FUNCTION elt.notify_job_again();

--
-- Name: saved_query saved_query_note_change; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER saved_query_note_change AFTER INSERT OR DELETE OR UPDATE ON elt.saved_query FOR EACH ROW EXECUTE FUNCTION elt.note_change('saved_query');

--
-- Name: saved_view saved_view_note_change; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER saved_view_note_change AFTER INSERT OR DELETE OR UPDATE ON elt.saved_view FOR EACH ROW EXECUTE FUNCTION elt.note_change('saved_view_id');

--
-- Name: schedule schedule_keeps_next_run; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER schedule_keeps_next_run BEFORE INSERT OR UPDATE OF cron, time_zone, is_enabled ON elt.schedule FOR EACH ROW EXECUTE FUNCTION elt.keep_next_run();

--
-- Name: schedule schedule_note_change; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER schedule_note_change AFTER INSERT OR DELETE OR UPDATE OF cron, time_zone, is_enabled, missed_runs, description, args, kind ON elt.schedule FOR EACH ROW EXECUTE FUNCTION elt.note_change('schedule');

--
-- Name: schedule schedule_wakes_workers; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER schedule_wakes_workers AFTER INSERT OR UPDATE OF cron, time_zone, is_enabled, next_run_at ON elt.schedule FOR EACH STATEMENT EXECUTE FUNCTION elt.notify_schedule();

--
-- Name: task_job task_job_note_change; Type: TRIGGER; Schema: elt; Owner: -
--

CREATE TRIGGER task_job_note_change AFTER INSERT OR DELETE OR UPDATE ON elt.task_job FOR EACH ROW EXECUTE FUNCTION elt.note_change('task_name');

--
-- Name: tasks tasks_enqueue_job; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tasks_enqueue_job AFTER INSERT ON public.tasks FOR EACH ROW EXECUTE FUNCTION elt.enqueue_task_job();

--
-- Name: tasks tasks_keep_times; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tasks_keep_times BEFORE INSERT OR UPDATE ON public.tasks FOR EACH ROW EXECUTE FUNCTION elt.keep_times();

--
-- Name: tasks tasks_note_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tasks_note_change AFTER INSERT OR DELETE OR UPDATE ON public.tasks FOR EACH ROW EXECUTE FUNCTION elt.note_change('task_id');

--
-- Name: api_token api_token_account_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.api_token
    ADD CONSTRAINT api_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES elt.account(account_id) ON DELETE CASCADE;

--
-- Name: device device_account_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.device
    ADD CONSTRAINT device_account_id_fkey FOREIGN KEY (account_id) REFERENCES elt.account(account_id) ON DELETE CASCADE;

--
-- Name: earlier_row earlier_row_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.earlier_row
    ADD CONSTRAINT earlier_row_load_id_fkey FOREIGN KEY (load_id) REFERENCES elt.load(load_id);

--
-- Name: job_argument job_argument_kind_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_argument
    ADD CONSTRAINT job_argument_kind_fkey FOREIGN KEY (kind) REFERENCES elt.job_kind(kind) ON DELETE CASCADE;

--
-- Name: job_attempt job_attempt_job_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_attempt
    ADD CONSTRAINT job_attempt_job_id_fkey FOREIGN KEY (job_id) REFERENCES elt.job(job_id) ON DELETE CASCADE;

--
-- Name: job_attempt job_attempt_worker_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job_attempt
    ADD CONSTRAINT job_attempt_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES elt.worker(worker_id);

--
-- Name: job job_kind_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job
    ADD CONSTRAINT job_kind_fkey FOREIGN KEY (kind) REFERENCES elt.job_kind(kind);

--
-- Name: job job_worker_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.job
    ADD CONSTRAINT job_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES elt.worker(worker_id);

--
-- Name: live_pointer live_pointer_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.live_pointer
    ADD CONSTRAINT live_pointer_load_id_fkey FOREIGN KEY (load_id) REFERENCES elt.load(load_id);

--
-- Name: live_pointer live_pointer_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.live_pointer
    ADD CONSTRAINT live_pointer_publish_id_fkey FOREIGN KEY (publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: live_pointer live_pointer_source_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.live_pointer
    ADD CONSTRAINT live_pointer_source_fkey FOREIGN KEY (source) REFERENCES elt.source(source);

--
-- Name: load load_batch_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_batch_load_id_fkey FOREIGN KEY (batch_load_id) REFERENCES elt.load(load_id);

--
-- Name: load_column load_column_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load_column
    ADD CONSTRAINT load_column_load_id_fkey FOREIGN KEY (load_id) REFERENCES elt.load(load_id);

--
-- Name: load_file load_file_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load_file
    ADD CONSTRAINT load_file_load_id_fkey FOREIGN KEY (load_id) REFERENCES elt.load(load_id);

--
-- Name: load load_live_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_live_publish_id_fkey FOREIGN KEY (live_publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: load load_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_publish_id_fkey FOREIGN KEY (publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: load load_replaced_by_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_replaced_by_load_id_fkey FOREIGN KEY (replaced_by_load_id) REFERENCES elt.load(load_id);

--
-- Name: load load_replayed_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_replayed_load_id_fkey FOREIGN KEY (replayed_load_id) REFERENCES elt.load(load_id);

--
-- Name: load load_source_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.load
    ADD CONSTRAINT load_source_fkey FOREIGN KEY (source) REFERENCES elt.source(source);

--
-- Name: publish_change publish_change_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.publish_change
    ADD CONSTRAINT publish_change_publish_id_fkey FOREIGN KEY (publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: reject reject_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.reject
    ADD CONSTRAINT reject_load_id_fkey FOREIGN KEY (load_id) REFERENCES elt.load(load_id);

--
-- Name: reject reject_replaced_by_load_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.reject
    ADD CONSTRAINT reject_replaced_by_load_id_fkey FOREIGN KEY (replaced_by_load_id) REFERENCES elt.load(load_id);

--
-- Name: rest_source rest_source_source_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.rest_source
    ADD CONSTRAINT rest_source_source_fkey FOREIGN KEY (source) REFERENCES elt.source(source);

--
-- Name: rule_result rule_result_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.rule_result
    ADD CONSTRAINT rule_result_publish_id_fkey FOREIGN KEY (publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: rule_result rule_result_run_publish_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.rule_result
    ADD CONSTRAINT rule_result_run_publish_id_fkey FOREIGN KEY (run_publish_id) REFERENCES elt.publish(publish_id);

--
-- Name: schedule schedule_kind_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.schedule
    ADD CONSTRAINT schedule_kind_fkey FOREIGN KEY (kind) REFERENCES elt.job_kind(kind);

--
-- Name: session session_account_id_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES elt.account(account_id) ON DELETE CASCADE;

--
-- Name: task_job task_job_kind_fkey; Type: FK CONSTRAINT; Schema: elt; Owner: -
--

ALTER TABLE ONLY elt.task_job
    ADD CONSTRAINT task_job_kind_fkey FOREIGN KEY (kind) REFERENCES elt.job_kind(kind);

--
-- Name: SCHEMA core; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA core TO elt_query;
GRANT USAGE ON SCHEMA core TO elt_web;

--
-- Name: SCHEMA elt; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA elt TO elt_query;
GRANT USAGE ON SCHEMA elt TO elt_web;

--
-- Name: SCHEMA quality; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA quality TO elt_web;

--
-- Name: SCHEMA staging; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA staging TO elt_web;

--
-- Name: FUNCTION account_name(account_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.account_name(account_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION act_as(account_name text, address text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.act_as(account_name text, address text) FROM PUBLIC;

--
-- Name: FUNCTION act_on_jobs(request text, job_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.act_on_jobs(request text, job_ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.act_on_jobs(request text, job_ids bigint[]) TO elt_web;

--
-- Name: FUNCTION add_account(name text, role text, password_hash text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.add_account(name text, role text, password_hash text) FROM PUBLIC;

--
-- Name: FUNCTION add_audit(action text, about text, detail jsonb, address text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.add_audit(action text, about text, detail jsonb, address text) FROM PUBLIC;

--
-- Name: FUNCTION add_publish_change(publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.add_publish_change(publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint) TO elt_web;

--
-- Name: FUNCTION add_token(account_id bigint, name text, token_sha256 bytea, may_change boolean, holds interval, is_from_sign_in boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.add_token(account_id bigint, name text, token_sha256 bytea, may_change boolean, holds interval, is_from_sign_in boolean) FROM PUBLIC;

--
-- Name: FUNCTION admin_add_account(token_sha256 bytea, name text, role text, password_hash text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_add_account(token_sha256 bytea, name text, role text, password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_add_account(token_sha256 bytea, name text, role text, password_hash text) TO elt_web;

--
-- Name: FUNCTION admin_disable_account(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_disable_account(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_disable_account(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION admin_enable_account(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_enable_account(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_enable_account(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_reset_password(token_sha256 bytea, name text, password_hash text, revoke_tokens boolean) TO elt_web;

--
-- Name: FUNCTION admin_set_role(token_sha256 bytea, name text, role text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_set_role(token_sha256 bytea, name text, role text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_set_role(token_sha256 bytea, name text, role text) TO elt_web;

--
-- Name: FUNCTION admin_unlock_account(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.admin_unlock_account(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.admin_unlock_account(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION after_restore(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.after_restore() FROM PUBLIC;

--
-- Name: FUNCTION amount_value(value text, unit text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.amount_value(value text, unit text) TO elt_web;

--
-- Name: FUNCTION analyze_change(table_name text, rows_changed bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.analyze_change(table_name text, rows_changed bigint) FROM PUBLIC;

--
-- Name: FUNCTION analyze_staging(rows_table regclass); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.analyze_staging(rows_table regclass) FROM PUBLIC;

--
-- Name: FUNCTION append_rows(target regclass, core_query regclass, load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.append_rows(target regclass, core_query regclass, load_id bigint) TO elt_web;

--
-- Name: FUNCTION apply_changes(target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.apply_changes(target regclass, changes regclass, has_changed_rows boolean, has_gone_rows boolean) TO elt_web;

--
-- Name: FUNCTION begin_sign_in(name text, network text, device_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.begin_sign_in(name text, network text, device_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.begin_sign_in(name text, network text, device_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION bigint_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.bigint_value(value text) TO elt_web;

--
-- Name: FUNCTION boolean_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.boolean_value(value text) TO elt_web;

--
-- Name: FUNCTION bring_core(target regclass, core_query regclass, mode text, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.bring_core(target regclass, core_query regclass, mode text, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) TO elt_web;

--
-- Name: FUNCTION cancel_job(job_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.cancel_job(job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.cancel_job(job_id bigint) TO elt_web;

--
-- Name: FUNCTION change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.change_password(token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean) TO elt_web;

--
-- Name: FUNCTION changes_query(target regclass, core_query regclass, with_origin boolean, incoming_where text, have text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.changes_query(target regclass, core_query regclass, with_origin boolean, incoming_where text, have text) TO elt_web;

--
-- Name: TABLE chart; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT,DELETE ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.chart; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(chart) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.place; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(place),UPDATE(place) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.kind; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(kind),UPDATE(kind) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.title; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(title),UPDATE(title) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.relation; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(relation),UPDATE(relation) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.label_column; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(label_column),UPDATE(label_column) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.value_column; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(value_column),UPDATE(value_column) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.part_column; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(part_column),UPDATE(part_column) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.rate_column; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(rate_column),UPDATE(rate_column) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.unit; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(unit),UPDATE(unit) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.part_name; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(part_name),UPDATE(part_name) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.rows_relation; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(rows_relation),UPDATE(rows_relation) ON TABLE elt.chart TO elt_web;

--
-- Name: COLUMN chart.rows_column; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(rows_column),UPDATE(rows_column) ON TABLE elt.chart TO elt_web;

--
-- Name: FUNCTION chart_problems(checked elt.chart); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.chart_problems(checked elt.chart) TO elt_web;

--
-- Name: FUNCTION check_earlier_loads(publish_id bigint, standing text[]); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.check_earlier_loads(publish_id bigint, standing text[]) FROM PUBLIC;

--
-- Name: FUNCTION check_rule(rule regclass, holds_if text, OUT violation_count bigint, OUT sample jsonb, OUT seconds double precision); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.check_rule(rule regclass, holds_if text, OUT violation_count bigint, OUT sample jsonb, OUT seconds double precision) TO elt_web;

--
-- Name: FUNCTION claim_jobs(worker_id bigint, queues text[], at_most bigint, lease interval); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.claim_jobs(worker_id bigint, queues text[], at_most bigint, lease interval) FROM PUBLIC;

--
-- Name: FUNCTION close_batch(batch_load_id bigint, files jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.close_batch(batch_load_id bigint, files jsonb) FROM PUBLIC;

--
-- Name: FUNCTION close_part(load_id bigint, part bigint, part_bits bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.close_part(load_id bigint, part bigint, part_bits bigint) FROM PUBLIC;

--
-- Name: FUNCTION close_publish(publish_id bigint, sources text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.close_publish(publish_id bigint, sources text[]) TO elt_web;

--
-- Name: FUNCTION close_session(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.close_session(token_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.close_session(token_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION close_sessions(account_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.close_sessions(account_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION cluster_finding(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.cluster_finding() TO elt_web;

--
-- Name: FUNCTION column_is(source text, column_name text, property text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.column_is(source text, column_name text, property text) TO elt_web;

--
-- Name: FUNCTION comma_amount_value(value text, unit text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.comma_amount_value(value text, unit text) TO elt_web;

--
-- Name: FUNCTION compact_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.compact_as_iso(value text) TO elt_web;

--
-- Name: FUNCTION compare_rows(before regclass, after regclass, key text[], sample_size bigint, OUT compared_by text[], OUT key_problem text, OUT columns_added text[], OUT columns_removed text[], OUT columns_retyped text[], OUT rows_before bigint, OUT rows_after bigint, OUT rows_added bigint, OUT rows_removed bigint, OUT rows_changed bigint, OUT added jsonb, OUT removed jsonb, OUT changed jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.compare_rows(before regclass, after regclass, key text[], sample_size bigint, OUT compared_by text[], OUT key_problem text, OUT columns_added text[], OUT columns_removed text[], OUT columns_retyped text[], OUT rows_before bigint, OUT rows_after bigint, OUT rows_added bigint, OUT rows_removed bigint, OUT rows_changed bigint, OUT added jsonb, OUT removed jsonb, OUT changed jsonb) TO elt_web;

--
-- Name: FUNCTION condition_holds(condition text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.condition_holds(condition text) TO elt_web;

--
-- Name: FUNCTION copy_staging(from_load_id bigint, to_load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.copy_staging(from_load_id bigint, to_load_id bigint) TO elt_web;

--
-- Name: FUNCTION core_columns(target regclass, core_query regclass, OUT column_list text, OUT key_list text, OUT key_matches text, OUT updates text, OUT either text, OUT have_data text, OUT incoming_data text, OUT have_all text, OUT incoming_all text, OUT image text, OUT earlier text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.core_columns(target regclass, core_query regclass, OUT column_list text, OUT key_list text, OUT key_matches text, OUT updates text, OUT either text, OUT have_data text, OUT incoming_data text, OUT have_all text, OUT incoming_all text, OUT image text, OUT earlier text) TO elt_web;

--
-- Name: FUNCTION core_has_columns(source text, names text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.core_has_columns(source text, names text[]) TO elt_web;

--
-- Name: FUNCTION core_sha256(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.core_sha256() TO elt_web;

--
-- Name: FUNCTION core_state(table_name text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.core_state(table_name text) TO elt_web;

--
-- Name: FUNCTION count_changes(changes regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.count_changes(changes regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) TO elt_web;

--
-- Name: FUNCTION create_partitions(target regclass, modulus integer); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.create_partitions(target regclass, modulus integer) FROM PUBLIC;

--
-- Name: FUNCTION create_work_table(name text, target regclass, column_list text, query text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.create_work_table(name text, target regclass, column_list text, query text) FROM PUBLIC;

--
-- Name: FUNCTION cron_values(field text, lowest bigint, highest bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.cron_values(field text, lowest bigint, highest bigint) TO elt_web;

--
-- Name: FUNCTION database_bytes(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.database_bytes() TO elt_web;

--
-- Name: FUNCTION date_as_iso(year text, month text, day text, time_of_day text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.date_as_iso(year text, month text, day text, time_of_day text) TO elt_web;

--
-- Name: FUNCTION date_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.date_value(value text) TO elt_web;

--
-- Name: FUNCTION day_first_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.day_first_as_iso(value text) TO elt_web;

--
-- Name: FUNCTION describe_columns(load_id bigint, column_names text[], has_null boolean[], has_edge_space boolean[], is_integer boolean[], is_date boolean[], is_lowercase boolean[], is_uppercase boolean[], is_empty boolean[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.describe_columns(load_id bigint, column_names text[], has_null boolean[], has_edge_space boolean[], is_integer boolean[], is_date boolean[], is_lowercase boolean[], is_uppercase boolean[], is_empty boolean[]) TO elt_web;

--
-- Name: FUNCTION disable_account(account_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.disable_account(account_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION distribute(is_dry_run boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.distribute(is_dry_run boolean) FROM PUBLIC;

--
-- Name: FUNCTION distribution_column(target regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.distribution_column(target regclass) TO elt_web;

--
-- Name: FUNCTION double_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.double_value(value text) TO elt_web;

--
-- Name: FUNCTION downstream(relation regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.downstream(relation regclass) TO elt_web;

--
-- Name: FUNCTION drop_prepared(table_name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.drop_prepared(table_name text) FROM PUBLIC;

--
-- Name: FUNCTION drop_staging(load_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.drop_staging(load_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION earlier_load(source text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.earlier_load(source text) TO elt_web;

--
-- Name: TABLE job; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job TO elt_web;

--
-- Name: FUNCTION end_attempt(job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.end_attempt(job_id bigint, claim_number bigint, outcome text, error text, sqlstate_of_error text) FROM PUBLIC;

--
-- Name: FUNCTION end_session(token_sha256 bytea, name text, session_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.end_session(token_sha256 bytea, name text, session_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.end_session(token_sha256 bytea, name text, session_id bigint) TO elt_web;

--
-- Name: FUNCTION end_token(token_sha256 bytea, name text, token_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.end_token(token_sha256 bytea, name text, token_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.end_token(token_sha256 bytea, name text, token_id bigint) TO elt_web;

--
-- Name: FUNCTION enqueue(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, dedup_key text, max_attempts bigint, time_limit interval); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.enqueue(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, dedup_key text, max_attempts bigint, time_limit interval) FROM PUBLIC;

--
-- Name: FUNCTION enqueue_due(at_time timestamp with time zone); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.enqueue_due(at_time timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION enqueue_task_job(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.enqueue_task_job() FROM PUBLIC;

--
-- Name: FUNCTION epoch_milliseconds_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.epoch_milliseconds_value(value text) TO elt_web;

--
-- Name: FUNCTION epoch_seconds_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.epoch_seconds_value(value text) TO elt_web;

--
-- Name: FUNCTION facet_columns(relation regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.facet_columns(relation regclass) TO elt_web;

--
-- Name: FUNCTION fail_job(job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.fail_job(job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean) FROM PUBLIC;

--
-- Name: FUNCTION fill_rows(target regclass, core_query regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.fill_rows(target regclass, core_query regclass) TO elt_web;

--
-- Name: FUNCTION first_key_column(target regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.first_key_column(target regclass) TO elt_web;

--
-- Name: FUNCTION form_outcome(form_id uuid, account_name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.form_outcome(form_id uuid, account_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.form_outcome(form_id uuid, account_name text) TO elt_web;

--
-- Name: FUNCTION grant_roles(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.grant_roles() FROM PUBLIC;

--
-- Name: FUNCTION has_accounts(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.has_accounts() FROM PUBLIC;
GRANT ALL ON FUNCTION elt.has_accounts() TO elt_web;

--
-- Name: FUNCTION has_citus(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.has_citus() TO elt_web;

--
-- Name: FUNCTION has_key(document jsonb, key jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.has_key(document jsonb, key jsonb) TO elt_web;

--
-- Name: FUNCTION has_replaced_rows(source text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.has_replaced_rows(source text) TO elt_web;

--
-- Name: FUNCTION has_value(stored anyelement, key text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.has_value(stored anyelement, key text) TO elt_web;

--
-- Name: FUNCTION header_key(header jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.header_key(header jsonb) TO elt_web;

--
-- Name: FUNCTION heartbeat(worker_id bigint, job_ids bigint[], lease interval); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.heartbeat(worker_id bigint, job_ids bigint[], lease interval) FROM PUBLIC;

--
-- Name: FUNCTION holds_worker_lock(worker_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.holds_worker_lock(worker_id bigint) TO elt_web;

--
-- Name: FUNCTION instant_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.instant_value(value text) TO elt_web;

--
-- Name: FUNCTION integer_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.integer_value(value text) TO elt_web;

--
-- Name: FUNCTION is_distributed_function(routine regprocedure); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.is_distributed_function(routine regprocedure) TO elt_web;

--
-- Name: FUNCTION is_missing(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.is_missing(value text) TO elt_web;

--
-- Name: FUNCTION is_prepared(table_name text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.is_prepared(table_name text) TO elt_web;

--
-- Name: FUNCTION is_same(value text, key text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.is_same(value text, key text) TO elt_web;

--
-- Name: FUNCTION iso_date_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.iso_date_value(value text) TO elt_web;

--
-- Name: FUNCTION iso_timestamp_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.iso_timestamp_value(value text) TO elt_web;

--
-- Name: FUNCTION job_argument_choices(kind text, argument text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.job_argument_choices(kind text, argument text) TO elt_web;

--
-- Name: FUNCTION job_argument_problems(kind text, args jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.job_argument_problems(kind text, args jsonb) TO elt_web;

--
-- Name: FUNCTION job_difference(job_id bigint, kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, max_attempts bigint, time_limit interval); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.job_difference(job_id bigint, kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone, max_attempts bigint, time_limit interval) TO elt_web;

--
-- Name: FUNCTION job_history(span interval, step interval); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.job_history(span interval, step interval) TO elt_web;

--
-- Name: FUNCTION job_value_problem(value jsonb, type text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.job_value_problem(value jsonb, type text) TO elt_web;

--
-- Name: FUNCTION job_wait(queues text[]); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.job_wait(queues text[]) FROM PUBLIC;

--
-- Name: FUNCTION keep_audit(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.keep_audit() FROM PUBLIC;

--
-- Name: FUNCTION kept_attribute(target regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.kept_attribute(target regclass) TO elt_web;

--
-- Name: FUNCTION key_condition(target regclass, key jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.key_condition(target regclass, key jsonb) TO elt_web;

--
-- Name: FUNCTION later_loads(load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.later_loads(load_id bigint) TO elt_web;

--
-- Name: FUNCTION list_accounts(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.list_accounts(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.list_accounts(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.list_audit(token_sha256 bytea, action text, account_name text, since timestamp with time zone, until timestamp with time zone, before_id bigint, row_limit bigint) TO elt_web;

--
-- Name: FUNCTION list_sessions(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.list_sessions(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.list_sessions(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION list_tokens(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.list_tokens(token_sha256 bytea, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.list_tokens(token_sha256 bytea, name text) TO elt_web;

--
-- Name: FUNCTION list_value(value jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.list_value(value jsonb) TO elt_web;

--
-- Name: FUNCTION list_words(value anyarray); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.list_words(value anyarray) TO elt_web;

--
-- Name: FUNCTION live_since(source text, since_column text, since_type text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.live_since(source text, since_column text, since_type text) TO elt_web;

--
-- Name: FUNCTION local_timestamp_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.local_timestamp_value(value text) TO elt_web;

--
-- Name: FUNCTION make_live(publish_id bigint, load_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.make_live(publish_id bigint, load_ids bigint[]) TO elt_web;

--
-- Name: FUNCTION mark_dead_loads(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.mark_dead_loads() TO elt_web;

--
-- Name: FUNCTION marked_amount_value(value text, is_percent boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.marked_amount_value(value text, is_percent boolean) TO elt_web;

--
-- Name: FUNCTION mentions(message text, key jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.mentions(message text, key jsonb) TO elt_web;

--
-- Name: FUNCTION merge_batch(publish_id bigint, source text, load_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.merge_batch(publish_id bigint, source text, load_ids bigint[]) TO elt_web;

--
-- Name: FUNCTION merge_load(publish_id bigint, load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.merge_load(publish_id bigint, load_id bigint) TO elt_web;

--
-- Name: FUNCTION merge_rows(target regclass, core_query regclass, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.merge_rows(target regclass, core_query regclass, load_id bigint, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) TO elt_web;

--
-- Name: FUNCTION merge_steps(target regclass, core_query regclass, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.merge_steps(target regclass, core_query regclass, table_name text, OUT rows_inserted bigint, OUT rows_updated bigint) TO elt_web;

--
-- Name: FUNCTION month_as_iso(name text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.month_as_iso(name text) TO elt_web;

--
-- Name: FUNCTION month_first_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.month_first_as_iso(value text) TO elt_web;

--
-- Name: FUNCTION month_name_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.month_name_as_iso(value text) TO elt_web;

--
-- Name: FUNCTION new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.new_token(token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer) TO elt_web;

--
-- Name: FUNCTION next_run(cron text, time_zone text, after timestamp with time zone); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.next_run(cron text, time_zone text, after timestamp with time zone) TO elt_web;

--
-- Name: FUNCTION node_finding(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.node_finding() TO elt_web;

--
-- Name: FUNCTION note_audit(action text, about text, detail jsonb, address text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.note_audit(action text, about text, detail jsonb, address text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.note_audit(action text, about text, detail jsonb, address text) TO elt_web;

--
-- Name: FUNCTION note_change(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.note_change() FROM PUBLIC;

--
-- Name: FUNCTION note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.note_form(form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text) TO elt_web;

--
-- Name: FUNCTION note_rows_before(publish_id bigint, filled regclass, table_name text, sources text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.note_rows_before(publish_id bigint, filled regclass, table_name text, sources text[]) TO elt_web;

--
-- Name: FUNCTION numeric_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.numeric_value(value text) TO elt_web;

--
-- Name: FUNCTION open_batch(source text, elt_version text, layout jsonb, file_names text[], locations text[], file_stamps text[]); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.open_batch(source text, elt_version text, layout jsonb, file_names text[], locations text[], file_stamps text[]) FROM PUBLIC;

--
-- Name: FUNCTION open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.open_part(load_id bigint, part bigint, part_mask bigint, part_bits bigint) FROM PUBLIC;

--
-- Name: FUNCTION open_publish(cause text, elt_version text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.open_publish(cause text, elt_version text) TO elt_web;

--
-- Name: FUNCTION open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.open_session(sign_in_id bigint, password_hash text, token_sha256 bytea, address text, user_agent text, old_device_sha256 bytea, device_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION open_staging(load_id bigint, part_mask bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.open_staging(load_id bigint, part_mask bigint) FROM PUBLIC;

--
-- Name: FUNCTION open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.open_token(sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval) TO elt_web;

--
-- Name: FUNCTION origin(load_id bigint, row_number bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.origin(load_id bigint, row_number bigint) TO elt_web;

--
-- Name: FUNCTION override_live(load_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.override_live(load_ids bigint[]) FROM PUBLIC;

--
-- Name: FUNCTION part_condition(target regclass, part integer, parts integer, alias text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.part_condition(target regclass, part integer, parts integer, alias text) TO elt_web;

--
-- Name: FUNCTION partition_name(target regclass, part bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.partition_name(target regclass, part bigint) TO elt_web;

--
-- Name: FUNCTION partition_table(target regclass); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.partition_table(target regclass) FROM PUBLIC;

--
-- Name: FUNCTION prepare_changes(table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.prepare_changes(table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer) TO elt_web;

--
-- Name: FUNCTION prepare_part(load_ids bigint[], part integer, parts integer); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.prepare_part(load_ids bigint[], part integer, parts integer) FROM PUBLIC;

--
-- Name: FUNCTION prepare_partition(table_name text, target regclass, core_query regclass, part integer, parts integer); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.prepare_partition(table_name text, target regclass, core_query regclass, part integer, parts integer) TO elt_web;

--
-- Name: FUNCTION prepared_name(target regclass, part integer); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.prepared_name(target regclass, part integer) TO elt_web;

--
-- Name: FUNCTION prune(args jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.prune(args jsonb) FROM PUBLIC;

--
-- Name: FUNCTION prune_audit(older_than interval); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.prune_audit(older_than interval) FROM PUBLIC;

--
-- Name: FUNCTION prune_jobs(args jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.prune_jobs(args jsonb) FROM PUBLIC;

--
-- Name: FUNCTION publish_loads(load_ids bigint[], cause text, elt_version text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.publish_loads(load_ids bigint[], cause text, elt_version text) FROM PUBLIC;

--
-- Name: FUNCTION purge_key(key jsonb, elt_version text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.purge_key(key jsonb, elt_version text) FROM PUBLIC;

--
-- Name: FUNCTION purge_load(load_id bigint, elt_version text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.purge_load(load_id bigint, elt_version text) FROM PUBLIC;

--
-- Name: FUNCTION purge_staging(load_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.purge_staging(load_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION range_words(value anyrange); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.range_words(value anyrange) TO elt_web;

--
-- Name: FUNCTION ranges_words(value anymultirange); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.ranges_words(value anymultirange) TO elt_web;

--
-- Name: FUNCTION read_instant(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.read_instant(value text) TO elt_web;

--
-- Name: FUNCTION rebuild_source(publish_id bigint, source text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.rebuild_source(publish_id bigint, source text) TO elt_web;

--
-- Name: FUNCTION refresh_sources(publish_id bigint, sources text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.refresh_sources(publish_id bigint, sources text[]) TO elt_web;

--
-- Name: FUNCTION refuse_loads(load_ids bigint[], cause text, elt_version text, findings jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.refuse_loads(load_ids bigint[], cause text, elt_version text, findings jsonb) FROM PUBLIC;

--
-- Name: FUNCTION relation_bytes(relation regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.relation_bytes(relation regclass) TO elt_web;

--
-- Name: FUNCTION release_job(job_id bigint, claim_number bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.release_job(job_id bigint, claim_number bigint) FROM PUBLIC;

--
-- Name: FUNCTION replace_files(publish_id bigint, load_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.replace_files(publish_id bigint, load_ids bigint[]) TO elt_web;

--
-- Name: FUNCTION replace_rows(target regclass, core_query regclass, with_origin boolean, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.replace_rows(target regclass, core_query regclass, with_origin boolean, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) TO elt_web;

--
-- Name: FUNCTION report_progress(job_id bigint, claim_number bigint, progress jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.report_progress(job_id bigint, claim_number bigint, progress jsonb) FROM PUBLIC;

--
-- Name: FUNCTION requeue_job(job_id bigint, run_at timestamp with time zone, attempt_count bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.requeue_job(job_id bigint, run_at timestamp with time zone, attempt_count bigint) FROM PUBLIC;

--
-- Name: FUNCTION require_account(name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_account(name text) FROM PUBLIC;

--
-- Name: FUNCTION require_admin(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_admin(token_sha256 bytea) FROM PUBLIC;

--
-- Name: FUNCTION require_job_right(kind text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_job_right(kind text) FROM PUBLIC;

--
-- Name: FUNCTION require_mode(source text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.require_mode(source text) TO elt_web;

--
-- Name: FUNCTION require_origin(rows regclass, core_query regclass, load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.require_origin(rows regclass, core_query regclass, load_id bigint) TO elt_web;

--
-- Name: FUNCTION require_other(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_other(token_sha256 bytea, name text) FROM PUBLIC;

--
-- Name: FUNCTION require_own(token_sha256 bytea, name text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_own(token_sha256 bytea, name text) FROM PUBLIC;

--
-- Name: FUNCTION require_queue_name(queue text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.require_queue_name(queue text) TO elt_web;

--
-- Name: FUNCTION require_session(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.require_session(token_sha256 bytea) FROM PUBLIC;

--
-- Name: FUNCTION rescue_jobs(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.rescue_jobs() FROM PUBLIC;

--
-- Name: FUNCTION retained_from(source text, key jsonb, purged bigint[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.retained_from(source text, key jsonb, purged bigint[]) TO elt_web;

--
-- Name: FUNCTION retry_job(job_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.retry_job(job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.retry_job(job_id bigint) TO elt_web;

--
-- Name: FUNCTION retry_pause(attempt_count bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.retry_pause(attempt_count bigint) TO elt_web;

--
-- Name: FUNCTION revoke_token(token_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.revoke_token(token_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION roll_back(publish_id bigint, load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.roll_back(publish_id bigint, load_id bigint) TO elt_web;

--
-- Name: FUNCTION row_estimate(relation regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.row_estimate(relation regclass) TO elt_web;

--
-- Name: FUNCTION run_rules(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.run_rules() TO elt_web;

--
-- Name: FUNCTION run_schedule(schedule text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.run_schedule(schedule text) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.run_schedule(schedule text) TO elt_web;

--
-- Name: FUNCTION schedule_wait(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.schedule_wait() FROM PUBLIC;

--
-- Name: FUNCTION seen_bigint_value(value text, is_integer boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.seen_bigint_value(value text, is_integer boolean) TO elt_web;

--
-- Name: FUNCTION seen_date_value(value text, is_date boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.seen_date_value(value text, is_date boolean) TO elt_web;

--
-- Name: FUNCTION seen_text_value(value text, is_trimmed boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.seen_text_value(value text, is_trimmed boolean) TO elt_web;

--
-- Name: FUNCTION session_account(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.session_account(token_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.session_account(token_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION session_owes_password(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.session_owes_password(token_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.session_owes_password(token_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION set_password(account_id bigint, password_hash text, revoke_tokens boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.set_password(account_id bigint, password_hash text, revoke_tokens boolean) FROM PUBLIC;

--
-- Name: FUNCTION sign_in_frees_at(name text, network text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.sign_in_frees_at(name text, network text) FROM PUBLIC;

--
-- Name: FUNCTION since_to_send(source text, is_full boolean); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.since_to_send(source text, is_full boolean) TO elt_web;

--
-- Name: FUNCTION sources_of(relations text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.sources_of(relations text[]) TO elt_web;

--
-- Name: FUNCTION sql_sha256(); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.sql_sha256() TO elt_web;

--
-- Name: FUNCTION staged_since(load_id bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.staged_since(load_id bigint) TO elt_web;

--
-- Name: FUNCTION standing_result(publish_id bigint, sources text[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.standing_result(publish_id bigint, sources text[]) TO elt_web;

--
-- Name: FUNCTION start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.start_job(kind text, args jsonb, queue text, priority bigint, run_at timestamp with time zone) TO elt_web;

--
-- Name: FUNCTION start_worker(host text, process_id bigint, elt_version text, queues text[], concurrency bigint, holds_lock boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.start_worker(host text, process_id bigint, elt_version text, queues text[], concurrency bigint, holds_lock boolean) FROM PUBLIC;

--
-- Name: FUNCTION stop_worker(worker_id bigint); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.stop_worker(worker_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION succeed_job(job_id bigint, claim_number bigint, result jsonb); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.succeed_job(job_id bigint, claim_number bigint, result jsonb) FROM PUBLIC;

--
-- Name: FUNCTION sweep(); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.sweep() FROM PUBLIC;

--
-- Name: FUNCTION table_to_prepare(load_ids bigint[]); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.table_to_prepare(load_ids bigint[]) TO elt_web;

--
-- Name: FUNCTION take_back(publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.take_back(publish_id bigint, source text, undone bigint[], redone bigint[], key jsonb) TO elt_web;

--
-- Name: FUNCTION text_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.text_value(value text) TO elt_web;

--
-- Name: FUNCTION time_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.time_as_iso(value text) TO elt_web;

--
-- Name: FUNCTION time_bound(value text, is_end boolean, time_zone text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.time_bound(value text, is_end boolean, time_zone text) TO elt_web;

--
-- Name: FUNCTION timestamp_value(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.timestamp_value(value text) TO elt_web;

--
-- Name: FUNCTION token_account(token_sha256 bytea); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.token_account(token_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION elt.token_account(token_sha256 bytea) TO elt_web;

--
-- Name: FUNCTION undistribute(is_dry_run boolean); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.undistribute(is_dry_run boolean) FROM PUBLIC;

--
-- Name: FUNCTION undo_rows(target regclass, load_id bigint, table_name text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.undo_rows(target regclass, load_id bigint, table_name text) TO elt_web;

--
-- Name: FUNCTION upstream(relation regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.upstream(relation regclass) TO elt_web;

--
-- Name: FUNCTION use_prepared(table_name text, target regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.use_prepared(table_name text, target regclass, OUT rows_inserted bigint, OUT rows_updated bigint, OUT rows_deleted bigint) TO elt_web;

--
-- Name: FUNCTION use_sign_in(sign_in_id bigint, password_hash text); Type: ACL; Schema: elt; Owner: -
--

REVOKE ALL ON FUNCTION elt.use_sign_in(sign_in_id bigint, password_hash text) FROM PUBLIC;

--
-- Name: FUNCTION utc_text(instant timestamp without time zone); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.utc_text(instant timestamp without time zone) TO elt_web;

--
-- Name: FUNCTION view_attributes(view regclass); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.view_attributes(view regclass) TO elt_web;

--
-- Name: FUNCTION with_origin(violation jsonb); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.with_origin(violation jsonb) TO elt_web;

--
-- Name: FUNCTION year_first_as_iso(value text); Type: ACL; Schema: elt; Owner: -
--

GRANT ALL ON FUNCTION elt.year_first_as_iso(value text) TO elt_web;

--
-- Name: TABLE live_override; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.live_override TO elt_web;

--
-- Name: TABLE live_pointer; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.live_pointer TO elt_web;

--
-- Name: TABLE live_load; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.live_load TO elt_query;
GRANT SELECT ON TABLE elt.live_load TO elt_web;

--
-- Name: TABLE appointments; Type: ACL; Schema: staging; Owner: -
--

GRANT SELECT ON TABLE staging.appointments TO elt_web;

--
-- Name: TABLE appointment_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.appointment_rows TO elt_web;

--
-- Name: TABLE rest_appointments; Type: ACL; Schema: staging; Owner: -
--

GRANT SELECT ON TABLE staging.rest_appointments TO elt_web;

--
-- Name: TABLE rest_appointment_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.rest_appointment_rows TO elt_web;

--
-- Name: TABLE appointment_differences; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.appointment_differences TO elt_web;

--
-- Name: TABLE appointment_records; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.appointment_records TO elt_web;

--
-- Name: TABLE appointments; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.appointments TO elt_query;
GRANT SELECT ON TABLE core.appointments TO elt_web;

--
-- Name: TABLE departments; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.departments TO elt_query;
GRANT SELECT ON TABLE core.departments TO elt_web;

--
-- Name: TABLE office_settings; Type: ACL; Schema: staging; Owner: -
--

GRANT SELECT ON TABLE staging.office_settings TO elt_web;

--
-- Name: TABLE offices; Type: ACL; Schema: staging; Owner: -
--

GRANT SELECT ON TABLE staging.offices TO elt_web;

--
-- Name: TABLE practices; Type: ACL; Schema: staging; Owner: -
--

GRANT SELECT ON TABLE staging.practices TO elt_web;

--
-- Name: TABLE documents; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.documents TO elt_web;

--
-- Name: TABLE epion_office_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.epion_office_rows TO elt_web;

--
-- Name: TABLE epion_practice_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.epion_practice_rows TO elt_web;

--
-- Name: TABLE incoming_appointments; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.incoming_appointments TO elt_web;

--
-- Name: TABLE office_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.office_rows TO elt_web;

--
-- Name: TABLE office_department_rows; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.office_department_rows TO elt_web;

--
-- Name: TABLE incoming_departments; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.incoming_departments TO elt_web;

--
-- Name: TABLE incoming_epion_offices; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.incoming_epion_offices TO elt_web;

--
-- Name: TABLE incoming_epion_practices; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.incoming_epion_practices TO elt_web;

--
-- Name: TABLE incoming_offices; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.incoming_offices TO elt_web;

--
-- Name: TABLE offices; Type: ACL; Schema: core; Owner: -
--

GRANT SELECT ON TABLE core.offices TO elt_query;
GRANT SELECT ON TABLE core.offices TO elt_web;

--
-- Name: TABLE admin_table; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.admin_table TO elt_web;

--
-- Name: TABLE admin_column; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.admin_column TO elt_web;

--
-- Name: TABLE admin_constraint; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.admin_constraint TO elt_web;

--
-- Name: TABLE admin_dependent; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.admin_dependent TO elt_web;

--
-- Name: TABLE api_endpoint; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.api_endpoint TO elt_web;

--
-- Name: TABLE change; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.change TO elt_web;

--
-- Name: TABLE chart_problem; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.chart_problem TO elt_web;

--
-- Name: TABLE view_version; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.view_version TO elt_query;
GRANT SELECT ON TABLE elt.view_version TO elt_web;

--
-- Name: TABLE current_view; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.current_view TO elt_query;
GRANT SELECT ON TABLE elt.current_view TO elt_web;

--
-- Name: TABLE object_use; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.object_use TO elt_query;
GRANT SELECT ON TABLE elt.object_use TO elt_web;

--
-- Name: TABLE core_query; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.core_query TO elt_query;
GRANT SELECT ON TABLE elt.core_query TO elt_web;

--
-- Name: TABLE job_kind; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_kind TO elt_web;

--
-- Name: TABLE lineage; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.lineage TO elt_query;
GRANT SELECT ON TABLE elt.lineage TO elt_web;

--
-- Name: TABLE own_relation; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.own_relation TO elt_web;

--
-- Name: TABLE own_routine; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.own_routine TO elt_web;

--
-- Name: TABLE dictionary; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.dictionary TO elt_web;

--
-- Name: TABLE filled_table; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.filled_table TO elt_query;
GRANT SELECT ON TABLE elt.filled_table TO elt_web;

--
-- Name: TABLE source; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.source TO elt_query;
GRANT SELECT ON TABLE elt.source TO elt_web;

--
-- Name: TABLE distribution; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.distribution TO elt_web;

--
-- Name: TABLE distribution_statement; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.distribution_statement TO elt_web;

--
-- Name: TABLE engine_migration; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.engine_migration TO elt_query;
GRANT SELECT ON TABLE elt.engine_migration TO elt_web;

--
-- Name: TABLE role_right; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.role_right TO elt_web;

--
-- Name: TABLE role_statement; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.role_statement TO elt_web;

--
-- Name: TABLE web_column; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.web_column TO elt_web;

--
-- Name: TABLE grant_statement; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.grant_statement TO elt_web;

--
-- Name: TABLE worker; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.worker TO elt_web;

--
-- Name: TABLE worker_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.worker_status TO elt_query;
GRANT SELECT ON TABLE elt.worker_status TO elt_web;

--
-- Name: TABLE queue_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.queue_status TO elt_query;
GRANT SELECT ON TABLE elt.queue_status TO elt_web;

--
-- Name: TABLE job_finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_finding TO elt_web;

--
-- Name: TABLE load; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load TO elt_query;
GRANT SELECT ON TABLE elt.load TO elt_web;

--
-- Name: TABLE load_state; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_state TO elt_query;
GRANT SELECT ON TABLE elt.load_state TO elt_web;

--
-- Name: TABLE reject; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.reject TO elt_web;

--
-- Name: TABLE staging_leftover; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.staging_leftover TO elt_query;
GRANT SELECT ON TABLE elt.staging_leftover TO elt_web;

--
-- Name: TABLE load_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_status TO elt_query;
GRANT SELECT ON TABLE elt.load_status TO elt_web;

--
-- Name: TABLE load_finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_finding TO elt_web;

--
-- Name: TABLE right_finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.right_finding TO elt_web;

--
-- Name: TABLE server_finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.server_finding TO elt_query;
GRANT SELECT ON TABLE elt.server_finding TO elt_web;

--
-- Name: TABLE vacuum_finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.vacuum_finding TO elt_web;

--
-- Name: TABLE finding; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.finding TO elt_query;
GRANT SELECT ON TABLE elt.finding TO elt_web;

--
-- Name: TABLE relation; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.relation TO elt_query;
GRANT SELECT ON TABLE elt.relation TO elt_web;

--
-- Name: TABLE help; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.help TO elt_query;
GRANT SELECT ON TABLE elt.help TO elt_web;

--
-- Name: TABLE incomplete_core_query; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.incomplete_core_query TO elt_web;

--
-- Name: TABLE job_argument; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_argument TO elt_web;

--
-- Name: TABLE job_attempt; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_attempt TO elt_web;

--
-- Name: TABLE job_file; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_file TO elt_web;

--
-- Name: TABLE job_request; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_request TO elt_web;

--
-- Name: TABLE job_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.job_status TO elt_web;

--
-- Name: TABLE load_file; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_file TO elt_query;
GRANT SELECT ON TABLE elt.load_file TO elt_web;

--
-- Name: TABLE live_file; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.live_file TO elt_web;

--
-- Name: TABLE publish; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.publish TO elt_query;
GRANT SELECT ON TABLE elt.publish TO elt_web;

--
-- Name: TABLE publish_change; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.publish_change TO elt_query;
GRANT SELECT ON TABLE elt.publish_change TO elt_web;

--
-- Name: TABLE load_change; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_change TO elt_query;
GRANT SELECT ON TABLE elt.load_change TO elt_web;

--
-- Name: TABLE load_column; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_column TO elt_web;

--
-- Name: TABLE load_fact; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.load_fact TO elt_query;
GRANT SELECT ON TABLE elt.load_fact TO elt_web;

--
-- Name: TABLE rule_result; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.rule_result TO elt_web;

--
-- Name: TABLE rule_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.rule_status TO elt_web;

--
-- Name: TABLE schedule; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.schedule TO elt_web;

--
-- Name: COLUMN schedule.cron; Type: ACL; Schema: elt; Owner: -
--

GRANT UPDATE(cron) ON TABLE elt.schedule TO elt_web;

--
-- Name: COLUMN schedule.time_zone; Type: ACL; Schema: elt; Owner: -
--

GRANT UPDATE(time_zone) ON TABLE elt.schedule TO elt_web;

--
-- Name: COLUMN schedule.missed_runs; Type: ACL; Schema: elt; Owner: -
--

GRANT UPDATE(missed_runs) ON TABLE elt.schedule TO elt_web;

--
-- Name: COLUMN schedule.is_enabled; Type: ACL; Schema: elt; Owner: -
--

GRANT UPDATE(is_enabled) ON TABLE elt.schedule TO elt_web;

--
-- Name: COLUMN schedule.description; Type: ACL; Schema: elt; Owner: -
--

GRANT UPDATE(description) ON TABLE elt.schedule TO elt_web;

--
-- Name: TABLE source_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.source_status TO elt_query;
GRANT SELECT ON TABLE elt.source_status TO elt_web;

--
-- Name: TABLE metric; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.metric TO elt_web;

--
-- Name: TABLE rest_source; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.rest_source TO elt_web;

--
-- Name: TABLE mode_problem; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.mode_problem TO elt_web;

--
-- Name: TABLE outside_reader; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.outside_reader TO elt_query;
GRANT SELECT ON TABLE elt.outside_reader TO elt_web;

--
-- Name: TABLE prepared_part; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.prepared_part TO elt_web;

--
-- Name: TABLE project_migration; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.project_migration TO elt_query;
GRANT SELECT ON TABLE elt.project_migration TO elt_web;

--
-- Name: TABLE purge_status; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.purge_status TO elt_query;
GRANT SELECT ON TABLE elt.purge_status TO elt_web;

--
-- Name: TABLE query_problem; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.query_problem TO elt_web;

--
-- Name: TABLE relation_column; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.relation_column TO elt_query;
GRANT SELECT ON TABLE elt.relation_column TO elt_web;

--
-- Name: TABLE retained_load; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.retained_load TO elt_web;

--
-- Name: TABLE row_link; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.row_link TO elt_web;

--
-- Name: TABLE row_origin; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.row_origin TO elt_web;

--
-- Name: TABLE saved_query; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT,DELETE ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.saved_query; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(saved_query) ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.place; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(place),UPDATE(place) ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.definition; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(definition),UPDATE(definition) ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.parameters; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(parameters),UPDATE(parameters) ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.chart; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(chart),UPDATE(chart) ON TABLE elt.saved_query TO elt_web;

--
-- Name: COLUMN saved_query.description; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(description),UPDATE(description) ON TABLE elt.saved_query TO elt_web;

--
-- Name: TABLE saved_query_parameter; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.saved_query_parameter TO elt_web;

--
-- Name: TABLE saved_view; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT,DELETE ON TABLE elt.saved_view TO elt_web;

--
-- Name: COLUMN saved_view.relation_name; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(relation_name),UPDATE(relation_name) ON TABLE elt.saved_view TO elt_web;

--
-- Name: COLUMN saved_view.view_name; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(view_name),UPDATE(view_name) ON TABLE elt.saved_view TO elt_web;

--
-- Name: COLUMN saved_view.query; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(query),UPDATE(query) ON TABLE elt.saved_view TO elt_web;

--
-- Name: COLUMN saved_view.description; Type: ACL; Schema: elt; Owner: -
--

GRANT INSERT(description),UPDATE(description) ON TABLE elt.saved_view TO elt_web;

--
-- Name: TABLE schema_object; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.schema_object TO elt_web;

--
-- Name: TABLE source_core; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.source_core TO elt_query;
GRANT SELECT ON TABLE elt.source_core TO elt_web;

--
-- Name: TABLE source_behind; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.source_behind TO elt_query;
GRANT SELECT ON TABLE elt.source_behind TO elt_web;

--
-- Name: TABLE source_layout; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.source_layout TO elt_web;

--
-- Name: TABLE task_job; Type: ACL; Schema: elt; Owner: -
--

GRANT SELECT ON TABLE elt.task_job TO elt_web;

--
-- Name: TABLE department_settings; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.department_settings TO elt_query;
GRANT SELECT ON TABLE public.department_settings TO elt_web;

--
-- Name: TABLE valid_appointments; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.valid_appointments TO elt_query;
GRANT SELECT ON TABLE public.valid_appointments TO elt_web;

--
-- Name: TABLE appointment_funnel; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.appointment_funnel TO elt_query;
GRANT SELECT ON TABLE public.appointment_funnel TO elt_web;

--
-- Name: TABLE department_reasons; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.department_reasons TO elt_query;
GRANT SELECT ON TABLE public.department_reasons TO elt_web;

--
-- Name: TABLE epion_appointments; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.epion_appointments TO elt_query;
GRANT SELECT ON TABLE public.epion_appointments TO elt_web;

--
-- Name: TABLE epion_offices; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.epion_offices TO elt_query;
GRANT SELECT ON TABLE public.epion_offices TO elt_web;

--
-- Name: TABLE epion_practices; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.epion_practices TO elt_query;
GRANT SELECT ON TABLE public.epion_practices TO elt_web;

--
-- Name: TABLE epion_utilization; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.epion_utilization TO elt_query;
GRANT SELECT ON TABLE public.epion_utilization TO elt_web;

--
-- Name: TABLE rest_agreement; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.rest_agreement TO elt_query;
GRANT SELECT ON TABLE public.rest_agreement TO elt_web;

--
-- Name: TABLE tasks; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.tasks TO elt_query;
GRANT SELECT,DELETE ON TABLE public.tasks TO elt_web;

--
-- Name: COLUMN tasks.name; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(name),UPDATE(name) ON TABLE public.tasks TO elt_web;

--
-- Name: COLUMN tasks.start_time; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(start_time),UPDATE(start_time) ON TABLE public.tasks TO elt_web;

--
-- Name: COLUMN tasks.end_time; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(end_time),UPDATE(end_time) ON TABLE public.tasks TO elt_web;

--
-- Name: TABLE appointment_keys_twice; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointment_keys_twice TO elt_web;

--
-- Name: TABLE appointments_conflicting; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_conflicting TO elt_web;

--
-- Name: TABLE appointments_in_other_case; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_in_other_case TO elt_web;

--
-- Name: TABLE appointments_repeated; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_repeated TO elt_web;

--
-- Name: TABLE appointments_unlike_rest; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_unlike_rest TO elt_web;

--
-- Name: TABLE appointments_with_rewritten_ids; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_with_rewritten_ids TO elt_web;

--
-- Name: TABLE appointments_with_unknown_columns; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_with_unknown_columns TO elt_web;

--
-- Name: TABLE appointments_with_unreadable_provider; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_with_unreadable_provider TO elt_web;

--
-- Name: TABLE appointments_with_white_space; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_with_white_space TO elt_web;

--
-- Name: TABLE appointments_without_date; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_without_date TO elt_web;

--
-- Name: TABLE appointments_without_department; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_without_department TO elt_web;

--
-- Name: TABLE appointments_without_id; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.appointments_without_id TO elt_web;

--
-- Name: TABLE department_settings_twice; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.department_settings_twice TO elt_web;

--
-- Name: TABLE departments_in_several_offices; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.departments_in_several_offices TO elt_web;

--
-- Name: TABLE documents_with_ids_as_text; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.documents_with_ids_as_text TO elt_web;

--
-- Name: TABLE documents_with_other_keys; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.documents_with_other_keys TO elt_web;

--
-- Name: TABLE documents_with_white_space; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.documents_with_white_space TO elt_web;

--
-- Name: TABLE epion_appointments_not_valid; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.epion_appointments_not_valid TO elt_web;

--
-- Name: TABLE epion_offices_with_odd_departments; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.epion_offices_with_odd_departments TO elt_web;

--
-- Name: TABLE epion_offices_with_unreadable_dates; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.epion_offices_with_unreadable_dates TO elt_web;

--
-- Name: TABLE epion_offices_with_unreadable_ids; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.epion_offices_with_unreadable_ids TO elt_web;

--
-- Name: TABLE epion_practices_with_unreadable_ids; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.epion_practices_with_unreadable_ids TO elt_web;

--
-- Name: TABLE files_also_utf8; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.files_also_utf8 TO elt_web;

--
-- Name: TABLE files_written_oddly; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.files_written_oddly TO elt_web;

--
-- Name: TABLE headers_unlike_staging; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.headers_unlike_staging TO elt_web;

--
-- Name: TABLE loads_that_may_lack_rows; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.loads_that_may_lack_rows TO elt_web;

--
-- Name: TABLE loads_that_shrink; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.loads_that_shrink TO elt_web;

--
-- Name: TABLE offices_disabled_before_launch; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_disabled_before_launch TO elt_web;

--
-- Name: TABLE offices_not_launched; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_not_launched TO elt_web;

--
-- Name: TABLE offices_with_odd_departments; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_with_odd_departments TO elt_web;

--
-- Name: TABLE offices_with_unreadable_disabled_date; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_with_unreadable_disabled_date TO elt_web;

--
-- Name: TABLE offices_with_unreadable_ids; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_with_unreadable_ids TO elt_web;

--
-- Name: TABLE offices_with_unreadable_launched_date; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_with_unreadable_launched_date TO elt_web;

--
-- Name: TABLE offices_without_practice; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.offices_without_practice TO elt_web;

--
-- Name: TABLE rows_rejected; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.rows_rejected TO elt_web;

--
-- Name: TABLE rows_unaccounted_for; Type: ACL; Schema: quality; Owner: -
--

GRANT SELECT ON TABLE quality.rows_unaccounted_for TO elt_web;

--
-- PostgreSQL database dump complete
--
