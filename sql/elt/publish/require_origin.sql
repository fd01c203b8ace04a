-- reads:    nothing of its own
-- used by:  elt.merge_rows, elt.append_rows, elt.bring_core
create or replace function elt.require_origin(rows regclass, core_query regclass, load_id bigint)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    is_of_another boolean;
begin
    execute format('select exists (select 1 from %s where _load_id is distinct from $1 limit 1)', rows)
    into is_of_another
    using load_id;
    if is_of_another then
        raise exception 'core query "%" has rows whose _load_id is not that of load %', core_query, load_id
            using
                errcode = 'invalid_parameter_value',
                hint = 'Let the core query select staged._load_id. elt rollback needs it to find the rows of a load.';
    end if;
end
$$;

comment on function elt.require_origin(regclass, regclass, bigint) is
    'Raises an error if the _load_id of a row is not that of the load.';
