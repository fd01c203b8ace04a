-- reads:    PostgreSQL's catalogue, temporary table elt_difference
-- used by:  elt.read_preview
-- careful:  elt.compare_rows must have compared the same relations with the same key in this transaction
create or replace function elt.changed_columns(before regclass, after regclass, key text[])
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    columns record;
    counts bigint[];
begin
    select
        array_agg(listed.attname::text order by listed.attnum) as names,
        string_agg(
            format(
                'count(*) filter (where pg_catalog.record_image_ne(row(elt_own.%1$I), row(elt_theirs.%1$I)))', listed.attname
            ),
            ', ' order by listed.attnum
        ) as counts
    into columns
    from (
        select
            pg_attribute.attname,
            pg_attribute.attnum
        from pg_catalog.pg_attribute
        where
            pg_attribute.attrelid = after
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
            and pg_attribute.attname <> all(key)
            and pg_attribute.attname not like '\_%'
    ) as listed;
    if columns.names is null or key is null then
        return '{}';
    end if;
    execute format(
        'select array[%s]
        from pg_temp.elt_difference as elt_found
        inner join %s as elt_own using (%s)
        inner join %s as elt_theirs using (%3$s)
        where elt_found.elt_kind = ''changed''',
        columns.counts,
        before,
        (select string_agg(quote_ident(part.name), ', ') from unnest(key) as part (name)),
        after
    )
    into counts;
    return (
        select coalesce(jsonb_object_agg(counted.name, counted.rows), '{}')
        from unnest(columns.names, counts) as counted (name, rows)
        where counted.rows > 0
    );
end
$$;

comment on function elt.changed_columns(regclass, regclass, text[]) is
    'Returns how many of the rows that elt.compare_rows found changed differ in each column, as an object.';

revoke execute on function elt.changed_columns(regclass, regclass, text[]) from public;
