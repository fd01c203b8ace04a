-- what:   create elt.api_endpoint
-- why:    which views the web application serves page by page, as the APIs do that elt loads from, is data
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.api_endpoint (its rows come back with the project's migrations)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.api_endpoint (
    path text constraint api_endpoint_pkey primary key,
    relation text not null,
    order_by text not null,
    columns text[] not null default '{}',
    page_size bigint not null default 100,
    largest_page_size bigint not null default 1000,
    description text not null,
    constraint api_endpoint_path_is_one_name check (path ~ '^[a-z][a-z0-9_-]{0,62}$'),
    constraint api_endpoint_relation_has_a_schema
        check (relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint api_endpoint_page_sizes_in_range
        check (page_size >= 1 and largest_page_size between page_size and 10000)
);

comment on table elt.api_endpoint is
    'Views that are served at /PATH/ as {count, next, prev, results}, page by page, to whoever signs in at /api-token-auth.';
comment on column elt.api_endpoint.path is 'Path, without slashes.';
comment on column elt.api_endpoint.relation is 'Schema and name of the view or table.';
comment on column elt.api_endpoint.order_by is 'Column that orders the records; without two of one value.';
comment on column elt.api_endpoint.columns is 'Columns of a record, in order; all when empty.';
comment on column elt.api_endpoint.page_size is 'Records of a page, where the parameter page_size does not say.';
comment on column elt.api_endpoint.largest_page_size is 'Records of a page at most.';
comment on column elt.api_endpoint.description is 'What it is, for people.';
