-- reads:    elt.compared_columns, temporary table elt_difference
-- used by:  elt.compare_rows, elt diff --out
-- careful:  elt.compare_rows must have compared the same relations with the same key in this transaction
create or replace function elt.difference_query(
    before regclass, after regclass, key text[], sample_size bigint
)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    parts record := elt.compared_columns(before, after, key);
begin
    if key is null then
        return format(
            'with elt_picked as (
                select *
                from (
                    select *, row_number() over (partition by elt_kind order by elt_content collate "C") as elt_place
                    from pg_temp.elt_difference
                ) as elt_numbered
                where elt_numbered.elt_place <= %1$L::bigint or %1$L is null
            ),

            -- Copies of a row are told apart by their numbers only.
            elt_copies as (
                select
                    elt_picked.elt_kind,
                    elt_picked.elt_content,
                    elt_picked.elt_copies,
                    to_jsonb(elt_own.*) as elt_own,
                    null::jsonb as elt_theirs,
                    row_number() over (partition by elt_picked.elt_content) as elt_copy
                from %2$s as elt_own
                inner join elt_picked on elt_picked.elt_kind = ''removed'' and %3$s = elt_picked.elt_content
                union all
                select
                    elt_picked.elt_kind,
                    elt_picked.elt_content,
                    elt_picked.elt_copies,
                    null::jsonb,
                    to_jsonb(elt_theirs.*),
                    row_number() over (partition by elt_picked.elt_content)
                from %4$s as elt_theirs
                inner join elt_picked on elt_picked.elt_kind = ''added'' and %5$s = elt_picked.elt_content
            ),

            elt_numbered as (
                select
                    elt_copies.elt_kind,
                    elt_copies.elt_own,
                    elt_copies.elt_theirs,
                    row_number() over (partition by elt_copies.elt_kind order by elt_copies.elt_content collate "C") as elt_place
                from elt_copies
                where elt_copies.elt_copy <= elt_copies.elt_copies
            )

            select elt_kind as kind, elt_place as place, elt_own as own, elt_theirs as theirs
            from elt_numbered
            where elt_place <= %1$L::bigint or %1$L is null',
            sample_size, before, parts.own_content, after, parts.their_content
        );
    end if;
    return format(
        'with elt_picked as (
            select *
            from (
                select *, row_number() over (partition by elt_kind order by %1$s) as elt_place
                from pg_temp.elt_difference
            ) as elt_numbered
            where elt_numbered.elt_place <= %2$L::bigint or %2$L is null
        )

        select
            elt_picked.elt_kind as kind,
            elt_picked.elt_place as place,
            to_jsonb(elt_own.*) as own,
            to_jsonb(elt_theirs.*) as theirs
        from elt_picked
        left join %3$s as elt_own on elt_picked.elt_kind <> ''added'' and %5$s
        left join %4$s as elt_theirs on elt_picked.elt_kind <> ''removed'' and %6$s',
        parts.key_list, sample_size, before, after,
        replace(parts.key_matches, 'elt_theirs.', 'elt_picked.'),
        replace(parts.key_matches, 'elt_own.', 'elt_picked.')
    );
end
$$;

comment on function elt.difference_query(regclass, regclass, text[], bigint) is
    'Returns a query for the rows that elt.compare_rows found: kind (added, removed or changed), place within the kind, and the row of each side as an object. key is null if whole rows were compared. At most sample_size rows of each kind; all if it is null.';
