-- reads:    PostgreSQL's catalogue
-- used by:  elt.publish
-- careful:  plain DML on the table itself, so that readers see the old rows or the new and never wait.
--           Columns that begin with _ say where a row came from; a row that differs in nothing else
--           is left as it is
create or replace function elt.refresh_core(
    target regclass,
    core_query regclass,
    out rows_inserted bigint,
    out rows_updated bigint,
    out rows_deleted bigint
)
language plpgsql
volatile
set search_path = ''
as $$
declare
    column_list text;
    missing text;
    key_list text;
    key_matches text;
    data_updates text;
    have_data text;
    incoming_data text;
    rows_kept bigint;
    rows_incoming bigint;
    rows_written bigint;
begin
    select
        string_agg(quote_ident(own.attname), ', ' order by own.attnum),
        string_agg(quote_ident(own.attname), ', ' order by own.attnum)
            filter (where theirs.attname is null),
        string_agg(quote_ident(own.attname), ', ' order by own.attnum)
            filter (where own.attnum = any(pg_index.indkey)),
        string_agg(
            format('have.%1$I = incoming.%1$I', own.attname), ' and ' order by own.attnum
        ) filter (where own.attnum = any(pg_index.indkey)),
        string_agg(format('%1$I = excluded.%1$I', own.attname), ', ' order by own.attnum)
            filter (where own.attnum <> all(pg_index.indkey)),
        string_agg(format('have.%I', own.attname), ', ' order by own.attnum)
            filter (where own.attnum <> all(pg_index.indkey) and own.attname not like '\_%'),
        string_agg(format('excluded.%I', own.attname), ', ' order by own.attnum)
            filter (where own.attnum <> all(pg_index.indkey) and own.attname not like '\_%')
    into
        column_list, missing, key_list, key_matches, data_updates, have_data, incoming_data
    from pg_catalog.pg_attribute as own
    left join pg_catalog.pg_index on pg_index.indrelid = target and pg_index.indisprimary
    left join pg_catalog.pg_attribute as theirs
        on
            theirs.attrelid = core_query
            and theirs.attname = own.attname
            and theirs.attnum > 0
            and not theirs.attisdropped
    where
        own.attrelid = target
        and own.attnum > 0
        and not own.attisdropped
        and own.attgenerated = '';

    if missing is not null then
        raise exception 'core query "%" lacks columns of table "%": %', core_query, target, missing
            using errcode = 'undefined_column';
    end if;

    -- Cast once, kept for the comparison in both directions.
    execute format(
        'create temporary table elt_incoming on commit drop as select %s from %s',
        column_list, core_query
    );
    get diagnostics rows_incoming = row_count;
    analyze pg_temp.elt_incoming;

    if key_list is null then
        -- No key: a row is its whole content, and counts as often as it stands there. Composite
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
            target, column_list
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
            target, column_list
        );
        get diagnostics rows_inserted = row_count;
        rows_updated := 0;
    else
        execute format(
            'delete from %s as have
            where not exists (select 1 from pg_temp.elt_incoming as incoming where %s)',
            target, key_matches
        );
        get diagnostics rows_deleted = row_count;
        execute format('select count(*) from %s', target) into rows_kept;
        execute format(
            'insert into %1$s as have (%2$s)
            select %2$s
            from pg_temp.elt_incoming
            on conflict (%3$s) %4$s',
            target,
            column_list,
            key_list,
            case
                when have_data is null then 'do nothing'
                else format(
                    'do update set %s where row(%s) is distinct from row(%s)',
                    data_updates, have_data, incoming_data
                )
            end
        );
        get diagnostics rows_written = row_count;
        rows_inserted := rows_incoming - rows_kept;
        rows_updated := rows_written - rows_inserted;
    end if;

    drop table pg_temp.elt_incoming;
end
$$;

comment on function elt.refresh_core(regclass, regclass) is
    'Brings a table to what its core query says: inserts what is new, updates what differs, deletes what is gone, by primary key; a table without one by whole rows. Says how many rows of each.';
