-- reads:    elt.difference_query, elt.origin_range
-- used by:  elt diff --out
-- careful:  the values are those of JSON: an instant is written as 2026-11-30T17:30:00+00:00
create or replace function elt.difference_lines(
    before regclass, after regclass, key text[], relation text, key_columns text[], columns text[]
)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'select
            %1$L::text as relation,
            differing.kind,
            differing.place as number,
            %2$s
            listed.name as "column",
            listed.before,
            listed.after,
            differing.origin_before,
            differing.origin_after
        from (
            select
                found.kind,
                found.place,
                found.own,
                found.theirs,
                own_range.place || ((found.own ->> ''_row'')::bigint - own_range.row_offset) as origin_before,
                their_range.place || ((found.theirs ->> ''_row'')::bigint - their_range.row_offset) as origin_after
            from (%3$s) as found
            left join elt.origin_range as own_range
                on
                    (found.own ->> ''_load_id'')::bigint = own_range.load_id
                    and (found.own ->> ''_row'')::bigint > own_range.after_row
                    and (found.own ->> ''_row'')::bigint <= own_range.up_to_row
            left join elt.origin_range as their_range
                on
                    (found.theirs ->> ''_load_id'')::bigint = their_range.load_id
                    and (found.theirs ->> ''_row'')::bigint > their_range.after_row
                    and (found.theirs ->> ''_row'')::bigint <= their_range.up_to_row
            order by found.kind, found.place
        ) as differing
        left join lateral (
            select
                part.name,
                differing.own ->> part.name as before,
                differing.theirs ->> part.name as after
            from unnest(%4$L::text[]) with ordinality as part (name, place)
            where
                part.name <> all(%5$L::text[])
                and (
                    differing.kind <> ''changed''
                    or (differing.own ->> part.name) is distinct from (differing.theirs ->> part.name)
                )
            order by part.place
        ) as listed on true',
        relation,
        (
            select string_agg(
                case
                    when named.name = any(key)
                        then format('coalesce(differing.theirs, differing.own) ->> %1$L as %1$I,', named.name)
                    else format('null::text as %I,', named.name)
                end,
                ' '
                order by named.place
            )
            from unnest(key_columns) with ordinality as named (name, place)
        ),
        elt.difference_query(before, after, key, null),
        columns,
        coalesce(key, '{}')
    )
$$;

comment on function elt.difference_lines(regclass, regclass, text[], text, text[], text[]) is
    'Returns a query with a line for each value that elt.compare_rows found to differ, for a file: the relation, the kind and number of the row, the columns of the key, the column, both values and both origins. key_columns has the keys of all relations of the file, and columns the columns to compare.';
