-- reads:    elt.add_audit
-- used by:  elt.purge_load, elt.purge_key, elt rejects, and elt serve for downloads of rejects
-- careful:  the roles that load and serve pages may call it, so it refuses actions on accounts, which only the functions
--           that do them record. A caller sets elt.account, as for elt.note_change
create or replace function elt.note_audit(
    action text, about text, detail jsonb default '{}', address text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
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

comment on function elt.note_audit(text, text, jsonb, text) is
    'Records an action in the audit, such as purge.load or rejects.download. Call it in the transaction of the action.';

revoke execute on function elt.note_audit(text, text, jsonb, text) from public;
