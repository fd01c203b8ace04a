-- what:   add to elt.rest_source other kinds of pagination, sign-in and records, restarts, and incremental loads
-- why:    many APIs pass cursors or Link headers, use OAuth2 or keys, nest their records, or filter by time of change
-- locks:  ACCESS EXCLUSIVE on elt.rest_source, for an instant: it has a handful of rows
-- time:   instant; nullable columns and constant defaults
-- undo:   set the rows back to the old kinds, drop the columns, add the old check of pagination
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.rest_source
add column method text not null default 'GET',
add column body jsonb,
add column parameters_in text not null default 'query',
add column is_single_record boolean not null default false,
add column parent_id_at text default 'id',
add column errors_at text,
add column cursor_at text,
add column cursor_parameter text not null default 'cursor',
add column more_at text,
add column pages_at text,
add column sign_in text not null default 'json',
add column sign_in_url text,
add column username_parameter text not null default 'username',
add column password_parameter text not null default 'password',
add column sign_in_parameters jsonb not null default '{}',
add column expires_in_at text default 'expires_in',
add column token_parameter text,
add column max_restarts bigint not null default 2,
add column on_change text not null default 'refuse',
add column since_column text,
add column since_parameter text,
add column since_type text not null default 'timestamp',
add column since_overlap text,
add column since_format text not null default '{}',
add column since_start text;

-- The new check allows more values. Older programs refuse a newer schema.
-- squawk-ignore ban-drop-constraint
alter table elt.rest_source drop constraint rest_source_pagination_known;
alter table elt.rest_source
add constraint rest_source_pagination_known
check (pagination in ('next', 'link', 'cursor', 'page', 'offset', 'none')) not valid,
add constraint rest_source_cursor_has_key check (pagination <> 'cursor' or cursor_at is not null) not valid,
add constraint rest_source_method_known check (method in ('GET', 'POST')) not valid,
add constraint rest_source_body_is_object check (
    body is null or (method = 'POST' and jsonb_typeof(body) = 'object')
) not valid,
add constraint rest_source_body_has_no_secret check (
    body::text !~* '"[^"]*(api[-_]?key|secret|password)[^"]*": '
) not valid,
add constraint rest_source_parameters_in_known check (
    parameters_in = 'query' or (parameters_in = 'body' and body is not null)
) not valid,
add constraint rest_source_sign_in_known check (
    sign_in in ('json', 'form', 'client_credentials', 'client_credentials_in_body', 'basic')
) not valid,
add constraint rest_source_sign_in_has_address check (
    case sign_in
        when 'basic' then num_nonnulls(sign_in_path, sign_in_url) = 0
        when 'json' then num_nonnulls(sign_in_path, sign_in_url) <= 1
        else num_nonnulls(sign_in_path, sign_in_url) = 1
    end
) not valid,
add constraint rest_source_sign_in_url_is_encrypted check (
    sign_in_url ~ '^(https://[^/?#@]+|http://(localhost|127[.][0-9.]+|\[::1\])(:[0-9]+)?)(/[^?#@]*)?$'
) not valid,
add constraint rest_source_sign_in_parameters_are_texts check (
    jsonb_typeof(sign_in_parameters) = 'object'
    and not jsonb_path_exists(sign_in_parameters, '$.* ? (@.type() != "string")')
) not valid,
add constraint rest_source_sign_in_parameters_have_no_secret check (
    sign_in_parameters::text !~* '"[^"]*(api[-_]?key|token|secret|password)[^"]*": '
) not valid,
add constraint rest_source_max_restarts_in_range check (max_restarts between 0 and 100) not valid,
add constraint rest_source_on_change_known check (on_change in ('refuse', 'accept')) not valid,
add constraint rest_source_since_is_whole
check ((since_column is null) = (since_parameter is null)) not valid,
add constraint rest_source_since_type_known
check (since_type in ('timestamp', 'date', 'number', 'text')) not valid,
add constraint rest_source_since_overlap_fits_type check (
    case since_type
        when 'number' then since_overlap::numeric >= 0
        when 'text' then since_overlap is null
        else since_overlap::interval >= interval '0'
    end
) not valid,
add constraint rest_source_since_format_has_value check (since_format ~ '\{\}') not valid;

comment on table elt.rest_source is
    'How elt load reads a source of format rest: sign-in, pages, records, changes, retries and limits. One row per such source. Secrets are in the environment, not here: ELT_<SOURCE>_USERNAME, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE.';
comment on column elt.rest_source.method is 'GET or POST.';
comment on column elt.rest_source.body is
    'JSON object that is sent with each POST request, such as a search or a GraphQL query. It must not be secret.';
comment on column elt.rest_source.parameters_in is
    'query: parameters for the page, its size, the cursor and the time of change are in the address. body: they are in the body; a.b is b inside a.';
