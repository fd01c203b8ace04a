-- what:   create elt.earlier_row
-- why:    a merge changes rows of loads whose staging is gone; elt rollback puts them back from here
-- locks:  none on existing tables but SHARE ROW EXCLUSIVE on elt.load, for an instant
-- time:   instant; new table
-- undo:   drop table elt.earlier_row (loads that were merged can then not be rolled back)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.earlier_row (
    load_id bigint not null,
    table_name text not null,
    place bigint generated always as identity,
    earlier jsonb not null,
    constraint earlier_row_pkey primary key (load_id, table_name, place),
    constraint earlier_row_load_id_fkey foreign key (load_id) references elt.load (load_id)
);

comment on table elt.earlier_row is
    'Rows of core as they were before a load of an append or merge source changed them, for as long as the load is in staging. May hold personal data: not for readers.';
comment on column elt.earlier_row.load_id is 'Load that changed the row.';
comment on column elt.earlier_row.table_name is 'Schema and table of the row.';
comment on column elt.earlier_row.place is 'Tells rows of one load and table apart.';
comment on column elt.earlier_row.earlier is
    'The row before: an object of column names and the values as texts, null where they were.';
