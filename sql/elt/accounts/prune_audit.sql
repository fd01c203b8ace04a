-- reads:    elt.audit, elt.add_audit
-- used by:  the owner, in psql: select elt.prune_audit('2 years')
-- careful:  the trigger elt.keep_audit refuses to delete younger entries, whoever deletes
create or replace function elt.prune_audit(older_than interval)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
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

comment on function elt.prune_audit(interval) is
    'Deletes entries of the audit that are older than a year or longer, and records that. Returns their number.';

revoke execute on function elt.prune_audit(interval) from public;
