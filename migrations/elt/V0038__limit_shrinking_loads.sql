-- what:   add elt.source.max_shrink, elt.load.allows_shrink and elt.publish_change.rows_before
-- why:    a file that was cut off, or that holds one day only, must not delete most of a core table
-- locks:  ACCESS EXCLUSIVE on the three tables, for an instant: nullable columns, a constant default, a check that is
--         not validated yet
-- time:   instant; the check is validated by V0039
-- undo:   drop the three columns (loses the limits of sources; loads are then published however much they delete)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source add column max_shrink numeric;
alter table elt.source
add constraint source_max_shrink_is_a_share check (max_shrink between 0 and 1) not valid;
alter table elt.load add column allows_shrink boolean not null default false;
alter table elt.publish_change add column rows_before bigint;

comment on column elt.source.max_shrink is
    'Largest share of the live rows of a core table that one load of a replace source may remove: 0.5 is half of them. A load that removes more is refused (quality.loads_that_shrink). Null: no limit.';
comment on column elt.load.allows_shrink is
    'Whether it may remove more rows than elt.source.max_shrink: it was loaded with --allow-shrink.';
comment on column elt.publish_change.rows_before is
    'Rows of the table before the publish. Counted only if rows were deleted and elt.source.max_shrink limits that; null otherwise.';
