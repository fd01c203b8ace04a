-- reads:    elt.origin
-- used by:  elt.run_rules, elt check
create or replace function elt.with_origin(violation jsonb)
returns jsonb
language sql
stable
parallel restricted
set search_path = pg_catalog, pg_temp
as $$
    select case
        when jsonb_typeof(violation -> '_load_id') = 'number' and jsonb_typeof(violation -> '_row') = 'number'
            then violation || jsonb_build_object(
                'origin', elt.origin((violation ->> '_load_id')::bigint, (violation ->> '_row')::bigint)
            )
        else violation
    end
$$;

comment on function elt.with_origin(jsonb) is
    'A row as an object, with its file and line beside it, if it has _load_id and _row.';
