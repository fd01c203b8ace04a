-- grain:    one row per rejected record of a live load
-- level:    warning
-- reads:    elt.load, elt.reject
create or replace view quality.rows_rejected as
select
    reject.load_id as _load_id,
    reject.row_number as _row,
    load.source,
    reject.line_number,
    reject.byte_offset,
    reject.reason
from elt.load
inner join elt.reject on load.load_id = reject.load_id
where load.live_publish_id is not null and reject.replaced_by_load_id is null;

comment on view quality.rows_rejected is
    'Rejected records. They are kept in elt.reject with their bytes and appear in no result. To correct them: elt rejects SOURCE --out FILE.';
