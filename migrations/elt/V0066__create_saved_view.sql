-- what:   create elt.saved_view, and show it in the admin
-- why:    users keep the filters, the order and the columns of a list under a name, for all accounts
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.saved_view (loses the saved views); delete its row of elt.admin_table
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.saved_view (
    saved_view_id bigint generated always as identity constraint saved_view_pkey primary key,
    relation_name text not null,
    view_name text not null,
    query text not null,
    description text not null default '',
    account_name text not null default coalesce(nullif(current_setting('elt.account', true), ''), session_user),
    created_at timestamptz not null default now(),
    constraint saved_view_relation_name_view_name_key unique (relation_name, view_name),
    constraint saved_view_relation_has_a_schema check (relation_name ~ '^[^.[:cntrl:]]+[.][^[:cntrl:]]+$'),
    constraint saved_view_shows_no_rejects check (relation_name <> 'elt.reject'),
    constraint saved_view_name_not_blank check (view_name ~ '\S'),
    constraint saved_view_name_is_visible check (view_name !~ '[[:cntrl:]]'),
    constraint saved_view_name_at_most_60_characters check (char_length(view_name) <= 60),
    -- The characters of a query string, so that an address made with it stays on the page of the list.
    constraint saved_view_query_is_a_query_string check (query ~ '^[]A-Za-z0-9_.~!$%&''()*+,/:;=?@[-]*$'),
    constraint saved_view_query_at_most_4000_characters check (char_length(query) <= 4000),
    constraint saved_view_description_at_most_1000_characters check (char_length(description) <= 1000)
);

comment on table elt.saved_view is
    'Views of lists that users saved: filters, order, columns and page size of a table, by name. The page of the table shows them to all accounts.';
comment on column elt.saved_view.saved_view_id is 'Number.';
comment on column elt.saved_view.relation_name is 'Schema and name of the table or view that is listed.';
comment on column elt.saved_view.view_name is 'Name on the page of the table.';
comment on column elt.saved_view.query is
    'The part of the address of the list after the question mark, such as f.state.is=failed&sort=-load_id.';
comment on column elt.saved_view.description is 'What the rows are for.';
comment on column elt.saved_view.account_name is 'Account that saved it, or the role that inserted it in psql.';
comment on column elt.saved_view.created_at is 'When it was saved.';
comment on constraint saved_view_relation_name_view_name_key on elt.saved_view is
    'Another view of this table has this name.';
comment on constraint saved_view_relation_has_a_schema on elt.saved_view is
    'Write the schema and the name of the table: core.orders.';
comment on constraint saved_view_shows_no_rejects on elt.saved_view is
    'Lists of rejects are not saved, because all accounts see saved views.';
comment on constraint saved_view_name_not_blank on elt.saved_view is 'A saved view has a name.';
comment on constraint saved_view_name_is_visible on elt.saved_view is 'A name has no control characters.';
comment on constraint saved_view_query_is_a_query_string on elt.saved_view is
    'Write the part of an address after the question mark: letters, digits and the characters of a query string.';

insert into elt.admin_table (
    table_name, place, may_add, may_change, may_delete, list_columns, filter_columns, read_only_columns, title_column,
    order_by
)
values (
    'elt.saved_view', 103, true, true, true, '{view_name,relation_name,description,query,account_name,created_at}',
    '{relation_name,account_name}', '{account_name,created_at}', 'view_name', 'relation_name'
);

create trigger saved_view_note_change
after insert or update or delete on elt.saved_view
for each row
execute function elt.note_change('saved_view_id');
