-- what:   create elt.row_link, and note the transaction of each change in elt.change
-- why:    a value of a row leads to the rows that explain it, and a history shows what was changed together
-- locks:  ACCESS EXCLUSIVE on elt.change for an instant; then writers of registered tables wait while the index is built
-- time:   instant for the column; one second per million changes for the index
-- undo:   drop table elt.row_link; drop the column and its index (the changes stay)
set local lock_timeout = '2s';
set local statement_timeout = '5min';

create table elt.row_link (
    relation text not null,
    column_name text not null,
    target text not null,
    shared_columns text[] not null,
    constraint row_link_pkey primary key (relation, column_name),
    constraint row_link_relation_has_a_schema check (relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint row_link_target_has_a_schema check (target ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint row_link_shares_a_column check (cardinality(shared_columns) > 0)
);

comment on table elt.row_link is
    'Links of the web application: in the list of relation, each value of the column leads to the rows of target that have the same values in the shared columns.';
comment on column elt.row_link.relation is 'Schema and name of the table or view that shows the link.';
comment on column elt.row_link.column_name is 'Column whose values are links.';
comment on column elt.row_link.target is 'Schema and name of the table or view that the link leads to.';
comment on column elt.row_link.shared_columns is
    'Columns that both have, under the same name. They identify the rows of target.';

-- Null for changes that were made before. A default that is set separately does not rewrite the table.
alter table elt.change add column transaction_id xid8;
alter table elt.change alter column transaction_id set default pg_current_xact_id();

comment on column elt.change.transaction_id is
    'Transaction that made the change. Changes of one transaction belong together. Null if it is not known.';

-- A migration runs in a transaction, so it cannot build the index concurrently.
-- squawk-ignore require-concurrent-index-creation
create index change_transaction_id_idx on elt.change (transaction_id) where transaction_id is not null;
