-- what:   let elt.source.file be an address, and record in elt.load which version of a file its server named
-- why:    elt load reads a file at https://host/path like a file of the data folder, and not again if it is unchanged
-- locks:  ACCESS EXCLUSIVE on elt.source and elt.load, for an instant: nullable columns, and a check without a scan
-- time:   instant
-- undo:   delete the sources with an address, drop the columns, put the old check of elt.source.file back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- The new check allows more values. Older programs refuse a newer schema.
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_file_is_a_name;
alter table elt.source
add constraint source_file_is_a_name_or_address check (
    file <> ''
    and (
        file !~ '[/\\]'
        or file ~ '^https?://[^/?#@\\[:space:]]+(/[^?#[:space:]]*)?(\?[^#[:space:]]*)?$'
    )
) not valid,
add constraint source_file_has_no_secret check (
    file !~* '^https?://.*\?(.*&)?([^=&]*(api[-_]?key|access[-_]?key|token|secret|passw|signature|credential)[^=&]*|sig|key|auth|pwd)='
) not valid;

alter table elt.load
add column address_sha256 text,
add column entity_tag text,
add column last_modified text;

comment on column elt.source.file is
    'File name in the data folder (--data), or address of a file: https://host/path/orders.csv.gz. An address has no user, no password and no secret; credentials are in the environment (elt.rest_source). Null for format rest.';
comment on column elt.load.location is
    'Absolute path of the file, or address of the file or the API without its query.';
comment on column elt.load.address_sha256 is
    'SHA-256 of the whole address of a file, in hexadecimal: entity_tag and last_modified are about that address. Null for other loads.';
comment on column elt.load.entity_tag is
    'Header ETag of a file at an address. The next load sends it, and the server answers if it has the same file. Null if there was none.';
comment on column elt.load.last_modified is
    'Header Last-Modified of a file at an address, for the same purpose. Null if there was none.';
comment on table elt.rest_source is
    'How elt load reads a source of format rest: sign-in, pages, records, changes, retries and limits. One row per such source. A source whose file is at an address may have a row too, for its sign-in, headers, timeouts, retries and limits; the other columns, also base_url and path, have no meaning then. Secrets are in the environment, not here: ELT_<SOURCE>_USERNAME, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE.';
comment on column elt.rest_source.source is 'Source of format rest, or source whose file is at an address.';
comment on column elt.rest_source.token_prefix is
    'Word before the token in the header, such as Token or Bearer. Empty for the token alone. With sign_in client_credentials or client_credentials_in_body, and for a file at an address, Token stands for Bearer.';
comment on column elt.rest_source.response_timeout is
    'Time within which a response must be complete. For a file at an address: the time without any byte.';
