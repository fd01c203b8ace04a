-- what:   create elt.load_column
-- why:    what was seen of a column's values while they were copied spares later looks at each of them
-- locks:  SHARE ROW EXCLUSIVE on elt.load, for an instant
-- time:   instant; new table, and a check of the few rows of elt.load
-- undo:   drop table elt.load_column (casts and rules get slower, and say the same)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load validate constraint load_lane_count_in_range;

create table elt.load_column (
    load_id bigint not null,
    column_name text not null,
    has_null boolean not null,
    has_edge_space boolean not null,
    is_integer boolean not null,
    is_date boolean not null,
    constraint load_column_pkey primary key (load_id, column_name),
    constraint load_column_load_id_fkey foreign key (load_id) references elt.load (load_id)
);

comment on table elt.load_column is
    'What the values of each CSV column of a load look like, as was seen while they were copied. True of every value, also after some of them were purged; where it says nothing good of a column, its values have to be looked at.';
comment on column elt.load_column.load_id is 'Load.';
comment on column elt.load_column.column_name is 'Column of the staging table.';
comment on column elt.load_column.has_null is 'Some value may be missing; false: none is.';
comment on column elt.load_column.has_edge_space is
    'Some value may have white space at an edge; false: none has.';
comment on column elt.load_column.is_integer is
    'Every value that is not missing is an integer of at most 18 digits, with neither sign nor zeros in front: it can be cast as it is.';
comment on column elt.load_column.is_date is
    'Every value that is not missing is YYYY-MM-DD and a day that exists: it can be cast as it is.';
