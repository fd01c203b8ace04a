-- what:   create elt.rest_source
-- why:    how a REST API is signed in to, walked and waited for is a row that a migration of the project inserts
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.rest_source (the rows come back with the project's migrations)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.rest_source (
    source text constraint rest_source_pkey primary key,
    base_url text,
    path text not null,
    headers jsonb not null default '{}',
    tls_roots text,
    sign_in_path text,
    token_at text not null default 'token',
    token_header text not null default 'Authorization',
    token_prefix text not null default 'Token',
    records_at text not null default 'results',
    count_at text default 'count',
    pagination text not null default 'next',
    next_at text not null default 'next',
    page_parameter text not null default 'page',
    first_page bigint not null default 1,
    page_size_parameter text not null default 'page_size',
    page_size bigint,
    requests_per_second numeric,
    connect_timeout interval not null default '10 seconds',
    response_timeout interval not null default '60 seconds',
    max_response_bytes bigint not null default 67108864,
    max_attempts bigint not null default 5,
    retry_delay interval not null default '500 milliseconds',
    max_retry_delay interval not null default '2 minutes',
    constraint rest_source_source_fkey foreign key (source) references elt.source (source),
    constraint rest_source_base_url_is_scheme_host_and_path
        check (base_url ~ '^https?://[^/?#@]+(/[^?#@]*)?$'),
    constraint rest_source_paths_begin_with_slash check (path ~ '^/' and sign_in_path ~ '^/'),
    constraint rest_source_headers_are_texts check (
        jsonb_typeof(headers) = 'object'
        and not jsonb_path_exists(headers, '$.* ? (@.type() != "string")')
    ),
    constraint rest_source_headers_have_no_secret check (
        headers::text !~* '"(authorization|proxy-authorization|cookie|[^"]*(api[-_]?key|token|secret|password)[^"]*)": '
    ),
    constraint rest_source_pagination_known check (pagination in ('next', 'page', 'offset', 'none')),
    constraint rest_source_first_page_not_negative check (first_page >= 0),
    constraint rest_source_page_size_positive check (page_size >= 1),
    constraint rest_source_requests_per_second_in_range
        check (requests_per_second between 0.001 and 1000000),
    constraint rest_source_timeouts_in_range check (
        connect_timeout between interval '1 millisecond' and interval '1 hour'
        and response_timeout between interval '1 millisecond' and interval '1 day'
    ),
    constraint rest_source_max_response_bytes_in_range
        check (max_response_bytes between 1 and 1073741824),
    constraint rest_source_max_attempts_in_range check (max_attempts between 1 and 100),
    constraint rest_source_delays_in_range check (
        retry_delay between interval '0' and interval '1 hour'
        and max_retry_delay between retry_delay and interval '1 day'
    )
);

comment on table elt.rest_source is
    'How elt load reads each source of format rest: where it signs in, how pages follow each other, how long it waits. One row per such source. Secrets are never here, but in the environment: ELT_<SOURCE>_USERNAME, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE.';
comment on column elt.rest_source.source is 'Source, of format rest.';
comment on column elt.rest_source.base_url is
    'Scheme and host, perhaps with a path in front of all others: https://api.example.org/v1. ELT_<SOURCE>_URL goes before it; with neither the source is loaded only when it is named, and then fails.';
comment on column elt.rest_source.path is 'Where the first page is, below base_url; it may have a query: /appointments/?ordering=id.';
comment on column elt.rest_source.headers is
    'More headers of every request, as an object of texts. None that is secret. Content-type: application/json is always sent.';
comment on column elt.rest_source.tls_roots is
    'Certificates (PEM) that the server''s must come from, for a private authority; ELT_<SOURCE>_TLS_ROOTS, a file, goes before it. Null: those that the system trusts.';
comment on column elt.rest_source.sign_in_path is
    'Where username and password, posted as an object, give a token; null: no signing in, and a token only if ELT_<SOURCE>_TOKEN has one.';
comment on column elt.rest_source.token_at is 'Key of the token in the answer; a.b is b inside a.';
comment on column elt.rest_source.token_header is 'Header that carries the token.';
comment on column elt.rest_source.token_prefix is
    'Word before the token in that header, such as Token or Bearer; empty: the token alone.';
comment on column elt.rest_source.records_at is
    'Key of the array of records in a page; a.b is b inside a; empty: the page itself is the array.';
comment on column elt.rest_source.count_at is
    'Key of the number of all records, which has to be the same on every page and to come true; null: the API does not say.';
comment on column elt.rest_source.pagination is
    'next: each page names the next one''s address, or null. page: pages are numbered. offset: pages are told by the number of records before them. Both end when count_at''s number is reached, or else with an empty page. none: there is one page.';
comment on column elt.rest_source.next_at is 'Key of the next page''s address, for pagination next. A page without it is the last one, if count_at''s number or an earlier page tells that.';
comment on column elt.rest_source.page_parameter is
    'Parameter of the address that says which page: its number, or the offset. Pages that are numbered are fetched several at once (elt load --jobs).';
comment on column elt.rest_source.first_page is 'Number of the first page, or offset of the first record.';
comment on column elt.rest_source.page_size_parameter is 'Parameter of the address that says how many records make a page.';
comment on column elt.rest_source.page_size is 'How many records to ask for on a page; null: as many as the API likes.';
comment on column elt.rest_source.requests_per_second is 'At most so many requests a second; null: no limit.';
comment on column elt.rest_source.connect_timeout is 'How long a connection may take.';
comment on column elt.rest_source.response_timeout is 'How long a whole response may take.';
comment on column elt.rest_source.max_response_bytes is 'How long a response may be, unpacked.';
comment on column elt.rest_source.max_attempts is
    'How often a page is asked for in all, when the connection or the server fails (429, 5xx, time-outs, truncated pages); a host that has never answered, three times at most.';
comment on column elt.rest_source.retry_delay is
    'Pause before the second attempt; it doubles with each further one, and varies by chance. Retry-After of the server goes before it.';
comment on column elt.rest_source.max_retry_delay is
    'The longest pause; a server that asks for a longer one ends the load.';
