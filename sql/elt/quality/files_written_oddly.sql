-- grain:    one row per file of a live load with a byte order mark, or with line ends other than LF
-- level:    warning
-- reads:    elt.live_file
create or replace view quality.files_written_oddly as
select
    live_file.load_id as _load_id,
    live_file.source,
    live_file.location,
    live_file.has_byte_order_mark,
    live_file.line_ends
from elt.live_file
where live_file.has_byte_order_mark or live_file.line_ends <> 'lf';

comment on view quality.files_written_oddly is
    'Files with a byte order mark, or with CRLF or mixed line ends. They are read as if they had no mark and LF line ends.';
