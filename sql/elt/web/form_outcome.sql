-- reads:    elt.sent_form
-- used by:  elt serve, with every form
create or replace function elt.form_outcome(form_id uuid, account_name text)
returns table (content_sha256 bytea, row_key text[], said text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select sent_form.content_sha256, sent_form.row_key, sent_form.said
    from elt.sent_form
    where sent_form.form_id = form_outcome.form_id and sent_form.account_name = form_outcome.account_name
$$;

comment on function elt.form_outcome(uuid, text) is
    'Returns the outcome of a form that the account sent before. No row if the form was not processed.';

revoke execute on function elt.form_outcome(uuid, text) from public;
