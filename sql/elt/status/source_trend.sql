-- reads:    elt.load, elt.publish
-- used by:  elt serve
-- careful:  the first publish of a load counts, not one that published it again after a change of core queries. Purged
--           loads are missing
create or replace function elt.source_trend(source text, load_count bigint)
returns table (load_id bigint, published_at timestamptz, rows_staged bigint)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with latest as (
        select
            load.load_id,
            publish.finished_at,
            load.rows_staged
        from elt.load
        inner join elt.publish on load.publish_id = publish.publish_id
        where load.source = source_trend.source and load.state = 'published' and publish.finished_at is not null
        order by load.load_id desc
        limit load_count
    )

    select
        latest.load_id,
        latest.finished_at,
        latest.rows_staged
    from latest
    order by latest.load_id asc
$$;

comment on function elt.source_trend(text, bigint) is
    'Rows of each of the latest published loads of a source, live or replaced, from the oldest to the newest.';
