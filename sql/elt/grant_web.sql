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
begin
    if to_regrole('elt_web') is null then
        return;
    end if;
    grant usage on schema elt, staging, core, quality, public to elt_web;
    grant select on all tables in schema staging, core, quality, public, elt to elt_web;
    revoke all on elt.account, elt.session, elt.api_token, elt.sign_in from elt_web;
    grant execute on function
        elt.begin_sign_in(text, text),
        elt.open_session(bigint, bigint, bytea, text, text),
        elt.session_account(bytea),
        elt.close_sessions(bigint, bigint),
        elt.token_account(bytea),
        elt.add_token(bigint, text, bytea, boolean, interval),
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
