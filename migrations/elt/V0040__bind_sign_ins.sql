-- what:   create elt.device; add finished_at and device_id to elt.sign_in, is_from_sign_in to elt.api_token
-- why:    a session, a token or a new password needs a sign-in that just succeeded, and serves once; a browser that
--         signed in before is not locked out by the failures of others
-- locks:  ACCESS EXCLUSIVE on elt.sign_in and elt.api_token, for an instant: nullable columns, a constant default
-- time:   instant; one update of the tokens that were made by signing in
-- undo:   drop the three columns and the table (browsers count as unknown again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.device (
    device_id bigint generated always as identity constraint device_pkey primary key,
    account_id bigint not null,
    token_sha256 bytea not null,
    created_at timestamptz not null default now(),
    constraint device_account_id_fkey
        foreign key (account_id) references elt.account (account_id) on delete cascade,
    constraint device_token_sha256_key unique (token_sha256),
    constraint device_token_is_hashed check (octet_length(token_sha256) = 32)
);

create index device_account_id_idx on elt.device (account_id);

comment on table elt.device is
    'Browsers that signed in, each for one account: failures elsewhere do not lock them out. Only the SHA-256 of the cookie''s token is here; each sign-in makes a new one.';
comment on column elt.device.device_id is 'Number of the browser.';
comment on column elt.device.account_id is 'Whose account signed in there.';
comment on column elt.device.token_sha256 is 'SHA-256 of the cookie''s token.';
comment on column elt.device.created_at is 'When it signed in last; it is known for half a year.';

alter table elt.sign_in add column finished_at timestamptz;
alter table elt.sign_in add column device_id bigint;

comment on column elt.sign_in.address is
    'Network that it came from: an IPv4 address, or the /64 network of an IPv6 address.';
comment on column elt.sign_in.finished_at is
    'When the password was looked at, once; null: not yet, or the program ended before.';
comment on column elt.sign_in.device_id is
    'The browser, where it had signed in to this account before; null for others.';

alter table elt.api_token add column is_from_sign_in boolean not null default false;

update elt.api_token set is_from_sign_in = true
where name = 'signed in' and not may_change;

comment on column elt.api_token.is_from_sign_in is
    'Whether a program got it for name and password: a new password revokes it. False for those that were made by command.';
