-- what:   add to elt.load what was asked of an API, how far a load reached, and whether the data changed meanwhile
-- why:    the next load continues from the highest value of a live load; a rule reports loads that may lack rows
-- locks:  ACCESS EXCLUSIVE on elt.load, for an instant: nullable columns and a constant default
-- time:   instant
-- undo:   drop the columns (incremental loads then read everything once)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load
add column since_sent text,
add column since_column text,
add column since_type text,
add column since_value text,
add column changed_while_read text;

comment on column elt.load.since_sent is
    'Value that was sent as elt.rest_source.since_parameter, before since_format. Null if no value was sent: everything was requested.';
comment on column elt.load.since_column is
    'elt.rest_source.since_column when the load began. Null if the source was not loaded incrementally.';
comment on column elt.load.since_type is 'elt.rest_source.since_type when the load began.';
comment on column elt.load.since_value is
    'Highest value of since_column up to this load, without values later than its start. The next load continues from it if this load is live.';
comment on column elt.load.changed_while_read is
    'What changed while the pages of an API were read, if it was accepted (elt.rest_source.on_change): rows may be missing.';
