-- reads:    elt.relation, elt.relation_column
-- used by:  elt.chart_problem, the trigger elt.check_chart
-- careful:  it looks only at what the current role may read
create or replace function elt.chart_problems(checked elt.chart)
returns table (place bigint, column_name text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with given (place, column_name, relation, drawn_column, is_number) as (
        values
        (1, 'label_column', checked.relation, checked.label_column, false),
        (2, 'value_column', checked.relation, checked.value_column, true),
        (3, 'part_column', checked.relation, checked.part_column, true),
        (4, 'rate_column', checked.relation, checked.rate_column, true),
        (5, 'rows_column', checked.rows_relation, checked.rows_column, false)
    ),

    known as (
        select
            given.place,
            given.column_name,
            given.relation,
            given.drawn_column,
            given.is_number,
            relation.relation_id,
            relation_column.category,
            relation_column.type_name
        from given
        left join elt.relation
            on
                split_part(given.relation, '.', 1) = relation.schema_name
                and split_part(given.relation, '.', 2) = relation.relation_name
        left join elt.relation_column
            on relation.relation_id = relation_column.relation_id and given.drawn_column = relation_column.column_name
        where given.drawn_column is not null
    )

    select
        0::bigint as place,
        case when known.column_name = 'rows_column' then 'rows_relation' else 'relation' end as column_name,
        format(
            'There is no table or view %s, or the web application must not read it. Correct the name, or create the view with elt migrate.',
            known.relation
        ) as problem
    from known
    where known.relation_id is null and known.column_name in ('label_column', 'rows_column')
    union all
    select
        known.place::bigint,
        known.column_name,
        case
            when known.category is not null
                then format(
                    'Column %s of %s has type %s. Name a column with numbers.',
                    known.drawn_column, known.relation, known.type_name
                )
            else format(
                'There is no column %s in %s. It has %s.',
                known.drawn_column,
                known.relation,
                (
                    select string_agg(relation_column.column_name, ', ' order by relation_column.place)
                    from elt.relation_column
                    where relation_column.relation_id = known.relation_id
                )
            )
        end as problem
    from known
    where
        known.relation_id is not null
        and (known.category is null or (known.is_number and known.category <> 'number'))
$$;

comment on function elt.chart_problems(elt.chart) is
    'Why a chart cannot be drawn: the column of elt.chart that is wrong, and a sentence. No row if its view and columns exist.';
