-- reads:    elt.load, elt.load_column
-- used by:  elt load
create or replace function elt.describe_columns(
    load_id bigint,
    column_names text[],
    has_null boolean[],
    has_edge_space boolean[],
    is_integer boolean[],
    is_date boolean[],
    is_lowercase boolean[],
    is_uppercase boolean[],
    is_empty boolean[]
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.load_column (
        load_id, column_name, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    )
    select
        load.load_id,
        seen.column_name,
        seen.has_null or coalesce(replayed.has_null, load.replayed_load_id is not null),
        seen.has_edge_space or coalesce(replayed.has_edge_space, load.replayed_load_id is not null),
        seen.is_integer and coalesce(replayed.is_integer, load.replayed_load_id is null),
        seen.is_date and coalesce(replayed.is_date, load.replayed_load_id is null),
        seen.is_lowercase and coalesce(replayed.is_lowercase, load.replayed_load_id is null),
        seen.is_uppercase and coalesce(replayed.is_uppercase, load.replayed_load_id is null),
        seen.is_empty and coalesce(replayed.is_empty, load.replayed_load_id is null)
    from elt.load
    cross join unnest(
        column_names, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    ) as seen (
        column_name, has_null, has_edge_space, is_integer, is_date, is_lowercase, is_uppercase, is_empty
    )
    left join elt.load_column as replayed
        on
            load.replayed_load_id = replayed.load_id
            and seen.column_name = replayed.column_name
    where load.load_id = describe_columns.load_id
$$;

comment on function elt.describe_columns(
    bigint, text[], boolean[], boolean[], boolean[], boolean[], boolean[], boolean[], boolean[]
) is
    'Records the properties of the columns of a load. For a replayed load, combines them with those of the rows that the corrected records are added to.';
