-- reads:    elt.origin
-- used by:  elt.run_rules, elt check
-- careful:  in PL/pgSQL, a session plans it only once
create or replace function elt.with_origin(violation jsonb)
returns jsonb
language plpgsql
stable
parallel restricted
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(violation -> '_load_id') = 'number' and jsonb_typeof(violation -> '_row') = 'number' then
        return violation || jsonb_build_object(
            'origin', elt.origin((violation ->> '_load_id')::bigint, (violation ->> '_row')::bigint)
        );
    end if;
    return violation;
end
$$;

comment on function elt.with_origin(jsonb) is
    'Returns a row as an object. If the row has _load_id and _row, adds its file and line.';
