-- A schema that elt needs but may not take: it has an object besides the ledgers, or an owner of whose role the
-- caller is not a member. The description is null if it is empty.
select
    pg_namespace.nspname::text as name,
    pg_get_userbyid(pg_namespace.nspowner)::text as owner_name,
    object.description
from pg_catalog.pg_namespace
left join lateral (
    select pg_describe_object(pg_depend.classid, pg_depend.objid, 0) as description
    from pg_catalog.pg_depend
    where
        pg_depend.refclassid = 'pg_namespace'::regclass
        and pg_depend.refobjid = pg_namespace.oid
        and pg_depend.deptype = 'n'
        and pg_depend.objid is distinct from to_regclass('elt.engine_migration')
        and pg_depend.objid is distinct from to_regclass('elt.project_migration')
    order by description
    limit 1
) as object on true
where
    pg_namespace.nspname in ('staging', 'core', 'quality', 'elt')
    and (object.description is not null or not pg_has_role(pg_namespace.nspowner, 'member'))
order by object.description is null, pg_namespace.nspname
limit 1;
