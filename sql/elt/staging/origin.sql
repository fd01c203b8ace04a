-- reads:    elt.load, elt.source
-- used by:  elt.run_rules, elt check, elt serve, people who ask where a row came from
-- careful:  a load that replays another has the other's rows up to replay_after_row, and behind them
--           those of the corrected file, which count on from there
create or replace function elt.origin(load_id bigint, row_number bigint)
returns text
language sql
stable
parallel restricted
set search_path = pg_catalog, pg_temp
as $$
    with recursive place as (
        select
            load.source,
            load.location,
            load.replayed_load_id,
            load.replay_location,
            coalesce(load.replay_after_row, 0) as replay_after_row
        from elt.load
        where load.load_id = origin.load_id
        union all
        select
            replayed.source,
            replayed.location,
            replayed.replayed_load_id,
            replayed.replay_location,
            coalesce(replayed.replay_after_row, 0) as replay_after_row
        from place
        inner join elt.load as replayed on place.replayed_load_id = replayed.load_id
        where origin.row_number <= place.replay_after_row
    )

    select
        coalesce(place.replay_location, place.location)
        || case
            when source.format = 'csv' then ', line '
            when source.format = 'rest' and place.replay_location is null then ', record '
            else ', document '
        end
        || origin.row_number - place.replay_after_row
    from place
    inner join elt.source on place.source = source.source
    where place.replayed_load_id is null or origin.row_number > place.replay_after_row
$$;

comment on function elt.origin(bigint, bigint) is
    'Where a row came from, in words: pass its _load_id and _row. The file and the line in it, or the position of the document; of an API its address and the record''s position over all pages.';
