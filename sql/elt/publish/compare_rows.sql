-- reads:    elt.compared_columns, elt.difference_query, elt.with_origin
-- used by:  elt views diff --rows, elt diff, elt load --dry-run
-- careful:  values are compared as they are stored, so that 1.0 and 1.00 differ, as they do in a file. The temporary
--           table elt_difference has what differs, until the transaction ends or the function is called again
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
    parts record := elt.compared_columns(before, after, key);
    pairs bigint := 0;
    is_unique boolean;
begin
    columns_added := parts.columns_added;
    columns_removed := parts.columns_removed;
    columns_retyped := parts.columns_retyped;
    key_problem := parts.key_problem;
    if to_regclass('pg_temp.elt_difference') is not null then
        drop table pg_temp.elt_difference;
    end if;
    execute format('select count(*) from %s', before) into rows_before;
    execute format('select count(*) from %s', after) into rows_after;
    if parts.own_content = 'row()::text' then
        key_problem := 'the relations have no column in common';
        rows_removed := rows_before;
        rows_added := rows_after;
        return;
    end if;

    if key is not null and key_problem is null then
        -- The rows with the same key are counted, because their number tells whether the key is unique. Counting with a
        -- sequence takes no second pass over the rows. Its limit ends the join if a key is far from unique.
        begin
            execute format(
                'create temporary sequence elt_pair minvalue 0 start 1 maxvalue %s',
                greatest(least(rows_before, rows_after), 1)
            );
            execute format(
                'create temporary table elt_difference on commit drop as
                select
                    case
                        when elt_own.elt_is_there is null then ''added''
                        when elt_theirs.elt_is_there is null then ''removed''
                        else ''changed''
                    end as elt_kind,
                    %1$s
                from (select true as elt_is_there, * from %2$s) as elt_own
                full join (select true as elt_is_there, * from %3$s) as elt_theirs on %4$s
                where
                    case
                        when elt_own.elt_is_there is null or elt_theirs.elt_is_there is null then true
                        when nextval(''pg_temp.elt_pair'') is null then false
                        else %5$s
                    end',
                parts.either_key, before, after, parts.key_matches,
                coalesce(
                    format('pg_catalog.record_image_ne(row(%s), row(%s))', parts.own_data, parts.their_data), 'false'
                )
            );
            execute 'select case when is_called then last_value else 0 end from pg_temp.elt_pair' into pairs;
            drop sequence pg_temp.elt_pair;
            execute format(
                'select
                    count(*) filter (where elt_kind = ''added''),
                    count(*) filter (where elt_kind = ''removed''),
                    count(*) filter (where elt_kind = ''changed''),
                    case when bool_or(not ((%1$s) is not null)) then ''it is null in some rows'' end
                from pg_temp.elt_difference',
                parts.key_list
            )
            into rows_added, rows_removed, rows_changed, key_problem;
            execute format(
                'select not exists (
                    select 1
                    from pg_temp.elt_difference
                    where elt_kind <> ''changed''
                    group by elt_kind, %s
                    having count(*) > 1
                )',
                parts.key_list
            )
            into is_unique;
            is_unique := is_unique and pairs = rows_before - rows_removed and pairs = rows_after - rows_added;
        exception
            when sequence_generator_limit_exceeded then
                is_unique := false;
        end;
        if not is_unique then
            execute format(
                'select
                    (select count(*) from (select from %2$s group by %1$s having count(*) > 1) as twice)
                    + (select count(*) from (select from %3$s group by %1$s having count(*) > 1) as twice)',
                parts.key_list, before, after
            ) into pairs;
            key_problem := format('%s of its values appear more than once', pairs);
        end if;
    end if;

    if key is not null and key_problem is null then
        compared_by := key;
    else
        if to_regclass('pg_temp.elt_difference') is not null then
            drop table pg_temp.elt_difference;
        end if;
        execute format(
            'create temporary table elt_difference on commit drop as
            select
                case when sum(elt_sides.elt_side) > 0 then ''added'' else ''removed'' end as elt_kind,
                elt_sides.elt_content,
                abs(sum(elt_sides.elt_side)) as elt_copies
            from (
                select %1$s as elt_content, -1 as elt_side from %2$s as elt_own
                union all
                select %3$s, 1 from %4$s as elt_theirs
            ) as elt_sides
            group by elt_sides.elt_content
            having sum(elt_sides.elt_side) <> 0',
            parts.own_content, before, parts.their_content, after
        );
        rows_changed := null;
        execute
            'select
                coalesce(sum(elt_copies) filter (where elt_kind = ''added''), 0),
                coalesce(sum(elt_copies) filter (where elt_kind = ''removed''), 0)
            from pg_temp.elt_difference'
        into rows_added, rows_removed;
    end if;

    execute format(
        'with seen as (%s)

        select
            coalesce(
                jsonb_agg(elt.with_origin(elt.exact_numbers(seen.theirs)) order by seen.place) filter (where seen.kind = ''added''), ''[]''
            ),
            coalesce(
                jsonb_agg(elt.with_origin(elt.exact_numbers(seen.own)) order by seen.place) filter (where seen.kind = ''removed''), ''[]''
            ),
            jsonb_agg(
                jsonb_build_object(
                    ''key'',
                    (
                        select jsonb_object_agg(part.name, seen.theirs -> part.name)
                        from unnest(%L::text[]) as part (name)
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
                ) || case
                    when elt.with_origin(seen.own) ? ''origin'' and elt.with_origin(seen.theirs) ? ''origin''
                        then jsonb_build_object(
                            ''origin'',
                            jsonb_build_object(
                                ''before'', elt.with_origin(seen.own) -> ''origin'',
                                ''after'', elt.with_origin(seen.theirs) -> ''origin''
                            )
                        )
                    else ''{}''
                end order by seen.place
            ) filter (where seen.kind = ''changed'')
        from seen',
        elt.difference_query(before, after, compared_by, sample_size), key
    ) into added, removed, changed;
    if compared_by is not null then
        changed := coalesce(changed, '[]');
    end if;
end
$$;

comment on function elt.compare_rows(regclass, regclass, text[], bigint) is
    'Compares the rows of two relations. Uses the key if it is unique and never null in both; otherwise compares whole rows by the columns that both have, and counts duplicates. Columns that begin with _ are not compared. The samples are objects; rows with _load_id and _row have their origin too. The sample of a changed row has its key, the old and new texts of each changed column, and both origins.';
