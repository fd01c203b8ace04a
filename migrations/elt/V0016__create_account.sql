-- what:   create elt.account, elt.session, elt.api_token and elt.sign_in, and the role elt_web
-- why:    the web application knows who asks, and reaches the database with few rights
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the four tables (loses accounts, sessions and tokens); drop owned by elt_web; drop role elt_web
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.account (
    account_id bigint generated always as identity constraint account_pkey primary key,
    name text not null,
    role text not null,
    password_hash text,
    created_at timestamptz not null default now(),
    password_set_at timestamptz,
    last_signed_in_at timestamptz,
    disabled_at timestamptz,
    constraint account_name_is_one check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,149}$'),
    constraint account_role_known check (role in ('viewer', 'operator', 'admin')),
    constraint account_password_is_hashed check (password_hash ~ '^\$argon2id\$')
);

create unique index account_name_key on elt.account (lower(name));

comment on table elt.account is
    'Who may use the web application. Accounts are disabled and not deleted, so that the history keeps its names.';
comment on column elt.account.account_id is 'Number of the account.';
comment on column elt.account.name is 'Name, unique without regard to case.';
comment on column elt.account.role is
    'viewer: sees everything but accounts. operator: also changes what is registered for change, and starts, cancels and retries jobs. admin: everything, accounts included.';
comment on column elt.account.password_hash is
    'Argon2id hash of the password; null: nobody signs in with one, and only tokens work.';
comment on column elt.account.created_at is 'When it was made.';
comment on column elt.account.password_set_at is 'When the password was last set.';
comment on column elt.account.last_signed_in_at is 'When somebody last signed in.';
comment on column elt.account.disabled_at is 'Since when nobody may sign in; null while somebody may.';

create table elt.session (
    session_id bigint generated always as identity constraint session_pkey primary key,
    account_id bigint not null,
    token_sha256 bytea not null,
    address text not null,
    user_agent text not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    constraint session_account_id_fkey
        foreign key (account_id) references elt.account (account_id) on delete cascade,
    constraint session_token_sha256_key unique (token_sha256),
    constraint session_token_is_hashed check (octet_length(token_sha256) = 32)
);

create index session_account_id_idx on elt.session (account_id);

comment on table elt.session is
    'One row per browser that is signed in. The cookie''s token is not here, only its SHA-256.';
comment on column elt.session.session_id is 'Number of the session.';
comment on column elt.session.account_id is 'Who is signed in.';
comment on column elt.session.token_sha256 is 'SHA-256 of the cookie''s token.';
comment on column elt.session.address is 'Network address that signed in.';
comment on column elt.session.user_agent is 'What the browser calls itself.';
comment on column elt.session.created_at is 'When it began; it ends a week later at the latest.';
comment on column elt.session.seen_at is 'About when it was last used; it ends twelve hours later.';

create table elt.api_token (
    token_id bigint generated always as identity constraint api_token_pkey primary key,
    account_id bigint not null,
    name text not null,
    token_sha256 bytea not null,
    may_change boolean not null default false,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint api_token_account_id_fkey
        foreign key (account_id) references elt.account (account_id) on delete cascade,
    constraint api_token_token_sha256_key unique (token_sha256),
    constraint api_token_is_hashed check (octet_length(token_sha256) = 32),
    constraint api_token_name_not_blank check (name ~ '\S' and char_length(name) <= 150)
);

create index api_token_account_id_idx on elt.api_token (account_id);

comment on table elt.api_token is
    'Tokens for programs that use the API. The token is shown once and is not here, only its SHA-256.';
comment on column elt.api_token.token_id is 'Number of the token.';
comment on column elt.api_token.account_id is 'Whose rights it has.';
comment on column elt.api_token.name is 'What it is for.';
comment on column elt.api_token.token_sha256 is 'SHA-256 of the token.';
comment on column elt.api_token.may_change is 'Whether it may change what its account may change, or only read.';
comment on column elt.api_token.created_at is 'When it was made.';
comment on column elt.api_token.expires_at is 'When it ends.';
comment on column elt.api_token.last_used_at is 'About when it was last used.';
comment on column elt.api_token.revoked_at is 'When it was revoked; null while it holds.';

create table elt.sign_in (
    sign_in_id bigint generated always as identity constraint sign_in_pkey primary key,
    attempted_at timestamptz not null default now(),
    name text not null,
    address text not null,
    is_success boolean not null
);

create index sign_in_name_idx on elt.sign_in (lower(name), attempted_at);
create index sign_in_address_idx on elt.sign_in (address, attempted_at);

comment on table elt.sign_in is
    'Attempts to sign in, kept for a month: too many failures of one name or one address have to wait.';
comment on column elt.sign_in.sign_in_id is 'Number of the attempt.';
comment on column elt.sign_in.attempted_at is 'When.';
comment on column elt.sign_in.name is 'Name that was given, cut after 150 characters.';
comment on column elt.sign_in.address is 'Network address.';
comment on column elt.sign_in.is_success is 'Whether name and password were right.';

-- A role is the whole server's: it may be there already, and not everybody may make one.
do $$
begin
    if not exists (select 1 from pg_catalog.pg_roles where pg_roles.rolname = 'elt_web') then
        create role elt_web nologin;
        -- So that it can be taken on, also by an owner who is no superuser.
        execute format('grant elt_web to %I', current_user);
    end if;
exception
    when insufficient_privilege then
        raise warning 'role elt_web is missing: the web application then works with the rights of whoever starts it'
            using hint = 'Ask an administrator to run: create role elt_web; grant elt_web to the role that runs elt serve.';
    when duplicate_object or unique_violation then
        null;
end
$$;

-- It clears away sessions as well.
update elt.job_kind
set function_name = 'elt.prune'
where kind = 'prune';
