-- reads:    PostgreSQL's catalogue, elt.admin_table, elt.admin_column, elt.relation
-- used by:  elt migrate, at its end
-- careful:  role elt_web sees no account, password, session or token: of those it has functions that
--           answer one question each. It writes what is registered, column by column, and nothing else
create or replace function elt.grant_web()
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
    hidden record;
    written record;
    registered record;
    counter record;
begin
    if to_regrole('elt_web') is null then
        return;
    end if;
    grant usage on schema elt, staging, core, quality, public to elt_web;
    for hidden in
        select pg_class.oid::regclass as relation
        from pg_catalog.pg_class
        inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
        where
            pg_namespace.nspname in ('staging', 'core', 'quality', 'public', 'elt')
            and pg_class.relkind in ('r', 'v', 'p')
            and not pg_class.relispartition
            and pg_class.oid <> all(array[
                'elt.account'::regclass, 'elt.session'::regclass,
                'elt.api_token'::regclass, 'elt.sign_in'::regclass, 'elt.earlier_row'::regclass
            ])
            and not has_table_privilege('elt_web', pg_class.oid, 'select')
    loop
        execute format('grant select on %s to elt_web', hidden.relation);
    end loop;
    for written in
        select pg_class.oid::regclass as relation
        from pg_catalog.pg_class
        where
            pg_class.relkind in ('r', 'v', 'p')
            and (
                has_any_column_privilege('elt_web', pg_class.oid, 'insert')
                or has_any_column_privilege('elt_web', pg_class.oid, 'update')
                or has_table_privilege('elt_web', pg_class.oid, 'delete')
            )
            and pg_class.relnamespace <> 'pg_catalog'::regnamespace
    loop
        execute format('revoke insert, update, delete on %s from elt_web', written.relation);
    end loop;
    for registered in
        select
            to_regclass(admin_table.table_name) as relation,
            admin_table.may_delete,
            string_agg(quote_ident(admin_column.column_name), ', ') filter (where admin_table.may_add) as added,
            string_agg(quote_ident(admin_column.column_name), ', ') filter (
                where
                admin_table.may_change
                and not coalesce(admin_column.column_name = any(relation.key_columns), false)
            ) as changed
        from elt.admin_table
        inner join elt.admin_column on admin_table.table_name = admin_column.table_name
        left join elt.relation
            on admin_table.table_name = format('%s.%s', relation.schema_name, relation.relation_name)
        where not admin_column.is_read_only
        group by admin_table.table_name
    loop
        if registered.added is not null then
            execute format('grant insert (%s) on %s to elt_web', registered.added, registered.relation);
        end if;
        if registered.changed is not null then
            execute format('grant update (%s) on %s to elt_web', registered.changed, registered.relation);
        end if;
        if registered.may_delete then
            execute format('grant delete on %s to elt_web', registered.relation);
        end if;
    end loop;
    -- Numbers of rows that are added, where a column takes them from a sequence by itself.
    for counter in
        select distinct pg_class.oid::regclass as sequence
        from elt.admin_table
        inner join pg_catalog.pg_depend on to_regclass(admin_table.table_name) = pg_depend.refobjid
        inner join pg_catalog.pg_class on pg_depend.objid = pg_class.oid
        where admin_table.may_add and pg_depend.deptype = 'a' and pg_class.relkind = 'S'
    loop
        execute format('grant usage on sequence %s to elt_web', counter.sequence);
    end loop;
    grant execute on function
        elt.begin_sign_in(text, text),
        elt.open_session(bigint, bigint, bytea, text, text),
        elt.session_account(bytea),
        elt.close_sessions(bigint, bigint),
        elt.token_account(bytea),
        elt.open_token(bigint, bigint, bytea, interval),
        elt.change_password(bytea, text),
        elt.enqueue(text, jsonb, text, bigint, timestamptz, text, bigint, interval),
        elt.cancel_job(bigint),
        elt.retry_job(bigint),
        elt.run_schedule(text)
    to elt_web;
end
$$;

comment on function elt.grant_web() is
    'Gives role elt_web, with which the web application works, the rights that it needs, and no others.';

revoke execute on function elt.grant_web() from public;