comment on column elt.rest_source.records_at is
    'Key of the array of records in a page; a.b is b inside a. Empty if the page itself is the array. a.* takes each member of the object a; its key is kept in column _key. a[].b takes the arrays b in the elements of a; the element''s id is kept in column _parent.';
comment on column elt.rest_source.is_single_record is
    'Whether the value at records_at is an object that is one record.';
comment on column elt.rest_source.parent_id_at is
    'Key of the id in the elements around nested records (records_at a[].b). It is kept in column _parent. Null to keep none.';
comment on column elt.rest_source.errors_at is
    'Key that exists, and is not null, false or empty, only if the request failed although the status is 200, such as errors of GraphQL. Null if there is none.';
comment on column elt.rest_source.pagination is
    'next: each page contains the address of the next one, or null. link: its address is in the header Link. cursor: each page contains a value that the next request sends (cursor_at, cursor_parameter). page: pages are numbered. offset: pages are identified by the number of records before them. page and offset end when the number of count_at or pages_at is reached, when more_at is false, with an empty page, or with status 404 if the number is not known. none: there is one page.';
comment on column elt.rest_source.next_at is
    'Key of the next page''s address, for pagination next. A page without it is the last one, if count_at, more_at or an earlier page confirms this. Only addresses on the same host are followed.';
comment on column elt.rest_source.cursor_at is
    'Key of the value that the next request sends, for pagination cursor; a[-1].b is b in the last element of a. The last page has null, an empty text or no value, or more_at is false.';
comment on column elt.rest_source.cursor_parameter is
    'Parameter of the next request for the value at cursor_at.';
comment on column elt.rest_source.more_at is
    'Key of a value that is false on the last page, such as has_more. Null if there is none.';
comment on column elt.rest_source.pages_at is
    'Key of the number of all pages, for pagination page. Null if the API does not report it.';
comment on column elt.rest_source.sign_in is
    'How user name and password are used. json or form: posted to the sign-in address, as an object or as a form; the response has the token. client_credentials: OAuth2 (RFC 6749, 4.4), the user name is the client id and the password its secret, in the header. client_credentials_in_body: the same in the form. basic: sent with each request (RFC 7617); ELT_<SOURCE>_PASSWORD may be set to an empty text.';
comment on column elt.rest_source.sign_in_path is
    'Path below base_url that returns a token for user name and password (sign_in). Null for no sign-in there; a token is then sent only if ELT_<SOURCE>_TOKEN has one.';
comment on column elt.rest_source.sign_in_url is
    'Address that returns a token, instead of sign_in_path, if it is on another host. https, or a loopback address.';
comment on column elt.rest_source.username_parameter is
    'Key of the user name in the sign-in request. With sign_in client_credentials_in_body, username stands for client_id.';
comment on column elt.rest_source.password_parameter is
    'Key of the password in the sign-in request. With sign_in client_credentials_in_body, password stands for client_secret.';
comment on column elt.rest_source.sign_in_parameters is
    'Further members of the sign-in request, as an object of texts, such as {"scope": "read"}. They must not be secret. grant_type replaces that of client_credentials.';
comment on column elt.rest_source.token_at is
    'Key of the token in the response to the sign-in; a.b is b inside a. If it is token and there is none, access_token is used.';
comment on column elt.rest_source.token_prefix is
    'Word before the token in the header, such as Token or Bearer. Empty for the token alone. With sign_in client_credentials or client_credentials_in_body, Token stands for Bearer.';
comment on column elt.rest_source.expires_in_at is
    'Key of the seconds until the token expires, in the response to the sign-in. The token is renewed before, and after status 401.';
comment on column elt.rest_source.token_parameter is
    'Parameter of the query that contains the token, instead of a header. Null for token_header.';
comment on column elt.rest_source.max_restarts is
    'How often a load begins again if the data changes while its pages are read: their number of records changes, or is not reached.';
comment on column elt.rest_source.on_change is
    'What happens after the last restart. refuse: the load fails. accept: the load of a source of mode merge keeps what was read, and a rule reports that rows may be missing.';
comment on column elt.rest_source.since_column is
    'Key in the records, such as updated_at, whose highest value the next load sends to get only newer records; a.b is b inside a. For modes merge and append. Null to read everything each time.';
comment on column elt.rest_source.since_parameter is
    'Parameter of the request for that value.';
comment on column elt.rest_source.since_type is
    'How values of since_column are compared. timestamp or date: an instant is sent in UTC (2026-11-30T08:00:00Z). number. text: by their bytes.';
comment on column elt.rest_source.since_overlap is
    'What is subtracted from the value, for records that appear late: an interval for timestamp and date, a number for number.';
comment on column elt.rest_source.since_format is
    'Text of the parameter. {} stands for the value: updated gt {}.';
comment on column elt.rest_source.since_start is
    'Value that is sent by the first load, and with --full. Null to send no parameter then.';
