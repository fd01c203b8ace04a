-- grain:    one row per source
-- reads:    elt.source
-- used by:  elt load (is the source unchanged?)
-- careful:  a load keeps the layout that it was read with; it is compared as a part of this one, so that a column that is
--           added here later does not load every file again
create or replace view elt.source_layout as
select
    source.source,
    jsonb_build_object(
        'format', source.format,
        'delimiter', source.delimiter,
        'quote', source.quote,
        'escape', source.escape,
        'encoding', source.encoding,
        'null_text', source.null_text,
        'has_header', source.has_header,
        'header_line', source.header_line,
        'header_lines', source.header_lines,
        'comment', source.comment,
        'footer_lines', source.footer_lines,
        'trailing_delimiter', source.trailing_delimiter,
        'short_records', source.short_records,
        'member', source.member,
        'records_at', source.records_at
    ) as layout
from elt.source;

comment on view elt.source_layout is
    'How the files of each source are read. If it changes, elt load reads an unchanged file again.';
comment on column elt.source_layout.source is 'Source.';
comment on column elt.source_layout.layout is
    'Columns of elt.source about the layout of its files, by name.';
