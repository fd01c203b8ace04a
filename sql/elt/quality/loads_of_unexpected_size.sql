-- grain:    one row per live load whose number of rows is outside the range of its source
-- level:    warning
-- reads:    elt.live_load, elt.load, elt.source
-- careful:  a load of corrected rejects has few rows, unless it replaces the load that it corrects
create or replace view quality.loads_of_unexpected_size as
select
    load.load_id as _load_id,
    load.source,
    load.location,
    load.rows_staged as row_count,
    source.expected_rows
from elt.live_load
inner join elt.source on live_load.source = source.source
inner join elt.load on live_load.load_id = load.load_id
where
    not source.expected_rows @> load.rows_staged
    and (source.mode = 'replace' or load.replayed_load_id is null);

comment on view quality.loads_of_unexpected_size is
    'Loads with more or fewer rows than elt.source.expected_rows. Check whether the file is complete. If it is, change the range.';
