-- reads:    elt.core_columns, elt.first_key_column, temporary table elt_incoming
-- used by:  elt.merge_batch
-- careful:  each load is a step. A row that repeats what the step before said is no change. The rows that a later step
--           replaces are kept in elt.earlier_row, so that each load can be undone
create or replace function elt.merge_steps(
    target regclass,
    core_query regclass,
    table_name text,
    out rows_inserted bigint,
    out rows_updated bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Dates are kept as text in a format that does not depend on the session.
set datestyle = iso
set intervalstyle = postgres
set jit = off
as $$
declare
    parts record := elt.core_columns(target, core_query);
    repeated_load_id bigint;
    steps text := 'pg_temp.elt_step';
begin
    analyze pg_temp.elt_incoming;
    execute format(
        'create temporary table elt_step on commit drop as
        with numbered as (
            select
                incoming.*,
                lag(incoming._load_id) over steps as _previous_load_id,
                lag(row(%1$s)) over steps is distinct from row(%1$s) as _differs
            from pg_temp.elt_incoming as incoming
            window steps as (partition by %2$s order by incoming._load_id)
        ),

        changes as (
            select
                incoming.*,
                have.%3$s is not null as _is_known,
                incoming._previous_load_id = incoming._load_id as _is_repeated
            from numbered as incoming
            left join %4$s as have on %5$s
            where
                incoming._previous_load_id = incoming._load_id
                or case
                    when incoming._previous_load_id is not null then incoming._differs
                    when have.%3$s is null then true
                    else row(%6$s) is distinct from row(%1$s)
                end
        )

        select
            changes.*,
            row_number() over steps as _change_number,
            lead(changes._load_id) over steps as _next_load_id
        from changes
        window steps as (partition by %2$s order by changes._load_id)',
        coalesce(parts.incoming_data, '1'),
        parts.key_list,
        elt.first_key_column(target),
        target,
        parts.key_matches,
        coalesce(parts.have_data, '1')
    );
    execute format('select min(_load_id) from %s where _is_repeated', steps) into repeated_load_id;
    if repeated_load_id is not null then
        raise exception 'core query "%" returns several rows with the same key for load %', core_query, repeated_load_id
            using
                errcode = 'cardinality_violation',
                hint = 'Let the core query keep one row per key, for example with distinct on.';
    end if;

    execute format(
        'insert into elt.earlier_row (load_id, table_name, earlier)
        select incoming._load_id, $1, %s
        from pg_temp.elt_step as incoming
        inner join %s as have on %s
        where incoming._change_number = 1 and incoming._is_known
        union all
        select have._next_load_id, $1, %1$s
        from pg_temp.elt_step as have
        where have._next_load_id is not null',
        parts.image, target, parts.key_matches
    )
    using table_name;
    execute format(
        'insert into %s as have (%2$s)
        select %2$s
        from pg_temp.elt_step
        where _next_load_id is null
        on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        coalesce('do update set ' || parts.updates, 'do nothing')
    );
    execute format(
        'select
            count(*) filter (where _change_number = 1 and not _is_known),
            count(*) filter (where _change_number > 1 or _is_known)
        from %s',
        steps
    )
    into rows_inserted, rows_updated;
    execute format('drop table %s', steps);
end
$$;

comment on function elt.merge_steps(regclass, regclass, text) is
    'Merges the rows of several loads, which are in the temporary table elt_incoming, into a table with a primary key, as if one load after the other were merged. Returns the number of rows inserted and updated.';
