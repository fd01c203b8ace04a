-- reads:    elt.sent_form
-- used by:  elt serve, in the statement that processes a form
-- careful:  a form that was sent before violates sent_form_pkey, which undoes the statement. A form that another
--           session is processing is waited for
create or replace function elt.note_form(
    form_id uuid, account_name text, content_sha256 bytea, row_key text[], said text
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.sent_form (form_id, account_name, content_sha256, row_key, said)
    select note_form.form_id, note_form.account_name, note_form.content_sha256, note_form.row_key, note_form.said
    where note_form.form_id is not null
$$;

comment on function elt.note_form(uuid, text, bytea, text[], text) is
    'Records that a form was processed, and its outcome. A form without a number is not recorded.';

revoke execute on function elt.note_form(uuid, text, bytea, text[], text) from public;
