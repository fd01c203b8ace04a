-- reads:    elt.core_columns
-- used by:  elt.bring_core, elt.rebuild_source
-- careful:  plain DML on the table itself, so that readers see the old rows or the new rows and never wait. ctid alone
--           does not identify a row of a partitioned table, but such a table has a key
create or replace function elt.replace_rows(
    target regclass,
    core_query regclass,
    with_origin boolean,
    out rows_inserted bigint,
    out rows_updated bigint,
    out rows_deleted bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    parts record := elt.core_columns(target, core_query);
    first_key text := (
        select quote_ident(pg_attribute.attname)
        from pg_catalog.pg_index
        inner join pg_catalog.pg_attribute
            on pg_index.indrelid = pg_attribute.attrelid and pg_index.indkey[0] = pg_attribute.attnum
        where pg_index.indrelid = target and pg_index.indisprimary
    );
begin
    if parts.key_list is null then
        -- The casts run once, and the result is compared in both directions.
        execute format(
            'create temporary table elt_incoming on commit drop as select %s from %s',
            parts.column_list, core_query
        );
        analyze pg_temp.elt_incoming;

        -- Without a key, whole rows are compared and duplicates counted. Composite
        -- values compare nulls as equal.
        execute format(
            'with have as (
                select
                    stored.ctid as place,
                    stored as content,
                    row_number() over (partition by stored order by stored.ctid) as copy
                from %1$s as stored
            ),

            incoming as (
                select row(%2$s)::%1$s as content, count(*) as copies
                from pg_temp.elt_incoming
                group by 1
            )

            delete from %1$s as gone
            where gone.ctid in (
                select have.place
                from have
                left join incoming on incoming.content = have.content
                where have.copy > coalesce(incoming.copies, 0)
            )',
            target, parts.column_list
        );
        get diagnostics rows_deleted = row_count;
        execute format(
            'with have as (
                select stored as content, count(*) as copies
                from %1$s as stored
                group by stored
            ),

            incoming as (
                select
                    numbered.content,
                    numbered.place,
                    row_number() over (
                        partition by numbered.content order by numbered.place
                    ) as copy
                from (
                    select row(%2$s)::%1$s as content, row_number() over () as place
                    from pg_temp.elt_incoming
                ) as numbered
            )

            insert into %1$s (%2$s)
            select (incoming.content).*
            from incoming
            left join have on have.content = incoming.content
            where incoming.copy > coalesce(have.copies, 0)
            order by incoming.place',
            target, parts.column_list
        );
        get diagnostics rows_inserted = row_count;
        rows_updated := 0;
        drop table pg_temp.elt_incoming;
    else
        -- Compared first, because a conflict locks its row, and so writes it, even if nothing
        -- differs.
        execute format(
            'create temporary table elt_changed on commit drop as
            select
                %1$s,
                have.%2$s is null as elt_is_new,
                incoming.elt_is_incoming is null as elt_is_gone
            from (select %3$s, true as elt_is_incoming from %4$s) as incoming
            full join %5$s as have on %6$s
            where have.%2$s is null or incoming.elt_is_incoming is null or %7$s',
            parts.either,
            first_key,
            parts.column_list,
            core_query,
            target,
            parts.key_matches,
            case
                when with_origin and parts.have_all is not null
                    then format('row(%s) is distinct from row(%s)', parts.have_all, parts.incoming_all)
                when parts.have_data is not null
                    then format('row(%s) is distinct from row(%s)', parts.have_data, parts.incoming_data)
                else 'false'
            end
        );
        select
            count(*) filter (where elt_changed.elt_is_new),
            count(*) filter (where not elt_changed.elt_is_new and not elt_changed.elt_is_gone),
            count(*) filter (where elt_changed.elt_is_gone)
        into rows_inserted, rows_updated, rows_deleted
        from pg_temp.elt_changed;

        if rows_deleted > 0 then
            execute format(
                'delete from %s as have
                using pg_temp.elt_changed as incoming
                where incoming.elt_is_gone and %s',
                target, parts.key_matches
            );
        end if;
        if rows_inserted + rows_updated > 0 then
            execute format(
                'insert into %1$s (%2$s)
                select %2$s
                from pg_temp.elt_changed
                where not elt_is_gone
                on conflict (%3$s) do %4$s',
                target,
                parts.column_list,
                parts.key_list,
                coalesce('update set ' || parts.updates, 'nothing')
            );
        end if;
        drop table pg_temp.elt_changed;
    end if;
end
$$;

comment on function elt.replace_rows(regclass, regclass, boolean) is
    'Makes a table equal to the result of a query: inserts new rows, updates rows that differ and deletes rows that are gone, by primary key, or by whole rows if the table has none. If origin is true, a row that only came from another place counts as different. Returns the number of rows inserted, updated and deleted.';
