-- grain:    one row per live load of a file that is valid UTF-8 although it was read in another encoding
-- level:    warning
-- reads:    elt.live_load, elt.load
create or replace view quality.files_also_utf8 as
select
    load.load_id as _load_id,
    load.source,
    load.location,
    load.encoding
from elt.live_load
inner join elt.load on live_load.load_id = load.load_id
where load.is_also_utf8;

comment on view quality.files_also_utf8 is
    'Files that are valid UTF-8 with other characters than ASCII, but were read in the encoding of their source. Characters such as é are probably wrong: set elt.source.encoding to utf-8 and load the file again.';
