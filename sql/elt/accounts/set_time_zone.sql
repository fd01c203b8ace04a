-- reads:    elt.account, elt.require_session, elt.account_name, elt.add_audit
-- used by:  elt serve, page /account
create or replace function elt.set_time_zone(token_sha256 bytea, time_zone text)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_session(token_sha256);
    chosen text;
begin
    -- A trigger refuses an unknown zone.
    update elt.account set time_zone = nullif(btrim(set_time_zone.time_zone), '')
    where account.account_id = owner_id
    returning account.time_zone into chosen;
    perform elt.add_audit(
        'account.set_time_zone', elt.account_name(owner_id), jsonb_build_object('time_zone', chosen)
    );
    return chosen;
end
$$;

comment on function elt.set_time_zone(bytea, text) is
    'Sets the time zone of the account whose session it is, and returns its name. Null or an empty text: that of elt serve.';

revoke execute on function elt.set_time_zone(bytea, text) from public;
