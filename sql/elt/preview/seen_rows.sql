-- reads:    what elt.note_seen_rows kept
-- used by:  elt.read_preview
create or replace function elt.seen_rows(seen text, relation regclass, key text[], is_after boolean)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when key is null
            then format('select %s from pg_temp.%I where elt_is_new = %L', columns.list, seen, is_after)
        else format(
            'select %1$s
            from (select distinct on (%2$s) * from pg_temp.%3$I order by %2$s, elt_place %4$s) as latest
            where elt_is_new = %5$L',
            columns.list,
            (select string_agg(quote_ident(part.name), ', ') from unnest(key) as part (name)),
            seen,
            case when is_after then 'desc' else 'asc' end,
            is_after
        )
    end
    from (
        select string_agg(quote_ident(pg_attribute.attname), ', ' order by pg_attribute.attnum) as list
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = relation and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
    ) as columns
$$;

comment on function elt.seen_rows(text, regclass, text[], boolean) is
    'Returns a query for the changed rows of a core table, as they were or as they are after the publish. With a key, the first change of a row tells how it was, and the last one how it is.';

revoke execute on function elt.seen_rows(text, regclass, text[], boolean) from public;
