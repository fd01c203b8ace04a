-- reads:    PostgreSQL's catalogue
-- used by:  elt migrate, before it replaces or drops a view
-- careful:  `create or replace view` keeps owner and grants but drops options; a new view has neither
create or replace function elt.view_attributes(view regclass)
returns setof text
language sql
stable
set search_path = ''
as $$
    select format('alter view %s set (%s)', view, array_to_string(pg_class.reloptions, ', '))
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.reloptions is not null
    union all
    select format(
        'grant %s on %s to %s%s',
        granted.privilege_type,
        view,
        case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
        case when granted.is_grantable then ' with grant option' else '' end
    )
    from pg_catalog.pg_class
    cross join lateral aclexplode(pg_class.relacl) as granted
    where pg_class.oid = view and granted.grantee <> pg_class.relowner
    union all
    select format(
        'grant %s (%I) on %s to %s%s',
        granted.privilege_type,
        pg_attribute.attname,
        view,
        case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
        case when granted.is_grantable then ' with grant option' else '' end
    )
    from pg_catalog.pg_attribute
    cross join lateral aclexplode(pg_attribute.attacl) as granted
    where pg_attribute.attrelid = view and not pg_attribute.attisdropped
    union all
    -- Last, since only the owner may do the rest.
    select format('alter view %s owner to %s', view, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.relowner::regrole::text <> quote_ident(current_user)
$$;

comment on function elt.view_attributes(regclass) is
    'Statements that give a view its options, grants and owner back after it was made anew.';
