-- reads:    elt.load, elt.load_file, elt.source
-- used by:  elt.run_rules, elt check, elt serve, users in psql
-- careful:  a load that replays another contains the other's rows up to replay_after_row. The rows of the corrected
--           file follow, and their numbers continue from there. The file of a load that is no longer live has often
--           been replaced under the same name, so that the load is named too. In PL/pgSQL, a session plans it only
--           once
create or replace function elt.origin(load_id bigint, row_number bigint)
returns text
language plpgsql
stable
parallel restricted
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        with recursive place as (
            select
                load.source,
                load.location,
                load.replayed_load_id,
                load.replay_location,
                coalesce(load.replay_after_row, 0) as replay_after_row,
                load.load_id,
                case
                    when load.publish_id is not null and load.live_publish_id is null
                        then ' (load ' || load.load_id || ')'
                    else ''
                end as past_load
            from elt.load
            where load.load_id = origin.load_id
            union all
            select
                replayed.source,
                replayed.location,
                replayed.replayed_load_id,
                replayed.replay_location,
                coalesce(replayed.replay_after_row, 0) as replay_after_row,
                replayed.load_id,
                place.past_load
            from place
            inner join elt.load as replayed on place.replayed_load_id = replayed.load_id
            where origin.row_number <= place.replay_after_row
        )

        select
            coalesce(place.replay_location, file.location, place.location)
            || case
                when source.format = 'csv' then ', line '
                when source.format = 'rest' and place.replay_location is null then ', record '
                else ', document '
            end
            || origin.row_number - coalesce(file.after_row, place.replay_after_row)
            || place.past_load
        from place
        inner join elt.source on place.source = source.source
        left join lateral (
            select
                load_file.location,
                load_file.after_row
            from elt.load_file
            where
                load_file.load_id = place.load_id
                and load_file.after_row < origin.row_number
                and place.replay_location is null
            order by load_file.after_row desc, load_file.file_number desc
            limit 1
        ) as file on true
        where place.replayed_load_id is null or origin.row_number > place.replay_after_row
    );
end
$$;

comment on function elt.origin(bigint, bigint) is
    'Returns the origin of a row as text, from its _load_id and _row: the file with the line or the position of the document, or the address of the API with the position of the record over all pages. Names the load if it was live and no longer is.';
