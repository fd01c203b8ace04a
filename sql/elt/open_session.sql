-- reads:    elt.account, elt.session, elt.sign_in
-- used by:  elt serve, when the password was right
create or replace function elt.open_session(
    sign_in_id bigint, account_id bigint, token_sha256 bytea, address text, user_agent text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.sign_in set is_success = true where sign_in.sign_in_id = open_session.sign_in_id;
    update elt.account set last_signed_in_at = now()
    where account.account_id = open_session.account_id;
    insert into elt.session (account_id, token_sha256, address, user_agent)
    values (account_id, token_sha256, address, left(user_agent, 300));
end
$$;

comment on function elt.open_session(bigint, bigint, bytea, text, text) is
    'Notes that an attempt to sign in succeeded, and opens a session.';

revoke execute on function elt.open_session(bigint, bigint, bytea, text, text) from public;
