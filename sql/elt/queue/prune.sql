-- reads:    elt.prune_jobs, elt.session, elt.device, elt.sign_in, elt.api_token, elt.sent_form, elt.audit
-- used by:  jobs of kind prune
-- careful:  runs with its owner's rights, because the worker that calls it has no rights on accounts
create or replace function elt.prune(args jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
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

comment on function elt.prune(jsonb) is
    'Deletes jobs that finished long ago (elt.prune_jobs), ended sessions, forms that were sent more than a week ago, and, after a month, sign-in attempts, ended tokens and failures of unknown accounts in the audit.';

revoke execute on function elt.prune(jsonb) from public;
