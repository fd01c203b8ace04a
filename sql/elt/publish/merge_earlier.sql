-- reads:    elt.load, elt.retained_load, elt.has_replaced_rows, elt.filled_table, elt.take_back, elt.add_publish_change
-- used by:  elt.make_live
-- careful:  the later loads are undone first and merged again, so that each can still be undone, the latest one first
create or replace function elt.merge_earlier(publish_id bigint, source text, load_ids bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    first bigint := (select min(named.load_id) from unnest(load_ids) as named (load_id));
    later bigint[] := '{}';
    newer_load_id bigint;
    target record;
    counts jsonb := '{}';
    rows_now bigint;
begin
    if elt.has_replaced_rows(source) then
        select coalesce(array_agg(retained_load.load_id), '{}')
        into later
        from elt.retained_load
        where retained_load.source = merge_earlier.source and retained_load.load_id > first;
        select min(load.load_id)
        into newer_load_id
        from elt.load
        where
            load.source = merge_earlier.source
            and load.live_publish_id is not null
            and load.load_id > first
            and load.load_id <> all(later);
        if newer_load_id is not null then
            raise exception 'load % of source "%" is older than load %, whose rows are no longer in staging',
                first, source, newer_load_id
                using
                    errcode = 'object_not_in_prerequisite_state',
                    detail = 'The later loads cannot be merged again after it. Nothing was changed.',
                    hint = format('Discard it: elt discard %s. Loading its file again would put its values over newer ones.', first);
        end if;
    end if;
    for target in
        select filled_table.*
        from elt.filled_table
        where merge_earlier.source = any(filled_table.sources)
    loop
        execute format('select count(*) from %s', target.filled) into rows_now;
        counts := counts || jsonb_build_object(target.table_name, rows_now);
    end loop;
    perform elt.take_back(publish_id, source, later, later || load_ids, null);
    for target in
        select filled_table.*
        from elt.filled_table
        where merge_earlier.source = any(filled_table.sources)
    loop
        execute format('select count(*) from %s', target.filled) into rows_now;
        perform elt.add_publish_change(
            publish_id, target.table_name, rows_now - (counts ->> target.table_name)::bigint, 0, 0
        );
    end loop;
end
$$;

comment on function elt.merge_earlier(bigint, text, bigint[]) is
    'Makes loads of an append or merge source live that were held while later loads were published. The result is that of publishing them in the order of their numbers.';
