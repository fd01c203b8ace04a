-- reads:    elt.core_columns, elt.distribution_column, elt.create_work_table, elt.changes_query, elt.count_changes, elt.apply_changes
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
    is_distributed boolean := elt.distribution_column(target) is not null;
    changes regclass;
begin
    if parts.key_list is null and is_distributed then
        -- Shards have no common row identifier. Only a rebuild comes here: loads are appended.
        execute format('delete from %s', target);
        get diagnostics rows_deleted = row_count;
        execute format('insert into %s (%2$s) select %2$s from %3$s', target, parts.column_list, core_query);
        get diagnostics rows_inserted = row_count;
        rows_updated := 0;
    elsif parts.key_list is null then
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
        if is_distributed then
            -- The rows go to the workers once, which then compare their own shards.
            core_query := elt.create_work_table(
                'elt_incoming',
                target,
                parts.column_list,
                format('select %s from %s', parts.column_list, core_query)
            );
        end if;
        changes := elt.create_work_table(
            'elt_changed',
            target,
            parts.column_list || ', false as elt_is_new, false as elt_is_gone',
            elt.changes_query(target, core_query, with_origin, 'true', format('select * from %s', target))
        );
        select *
        into rows_inserted, rows_updated, rows_deleted
        from elt.count_changes(changes);
        perform elt.apply_changes(target, changes, rows_inserted + rows_updated > 0, rows_deleted > 0);
        execute format('drop table %s', changes);
        if is_distributed then
            execute format('drop table %s', core_query);
        end if;
    end if;
end
$$;

comment on function elt.replace_rows(regclass, regclass, boolean) is
    'Makes a table equal to the result of a query: inserts new rows, updates rows that differ and deletes rows that are gone, by primary key, or by whole rows if the table has none. If origin is true, a row that only came from another place counts as different. Returns the number of rows inserted, updated and deleted.';
