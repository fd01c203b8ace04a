-- reads:    elt.audit, elt.require_admin
-- used by:  elt serve, page /audit
-- careful:  an account is found as the one that acted and as the one that it was done to
create or replace function elt.list_audit(
    token_sha256 bytea,
    action text,
    account_name text,
    since timestamptz,
    until timestamptz,
    before_id bigint,
    row_limit bigint
)
returns table (
    audit_id bigint,
    happened_at timestamptz,
    done text,
    about text,
    done_by text,
    address text,
    detail text,
    role_name text,
    program text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
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

comment on function elt.list_audit(bytea, text, text, timestamptz, timestamptz, bigint, bigint) is
    'Returns entries of the audit, the latest first, for the admin whose session it is. A filter that is null does not apply. before_id: entries with a lower number.';

revoke execute on function elt.list_audit(bytea, text, text, timestamptz, timestamptz, bigint, bigint) from public;
