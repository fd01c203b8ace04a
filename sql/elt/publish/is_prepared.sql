-- reads:    elt.prepared_part, elt.core_state
-- used by:  elt.refresh_sources
create or replace function elt.is_prepared(table_name text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (
            select
                count(*) = max(prepared_part.parts)
                and min(prepared_part.core_state) = max(prepared_part.core_state)
                and min(prepared_part.core_state) = elt.core_state(is_prepared.table_name)
            from elt.prepared_part
            where prepared_part.table_name = is_prepared.table_name
            -- Without parts, the state is not computed.
            having count(*) > 0
        ),
        false
    )
$$;

comment on function elt.is_prepared(text) is
    'Whether all parts of a core table are prepared for the loads that are live now, and nothing that they were made from has changed since.';
