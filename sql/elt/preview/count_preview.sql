-- reads:    elt.publish_change, elt.listed_columns, elt.with_origin
-- used by:  elt.read_preview
-- careful:  every row of a table that was empty is new, so that comparing would only take time
create or replace function elt.count_preview(
    publish_id bigint,
    table_name text,
    key text[],
    is_new boolean,
    sample_size bigint,
    out compared_by text[],
    out compared_columns text[],
    out rows_added bigint,
    out rows_removed bigint,
    out rows_changed bigint,
    out added jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    compared_columns := elt.listed_columns(table_name::regclass, key);
    added := '[]';
    if not is_new then
        select
            coalesce(sum(publish_change.rows_inserted), 0),
            coalesce(sum(publish_change.rows_deleted), 0),
            coalesce(sum(publish_change.rows_updated), 0)
        into rows_added, rows_removed, rows_changed
        from elt.publish_change
        where
            publish_change.publish_id = count_preview.publish_id
            and publish_change.table_name = count_preview.table_name;
        return;
    end if;
    compared_by := key;
    rows_removed := 0;
    rows_changed := case when key is not null then 0 end;
    execute format('select count(*) from %s', table_name) into rows_added;
    execute format(
        'select coalesce(jsonb_agg(elt.with_origin(elt.exact_numbers(to_jsonb(listed))) order by listed.elt_place), ''[]'')
        from (
            select stored.*, row_number() over (order by %s) as elt_place
            from %s as stored
            order by elt_place
            limit %s
        ) as listed',
        coalesce((select string_agg(quote_ident(part.name), ', ') from unnest(key) as part (name)), 'stored.ctid'),
        table_name,
        sample_size
    )
    into added;
    added := (
        select coalesce(jsonb_agg(listed.content - 'elt_place' order by listed.place), '[]')
        from jsonb_array_elements(added) with ordinality as listed (content, place)
    );
end
$$;

comment on function elt.count_preview(bigint, text, text[], boolean, bigint) is
    'Counts what a publish changed in a core table whose rows are not compared: one that was empty, or one whose shards are on workers. Of the first kind, it returns the first rows too.';

revoke execute on function elt.count_preview(bigint, text, text[], boolean, bigint) from public;
