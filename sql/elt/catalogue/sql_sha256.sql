-- reads:    elt.current_view
-- used by:  elt.open_publish
create or replace function elt.sql_sha256()
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select encode(
        sha256(
            convert_to(
                coalesce(string_agg(name || ' ' || sha256, ' ' order by name collate "C"), ''), 'UTF8'
            )
        ),
        'hex'
    )
    from elt.current_view
$$;

comment on function elt.sql_sha256() is
    'Returns the fingerprint of everything in sql/: views, functions, rules and export queries.';
