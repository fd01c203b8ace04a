-- grain:    one row per file of a live load that is valid UTF-8 although it was read in another encoding
-- level:    warning
-- reads:    elt.live_file
create or replace view quality.files_also_utf8 as
select
    live_file.load_id as _load_id,
    live_file.source,
    live_file.location,
    live_file.encoding
from elt.live_file
where live_file.is_also_utf8;

comment on view quality.files_also_utf8 is
    'Files that are valid UTF-8 with other characters than ASCII, but were read in the encoding of their source. Characters such as é are probably wrong: set elt.source.encoding to utf-8 and load the file again.';
