-- what:   create the tables of a stock, and two sources that are loaded incrementally from an API
-- why:    a project whose loads continue from the latest record
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the tables (loses loaded rows; load the sources again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table staging.items (
    _load_id bigint not null,
    _row bigint not null,
    _page bigint not null,
    payload jsonb
) partition by list (_load_id);

create table core.items (
    item_id bigint not null,
    name text,
    _load_id bigint not null,
    _row bigint not null,
    constraint items_pkey primary key (item_id)
);

create table staging.events (
    _load_id bigint not null,
    _row bigint not null,
    _page bigint not null,
    payload jsonb
) partition by list (_load_id);

create table core.events (
    event_id bigint not null,
    name text,
    _load_id bigint not null,
    _row bigint not null,
    constraint events_pkey primary key (event_id)
);

insert into elt.source (source, format, mode, key, keep_loads, description)
values
('items', 'rest', 'merge', '{item_id}', 3, 'Items of the stock that are new or changed.'),
('events', 'rest', 'append', null, 3, 'Events in the stock.');

insert into elt.rest_source (
    source, path, pagination, page_size, since_column, since_parameter, retry_delay
)
values
('items', '/items/', 'page', 5, 'updated_at', 'updated_since', '1 millisecond'),
('events', '/events/', 'page', 5, 'updated_at', 'updated_since', '1 millisecond');
