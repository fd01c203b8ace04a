-- what:   add elt.load.lane_count
-- why:    a large input is copied over several connections at once
-- locks:  ACCESS EXCLUSIVE on elt.load, for an instant: a constant default
-- time:   instant
-- undo:   drop the column
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load add column lane_count bigint not null default 1;
alter table elt.load
add constraint load_lane_count_in_range check (lane_count between 1 and 64) not valid;

comment on column elt.load.lane_count is
    'Connections that its rows were copied over. With several, and wal_level = minimal, each has a table of its own below the load''s partition.';
