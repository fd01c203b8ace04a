-- reads:    elt.audit
-- used by:  elt.note_audit, and the functions that change accounts, passwords, sessions and tokens
-- careful:  the account and its address are settings of the transaction. Functions that elt_web may call set them
--           (elt.act_as) from the session that they checked, so a value that the caller has set does not count
create or replace function elt.add_audit(
    action text, about text, detail jsonb default '{}', address text default null
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.audit (action, about, detail, account_name, address)
    values (
        add_audit.action,
        left(add_audit.about, 300),
        jsonb_strip_nulls(add_audit.detail),
        nullif(left(current_setting('elt.account', true), 150), ''),
        left(coalesce(add_audit.address, nullif(current_setting('elt.address', true), '')), 100)
    )
$$;

comment on function elt.add_audit(text, text, jsonb, text) is
    'Adds an entry to the audit, in the transaction of the action. The account is the one of elt.act_as, if there is one.';

revoke execute on function elt.add_audit(text, text, jsonb, text) from public;
