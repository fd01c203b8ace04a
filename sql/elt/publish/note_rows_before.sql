-- reads:    elt.publish, elt.publish_change, elt.live_load, elt.source
-- used by:  elt.refresh_sources
-- careful:  counting scans the table, so it is done only if quality.loads_that_shrink needs the number
create or replace function elt.note_rows_before(
    publish_id bigint, filled regclass, table_name text, sources text[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    rows_after bigint;
    is_limited boolean := exists (
        select 1
        from elt.publish
        inner join elt.publish_change on publish.publish_id = publish_change.publish_id
        inner join elt.live_load on publish.publish_id = live_load.publish_id
        inner join elt.source on live_load.source = source.source
        where
            publish.publish_id = note_rows_before.publish_id
            and publish.cause = 'load'
            and publish_change.table_name = note_rows_before.table_name
            and publish_change.rows_deleted > 0
            and source.source = any(sources)
            and source.max_shrink < 1
    );
begin
    if not is_limited then
        return;
    end if;
    execute format('select count(*) from %s', filled) into rows_after;
    update elt.publish_change
    set rows_before = rows_after + publish_change.rows_deleted - publish_change.rows_inserted
    where
        publish_change.publish_id = note_rows_before.publish_id
        and publish_change.table_name = note_rows_before.table_name;
end
$$;

comment on function elt.note_rows_before(bigint, regclass, text, text[]) is
    'Records how many rows a table had before a publish of new loads, if the publish deleted some of them and elt.source.max_shrink is set for one of the sources that fill the table.';
