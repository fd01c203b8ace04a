-- reads:    PostgreSQL's catalogue
-- used by:  elt views diff --rows
-- careful:  values are compared as they are stored, so that 1.0 and 1.00 differ, as they do in a file. If there is a
--           key, columns that begin with _ are ignored, because they only tell where a row came from
create or replace function elt.compare_rows(
    before regclass,
    after regclass,
    key text[],
    sample_size bigint,
    out compared_by text[],
    out key_problem text,
    out columns_added text[],
    out columns_removed text[],
    out columns_retyped text[],
    out rows_before bigint,
    out rows_after bigint,
    out rows_added bigint,
    out rows_removed bigint,
    out rows_changed bigint,
    out added jsonb,
    out removed jsonb,
    out changed jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    both_list text;
    key_list text;
    key_matches text;
    before_data text;
    after_data text;
    repeated bigint;
begin
    with columns as (
        select
            coalesce(theirs.attname, own.attname)::text as name,
            own.attnum as before_place,
            theirs.attnum as after_place,
            format_type(own.atttypid, own.atttypmod) as before_type,
            format_type(theirs.atttypid, theirs.atttypmod) as after_type
        from (
            select *
            from pg_catalog.pg_attribute
            where attrelid = before and attnum > 0 and not attisdropped
        ) as own
        full join (
            select *
            from pg_catalog.pg_attribute
            where attrelid = after and attnum > 0 and not attisdropped
        ) as theirs on own.attname = theirs.attname
    ),

    known as (
        select
            columns.*,
            quote_ident(columns.name) as quoted,
            columns.before_place is not null and columns.after_place is not null as is_in_both,
            coalesce(columns.name = any(compare_rows.key), false) as is_key,
            case
                when columns.before_type is distinct from columns.after_type then '::text' else ''
            end as compared_as
        from columns
    )

    select
        coalesce(array_agg(known.name order by known.after_place) filter (where known.before_place is null), '{}'),
        coalesce(array_agg(known.name order by known.before_place) filter (where known.after_place is null), '{}'),
        coalesce(
            array_agg(
                format('%s: %s, was %s', known.name, known.after_type, known.before_type)
                order by known.after_place
            ) filter (where known.is_in_both and known.before_type <> known.after_type),
            '{}'
        ),
        string_agg(known.quoted, ', ' order by known.after_place) filter (where known.is_in_both),
        string_agg(known.quoted, ', ' order by array_position(compare_rows.key, known.name))
            filter (where known.is_key and known.is_in_both),
        string_agg(format('own.%1$s = theirs.%1$s', known.quoted), ' and ')
            filter (where known.is_key and known.is_in_both),
        string_agg(format('own.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and known.name not like '\_%'),
        string_agg(format('theirs.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and known.name not like '\_%'),
        (
            select string_agg(format('"%s"', part.name), ', ') || ' is not in both, or is of another type'
            from unnest(compare_rows.key) as part (name)
            where part.name <> all(
                coalesce(array_agg(known.name) filter (where known.before_type = known.after_type), '{}')
            )
        )
    into
        columns_added, columns_removed, columns_retyped, both_list, key_list, key_matches, before_data,
        after_data, key_problem
    from known;

    execute format('select count(*) from %s', before) into rows_before;
    execute format('select count(*) from %s', after) into rows_after;
    if both_list is null then
        key_problem := 'the relations have no column in common';
        rows_removed := rows_before;
        rows_added := rows_after;
        return;
    end if;

    if key is not null and key_problem is null then
        execute format(
            'select count(*)
            from (
                select 1
                from (select %1$s from %2$s union all select %1$s from %3$s) as keys
                where not ((%1$s) is not null)
            ) as incomplete',
            key_list, before, after
        ) into repeated;
        if repeated > 0 then
            key_problem := 'it is null in some rows';
        end if;
        execute format(
            'select
                (select count(*) from (select from %2$s group by %1$s having count(*) > 1) as twice)
                + (select count(*) from (select from %3$s group by %1$s having count(*) > 1) as twice)',
            key_list, before, after
        ) into repeated;
        if repeated > 0 then
            key_problem := format('%s of its values appear more than once', repeated);
        end if;
    end if;

    if key is not null and key_problem is null then
        compared_by := key;
        execute format(
            'create temporary table elt_difference as
            select
                case
                    when own.is_there is null then ''added''
                    when theirs.is_there is null then ''removed''
                    else ''changed''
                end as kind,
                %1$s
            from (select true as is_there, * from %2$s) as own
            full join (select true as is_there, * from %3$s) as theirs on %4$s
            where own.is_there is null or theirs.is_there is null or %5$s',
            (
                select string_agg(format('coalesce(own.%1$I, theirs.%1$I) as %1$I', part.name), ', ')
                from unnest(key) as part (name)
            ),
            before, after, key_matches,
            coalesce(format('pg_catalog.record_image_ne(row(%s), row(%s))', before_data, after_data), 'false')
        );
        execute
            'select
                count(*) filter (where kind = ''added''),
                count(*) filter (where kind = ''removed''),
                count(*) filter (where kind = ''changed'')
            from pg_temp.elt_difference'
        into rows_added, rows_removed, rows_changed;
        execute format(
            'with picked as (
                select *
                from (
                    select *, row_number() over (partition by kind order by %1$s) as place
                    from pg_temp.elt_difference
                ) as numbered
                where numbered.place <= %2$s
            ),

            seen as (
                select picked.kind, picked.place, to_jsonb(own) as own, to_jsonb(theirs) as theirs
                from picked
                left join %3$s as own on picked.kind <> ''added'' and %5$s
                left join %4$s as theirs on picked.kind <> ''removed'' and %6$s
            )

            select
                coalesce(jsonb_agg(seen.theirs order by seen.place) filter (where seen.kind = ''added''), ''[]''),
                coalesce(jsonb_agg(seen.own order by seen.place) filter (where seen.kind = ''removed''), ''[]''),
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            ''key'',
                            (
                                select jsonb_object_agg(part.name, seen.theirs -> part.name)
                                from unnest(%7$L::text[]) as part (name)
                            ),
                            ''columns'',
                            (
                                select jsonb_object_agg(
                                    has.key,
                                    jsonb_build_object(
                                        ''before'', had.value #>> ''{}'', ''after'', has.value #>> ''{}''
                                    )
                                )
                                from jsonb_each(seen.own) as had
                                inner join jsonb_each(seen.theirs) as has on had.key = has.key
                                where had.value::text <> has.value::text and had.key not like ''\_%%''
                            )
                        ) order by seen.place
                    ) filter (where seen.kind = ''changed''), ''[]''
                )
            from seen',
            key_list, sample_size, before, after,
            replace(key_matches, 'theirs.', 'picked.'),
            replace(key_matches, 'own.', 'picked.'),
            key
        ) into added, removed, changed;
    else
        execute format(
            'create temporary table elt_difference as
            select sides.value, sum(sides.side) as excess
            from (
                select to_jsonb(own)::text as value, -1 as side from (select %1$s from %2$s) as own
                union all
                select to_jsonb(theirs)::text, 1 from (select %1$s from %3$s) as theirs
            ) as sides
            group by sides.value
            having sum(sides.side) <> 0',
            both_list, before, after
        );
        execute
            'select
                coalesce(sum(excess) filter (where excess > 0), 0),
                coalesce(-sum(excess) filter (where excess < 0), 0)
            from pg_temp.elt_difference'
        into rows_added, rows_removed;
        execute format(
            'select
                coalesce(jsonb_agg(value::jsonb order by value) filter (where is_more), ''[]''),
                coalesce(jsonb_agg(value::jsonb order by value) filter (where not is_more), ''[]'')
            from (
                select value, excess > 0 as is_more, row_number() over (partition by excess > 0 order by value) as place
                from pg_temp.elt_difference
            ) as numbered
            where place <= %s',
            sample_size
        ) into added, removed;
    end if;
    drop table pg_temp.elt_difference;
end
$$;

comment on function elt.compare_rows(regclass, regclass, text[], bigint) is
    'Compares the rows of two relations. Uses the key if it is unique and never null in both; otherwise compares whole rows by the columns that both have, and counts duplicates. The samples are objects. The sample of a changed row has its key and the old and new texts of each changed column.';
