-- grain:    one row per fact that is known of a load
-- reads:    elt.load, elt.load_file, elt.load_status
-- used by:  elt loads, elt serve
-- careful:  a fact that says nothing is omitted, such as no purged rows. Values are text; kind says what they are
create or replace view elt.load_fact as
select
    load_status.load_id,
    fact.place,
    fact.fact,
    fact.kind,
    fact.value
from elt.load_status
inner join elt.load on load_status.load_id = load.load_id
cross join lateral (
    values
    (1, 'source', 'text', load.source),
    (2, 'state', 'text', load_status.state_in_words),
    (3, case when load.location ~ '^[a-z]+://' then 'API' else 'file' end, 'text', load.location),
    (
        4, 'files', 'number',
        (
            select nullif(count(*), 0)::text
            from elt.load_file
            where load_file.load_id = load.load_id
        )
    ),
    (
        4, 'files in', 'text',
        (
            select format('select * from elt.load_file where load_id = %s;', min(load_file.load_id))
            from elt.load_file
            where load_file.load_id = load.load_id
            having count(*) > 0
        )
    ),
    (4, 'file in archive', 'text', load.member),
    (5, 'replays load', 'load', load.replayed_load_id::text),
    (6, 'replaced by load', 'load', load.replaced_by_load_id::text),
    (6, 'partition of load', 'load', nullif(load.batch_load_id, load.load_id)::text),
    (6, 'corrected rejects', 'text', load.replay_location),
    (8, 'started', 'time', to_char(load.started_at, 'YYYY-MM-DD HH24:MI:SS TZ')),
    (9, 'staged', 'time', to_char(load.staged_at, 'YYYY-MM-DD HH24:MI:SS TZ')),
    (10, 'finished', 'time', to_char(load.finished_at, 'YYYY-MM-DD HH24:MI:SS TZ')),
    (10, 'arrived again', 'time', to_char(load.confirmed_at, 'YYYY-MM-DD HH24:MI:SS TZ')),
    (11, 'seconds', 'seconds', round(extract(epoch from load_status.duration), 1)::text),
    (12, 'role', 'text', load.loaded_by),
    (13, 'version of elt', 'text', load.elt_version),
    (14, 'size', 'bytes', load.size_bytes::text),
    (15, 'sha256', 'text', load.sha256),
    (16, 'compression', 'text', load.compression),
    (17, 'encoding', 'text', load.encoding),
    (18, 'byte order mark', 'text', case when load.has_byte_order_mark then 'yes' end),
    (19, 'also valid UTF-8', 'text', case when load.is_also_utf8 then 'yes' end),
    (20, 'line ends', 'text', load.line_ends),
    (21, 'lines skipped', 'number', nullif(load.lines_skipped, 0)::text),
    (22, 'columns', 'text', array_to_string(load.header_columns, ', ')),
    (22, 'unexpected columns', 'text', array_to_string(load.new_columns, ', ')),
    (22, 'missing columns', 'text', array_to_string(load.missing_columns, ', ')),
    (23, 'requested since', 'text', load.since_sent),
    (24, 'next request since', 'text', load.since_value),
    (25, 'changed while read', 'text', load.changed_while_read),
    (26, 'connections', 'number', nullif(load.lane_count, 1)::text),
    (27, 'shrink allowed', 'text', case when load.allows_shrink then 'yes' end),
    (28, 'records read', 'number', load.rows_read::text),
    (29, 'rows staged', 'number', load.rows_staged::text),
    (30, 'rows purged', 'number', nullif(load.rows_purged, 0)::text),
    (31, 'rejected', 'number', load.rows_rejected::text),
    (32, 'rejects open', 'number', nullif(load_status.rejects_open, 0)::text),
    (33, 'rejects purged', 'number', nullif(load.rejects_purged, 0)::text),
    (34, 'in staging', 'bytes', nullif(load_status.staging_bytes, 0)::text),
    (
        35, 'its rows', 'text',
        case
            when load.staging_dropped_at is null and load.rows_staged > 0
                then format('select * from staging.%I where _load_id = %s;', load.source, load.load_id)
        end
    ),
    (36, 'dropped next', 'text', load_status.leftover_reason),
    (
        37, 'dropped from staging', 'time',
        to_char(load.staging_dropped_at, 'YYYY-MM-DD HH24:MI:SS TZ')
    ),
    (38, 'publish', 'number', load.publish_id::text),
    (39, 'live since publish', 'number', nullif(load.live_publish_id, load.publish_id)::text),
    (40, 'rolled back', 'time', to_char(load.rolled_back_at, 'YYYY-MM-DD HH24:MI:SS TZ')),
    (41, 'error', 'text', load.error)
) as fact (place, fact, kind, value)
where fact.value is not null
union all
select
    load.replayed_load_id as load_id,
    7 as place,
    'replayed by load' as fact,
    'load' as kind,
    load.load_id::text as value
from elt.load
where load.replayed_load_id is not null;

comment on view elt.load_fact is
    'All that is known of each load, one fact per row, in the order in which elt loads and the page of a load show them.';
comment on column elt.load_fact.load_id is 'Number of the load.';
comment on column elt.load_fact.place is 'Position of the fact. Several loads that replay this one have the same.';
comment on column elt.load_fact.fact is 'Name of the fact.';
comment on column elt.load_fact.kind is
    'What the value is: text, time, seconds, number, bytes (a number of them), or load (number of another load).';
comment on column elt.load_fact.value is 'Value as text. Times are in UTC.';
