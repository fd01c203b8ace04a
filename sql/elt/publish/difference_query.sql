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
            'with picked as (
                select *
                from (
                    select *, row_number() over (partition by kind order by content collate "C") as place
                    from pg_temp.elt_difference
                ) as numbered
                where numbered.place <= %1$L::bigint or %1$L is null
            ),

            -- Copies of a row are told apart by their numbers only.
            copies as (
                select
                    picked.kind,
                    picked.content,
                    picked.copies,
                    to_jsonb(own) as own,
                    null::jsonb as theirs,
                    row_number() over (partition by picked.content) as copy
                from %2$s as own
                inner join picked on picked.kind = ''removed'' and %3$s = picked.content
                union all
                select
                    picked.kind,
                    picked.content,
                    picked.copies,
                    null::jsonb,
                    to_jsonb(theirs),
                    row_number() over (partition by picked.content)
                from %4$s as theirs
                inner join picked on picked.kind = ''added'' and %5$s = picked.content
            ),

            numbered as (
                select
                    copies.kind,
                    copies.own,
                    copies.theirs,
                    row_number() over (partition by copies.kind order by copies.content collate "C") as place
                from copies
                where copies.copy <= copies.copies
            )

            select kind, place, own, theirs
            from numbered
            where place <= %1$L::bigint or %1$L is null',
            sample_size, before, parts.own_content, after, parts.their_content
        );
    end if;
    return format(
        'with picked as (
            select *
            from (
                select *, row_number() over (partition by kind order by %1$s) as place
                from pg_temp.elt_difference
            ) as numbered
            where numbered.place <= %2$L::bigint or %2$L is null
        )

        select picked.kind, picked.place, to_jsonb(own) as own, to_jsonb(theirs) as theirs
        from picked
        left join %3$s as own on picked.kind <> ''added'' and %5$s
        left join %4$s as theirs on picked.kind <> ''removed'' and %6$s',
        parts.key_list, sample_size, before, after,
        replace(parts.key_matches, 'theirs.', 'picked.'),
        replace(parts.key_matches, 'own.', 'picked.')
    );
end
$$;

comment on function elt.difference_query(regclass, regclass, text[], bigint) is
    'Returns a query for the rows that elt.compare_rows found: kind (added, removed or changed), place within the kind, and the row of each side as an object. key is null if whole rows were compared. At most sample_size rows of each kind; all if it is null.';
