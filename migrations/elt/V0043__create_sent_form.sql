-- what:   create elt.sent_form
-- why:    a form that is sent twice (a double click, a reload) is carried out once, whichever server gets it
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.sent_form (loses which forms were sent: they could be sent again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.sent_form (
    form_id uuid constraint sent_form_pkey primary key,
    account_name text not null,
    content_sha256 bytea not null,
    row_key text[],
    said text not null,
    sent_at timestamptz not null default now(),
    constraint sent_form_content_is_hashed check (octet_length(content_sha256) = 32)
);

create index sent_form_sent_at_idx on elt.sent_form (sent_at);

comment on table elt.sent_form is
    'Forms of the web application that were carried out, kept for a week. Each is inserted in the transaction that does what the form asks for.';
comment on column elt.sent_form.form_id is 'Random number that the page gave the form.';
comment on column elt.sent_form.account_name is 'Account that sent it.';
comment on column elt.sent_form.content_sha256 is
    'SHA-256 of its address and fields: tells the same form sent again from one that was changed in between.';
comment on column elt.sent_form.row_key is
    'Key of the row that it added, or the number of the job that it started; null for other forms.';
comment on column elt.sent_form.said is 'Message that the account was shown; empty if the key is enough to make it again.';
comment on column elt.sent_form.sent_at is 'When it was carried out.';
