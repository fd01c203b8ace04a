-- reads:    elt.load, elt.source
-- used by:  people who ask where a row came from
create or replace function elt.origin(load_id bigint, row_number bigint)
returns text
language sql
stable
set search_path = ''
as $$
    select
        load.location
        || case source.format
            when 'csv' then ', line '
            when 'rest' then ', record '
            else ', document '
        end
        || origin.row_number
    from elt.load
    inner join elt.source on source.source = load.source
    where load.load_id = origin.load_id
$$;

comment on function elt.origin(bigint, bigint) is
    'Where a row came from, in words: pass its _load_id and _row. The file and the line in it, or the position of the document; of an API its address and the record''s position over all pages.';
