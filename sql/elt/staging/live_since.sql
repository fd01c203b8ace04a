-- reads:    elt.load
-- used by:  elt.staged_since, elt.since_to_send
-- careful:  values only grow from one live load to the next, so the latest is the highest. Values of another column, or
--           that were compared in another way, do not say how far this column was read
create or replace function elt.live_since(source text, since_column text, since_type text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select load.since_value
    from elt.load
    where
        load.source = live_since.source
        and load.live_publish_id is not null
        and load.since_value is not null
        and load.since_column = live_since.since_column
        and load.since_type = live_since.since_type
    order by load.load_id desc
    limit 1
$$;

comment on function elt.live_since(text, text, text) is
    'Returns the highest value of a column up to the latest live load of a source (elt.load.since_value). Null if no live load has one.';
