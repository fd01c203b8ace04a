-- reads:    elt.current_view
-- used by:  elt.open_publish
create or replace function elt.core_sha256()
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select encode(
        sha256(
            convert_to(
                coalesce(string_agg(name || ' ' || sha256, ' ' order by name), ''),
                'UTF8'
            )
        ),
        'hex'
    )
    from elt.current_view
    where layer = 'core' or name like 'elt.%\_value'
$$;

comment on function elt.core_sha256() is
    'Returns the fingerprint of everything that determines how a load is read into core: the core queries and the functions elt...._value.';
