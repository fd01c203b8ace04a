-- what:   create elt.audit, which nothing can change, and add must_change_password to elt.account
-- why:    the audit says who signed in, who changed accounts and tokens, and who removed or downloaded personal data; a
--         password that an admin sets serves for one sign-in
-- locks:  ACCESS EXCLUSIVE on elt.account, for an instant: a column with a constant default
-- time:   instant; new table
-- undo:   drop table elt.audit (loses the audit) and function elt.keep_audit; drop the column
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.audit (
    audit_id bigint generated always as identity constraint audit_pkey primary key,
    happened_at timestamptz not null default clock_timestamp(),
    action text not null,
    about text,
    account_name text,
    address text,
    detail jsonb not null default '{}',
    role_name text not null default session_user,
    program text not null default current_setting('application_name', true),
    constraint audit_action_is_a_name check (action ~ '^[a-z_]{1,30}\.[a-z_]{1,30}$'),
    constraint audit_about_is_short check (char_length(about) <= 300),
    constraint audit_address_is_short check (char_length(address) <= 100),
    constraint audit_detail_is_an_object check (jsonb_typeof(detail) = 'object'),
    constraint audit_detail_is_short check (octet_length(detail::text) <= 10000)
);

create index audit_happened_at_idx on elt.audit (happened_at);
create index audit_account_name_idx on elt.audit (lower(account_name), audit_id);
create index audit_about_idx on elt.audit (lower(about), audit_id);
create index audit_unknown_idx on elt.audit (happened_at) where action = 'sign_in.fail' and about is null;

comment on table elt.audit is
    'Who signed in or failed to, changed accounts, passwords, sessions and tokens, removed data, or downloaded rejects. Rows are only added. elt.prune_audit() deletes rows older than a year, elt.prune() failures of unknown accounts after a month.';
comment on column elt.audit.audit_id is 'Number of the entry. Numbers of actions that were undone are missing.';
comment on column elt.audit.happened_at is 'Time of the action.';
comment on column elt.audit.action is
    'What was done: its subject and a verb, such as account.add, sign_in.fail or purge.key.';
comment on column elt.audit.about is
    'What it was done to, such as an account or a load. Null if there is no such account, because users sometimes type a password as their name.';
comment on column elt.audit.account_name is
    'Account of the web application that did it. Null for commands, psql and failed sign-ins.';
comment on column elt.audit.address is
    'Network address of the browser or program. For failed sign-ins by IPv6 its /64 network. Null for commands.';
comment on column elt.audit.detail is 'Further facts. Never a password, a token or a value of the data.';
comment on column elt.audit.role_name is 'Database role that connected.';
comment on column elt.audit.program is 'application_name of the connection.';

create function elt.keep_audit()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW' then
        -- Anyone can add failures of unknown accounts, so they would fill the disk.
        if
            old.happened_at < now() - interval '1 year'
            or (
                old.action = 'sign_in.fail'
                and old.about is null
                and old.happened_at < now() - interval '30 days'
            )
        then
            return old;
        end if;
    end if;
    raise exception 'elt.audit is append-only'
        using
            errcode = 'object_not_in_prerequisite_state',
            hint = 'Only entries older than a year can be deleted, with elt.prune_audit().';
end
$$;

comment on function elt.keep_audit() is
    'Trigger of elt.audit. Refuses to update, truncate, and delete entries younger than a year.';

revoke execute on function elt.keep_audit() from public;

create trigger audit_keep_rows before update or delete on elt.audit
for each row execute function elt.keep_audit();

create trigger audit_keep_table before truncate on elt.audit
for each statement execute function elt.keep_audit();

-- Also in a session that disables triggers with session_replication_role.
alter table elt.audit enable always trigger audit_keep_rows;
alter table elt.audit enable always trigger audit_keep_table;

alter table elt.account add column must_change_password boolean not null default false;

comment on column elt.account.must_change_password is
    'Whether the password is a one-time password of an admin: a sign-in with it can only choose a new one.';
