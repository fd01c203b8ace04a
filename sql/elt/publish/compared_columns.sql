-- reads:    PostgreSQL's catalogue
-- used by:  elt.compare_rows, elt.difference_query
-- careful:  the lists are for statements that call one side "elt_own" and the other "elt_theirs". Columns that begin with _ only
--           tell where a row came from and are not compared, unless there are no others
create or replace function elt.compared_columns(
    before regclass,
    after regclass,
    key text[],
    out columns_added text[],
    out columns_removed text[],
    out columns_retyped text[],
    out key_problem text,
    out key_list text,
    out key_matches text,
    out either_key text,
    out own_data text,
    out their_data text,
    out own_content text,
    out their_content text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
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
            coalesce(columns.name = any(compared_columns.key), false) as is_key,
            columns.name like '\_%' and exists (
                select 1
                from columns as other
                where
                    other.name not like '\_%'
                    and other.before_place is not null
                    and other.after_place is not null
            ) as is_origin,
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
        (
            select string_agg(format('"%s"', part.name), ', ') || ' is not in both, or is of another type'
            from unnest(compared_columns.key) as part (name)
            where part.name <> all(
                coalesce(array_agg(known.name) filter (where known.before_type = known.after_type), '{}')
            )
        ),
        string_agg(known.quoted, ', ' order by array_position(compared_columns.key, known.name))
            filter (where known.is_key and known.is_in_both),
        string_agg(format('elt_own.%1$s = elt_theirs.%1$s', known.quoted), ' and ')
            filter (where known.is_key and known.is_in_both),
        string_agg(
            format('coalesce(elt_own.%1$s, elt_theirs.%1$s) as %1$s', known.quoted),
            ', ' order by array_position(compared_columns.key, known.name)
        ) filter (where known.is_key and known.is_in_both),
        string_agg(format('elt_own.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and not known.is_origin),
        string_agg(format('elt_theirs.%s%s', known.quoted, known.compared_as), ', ' order by known.after_place)
            filter (where known.is_in_both and not known.is_key and not known.is_origin),
        format(
            'row(%s)::text',
            string_agg(format('elt_own.%s', known.quoted), ', ' order by known.after_place)
                filter (where known.is_in_both and not known.is_origin)
        ),
        format(
            'row(%s)::text',
            string_agg(format('elt_theirs.%s', known.quoted), ', ' order by known.after_place)
                filter (where known.is_in_both and not known.is_origin)
        )
    from known
$$;

comment on function elt.compared_columns(regclass, regclass, text[]) is
    'Returns the columns by which two relations are compared, as lists for statements, the columns that only one has or that have different types, and why the key cannot be used. own_content and their_content are texts of whole rows.';
