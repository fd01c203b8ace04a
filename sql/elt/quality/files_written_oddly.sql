-- grain:    one row per live load of a file with a byte order mark, or with line ends other than LF
-- level:    warning
-- reads:    elt.live_load, elt.load
create or replace view quality.files_written_oddly as
select
    load.load_id as _load_id,
    load.source,
    load.location,
    load.has_byte_order_mark,
    load.line_ends
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
where load.has_byte_order_mark or load.line_ends <> 'lf';

comment on view quality.files_written_oddly is
    'Files with a byte order mark, or with CRLF or mixed line ends. They are read as if they had no mark and LF line ends.';
