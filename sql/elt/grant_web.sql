-- reads:    PostgreSQL's catalogue
-- used by:  elt migrate, at its end
-- careful:  role elt_web sees no account, password, session or token: of those it has functions that
--           answer one question each
create or replace function elt.grant_web()
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
    hidden record;
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
                'elt.api_token'::regclass, 'elt.sign_in'::regclass
            ])
            and not has_table_privilege('elt_web', pg_class.oid, 'select')
    loop
        execute format('grant select on %s to elt_web', hidden.relation);
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
        elt.retry_job(bigint)
    to elt_web;
end
$$;

comment on function elt.grant_web() is
    'Gives role elt_web, with which the web application works, the rights that it needs, and no others.';

revoke execute on function elt.grant_web() from public;
