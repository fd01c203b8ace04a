-- grain:    one row per file of the live load of each source
-- reads:    elt.live_load, elt.load, elt.load_file
-- used by:  rules about files
create or replace view elt.live_file as
select
    load.load_id,
    load.source,
    coalesce(load_file.location, load.location) as location,
    case when load_file.load_id is null then load.encoding else load_file.encoding end as encoding,
    case when load_file.load_id is null then load.line_ends else load_file.line_ends end as line_ends,
    case when load_file.load_id is null then load.header_columns else load_file.header_columns end as header_columns,
    case
        when load_file.load_id is null then load.has_byte_order_mark else load_file.has_byte_order_mark
    end as has_byte_order_mark,
    case when load_file.load_id is null then load.is_also_utf8 else load_file.is_also_utf8 end as is_also_utf8
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
left join elt.load_file on load.load_id = load_file.load_id;

comment on view elt.live_file is
    'Files of the live loads, as they were found. For append and merge sources, those of the latest live load.';
comment on column elt.live_file.load_id is 'Live load.';
comment on column elt.live_file.source is 'Source.';
comment on column elt.live_file.location is 'Path of the file, or address.';
comment on column elt.live_file.encoding is 'Encoding that the file was read in.';
comment on column elt.live_file.line_ends is 'lf, crlf or mixed. Null if not known.';
comment on column elt.live_file.header_columns is 'Column names of the header of a CSV file.';
comment on column elt.live_file.has_byte_order_mark is 'Whether the file begins with a byte order mark.';
comment on column elt.live_file.is_also_utf8 is
    'Whether the file is valid UTF-8 with other characters than ASCII although it was read in another encoding.';
