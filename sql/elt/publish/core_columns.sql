-- reads:    PostgreSQL's catalogue
-- used by:  the functions that update a core table from its core query
-- careful:  the lists are for statements that call the table "have", new rows "incoming" and kept rows "image". Columns
--           that begin with _ tell where a row came from and are not compared. The columns of the key come in its order,
--           so that the key of a partition is that of its table
create or replace function elt.core_columns(
    target regclass,
    core_query regclass,
    out column_list text,
    out key_list text,
    out key_matches text,
    out updates text,
    out either text,
    out have_data text,
    out incoming_data text,
    out have_all text,
    out incoming_all text,
    out image text,
    out earlier text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    missing text;
begin
    with columns as (
        select
            own.attnum,
            own.attname::text as name,
            quote_ident(own.attname) as quoted,
            format_type(own.atttypid, own.atttypmod) as type,
            own.attnum = any(pg_index.indkey) as is_key,
            array_position(pg_index.indkey::int2[], own.attnum) as key_place,
            own.attname like '\_%' as is_origin,
            theirs.attname is null as is_missing
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
            and own.attgenerated = ''
    )

    select
        string_agg(quoted, ', ' order by attnum),
        string_agg(quoted, ', ' order by attnum) filter (where is_missing),
        string_agg(quoted, ', ' order by key_place) filter (where is_key),
        string_agg(format('have.%1$s = incoming.%1$s', quoted), ' and ' order by key_place) filter (where is_key),
        string_agg(format('%1$s = excluded.%1$s', quoted), ', ' order by attnum) filter (where not is_key),
        string_agg(
            case
                when is_key then format('coalesce(incoming.%1$s, have.%1$s) as %1$s', quoted)
                else format('incoming.%s', quoted)
            end,
            ', ' order by attnum
        ),
        string_agg(format('have.%s', quoted), ', ' order by attnum) filter (where not is_key and not is_origin),
        string_agg(format('incoming.%s', quoted), ', ' order by attnum)
            filter (where not is_key and not is_origin),
        string_agg(format('have.%s', quoted), ', ' order by attnum) filter (where not is_key),
        string_agg(format('incoming.%s', quoted), ', ' order by attnum) filter (where not is_key),
        -- As text, which restores the value of any type exactly.
        format(
            'jsonb_object(array[%s], array[%s])',
            string_agg(quote_literal(name), ', ' order by attnum),
            string_agg(format('have.%s::text', quoted), ', ' order by attnum)
        ),
        string_agg(format('(image.earlier ->> %L)::%s as %s', name, type, quoted), ', ' order by attnum)
    into
        column_list, missing, key_list, key_matches, updates, either, have_data, incoming_data, have_all,
        incoming_all, image, earlier
    from columns;

    if missing is not null then
        raise exception 'core query "%" lacks columns of table "%": %', core_query, target, missing
            using
                errcode = 'undefined_column',
                hint = 'Add the columns to its file in sql/core, as null if necessary, and run elt migrate.';
    end if;
end
$$;

comment on function elt.core_columns(regclass, regclass) is
    'Returns the columns of a core table as lists for statements. Raises an error if its core query lacks one of them.';
