-- reads:    PostgreSQL's catalogue
-- used by:  elt migrate, before it replaces or drops a view
-- careful:  `create or replace view` keeps owner and grants but drops options; a new view has neither
create or replace function elt.view_attributes(view regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
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
    select format(
        'alter view %s alter column %I set default %s',
        view,
        pg_attribute.attname,
        pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid)
    )
    from pg_catalog.pg_attrdef
    inner join pg_catalog.pg_attribute
        on pg_attrdef.adrelid = pg_attribute.attrelid and pg_attrdef.adnum = pg_attribute.attnum
    where pg_attrdef.adrelid = view
    union all
    -- Others' triggers and rules would go with the view, without a word.
    select regexp_replace(pg_get_triggerdef(pg_trigger.oid), '^CREATE TRIGGER', 'create or replace trigger')
    from pg_catalog.pg_trigger
    where pg_trigger.tgrelid = view and not pg_trigger.tgisinternal
    union all
    select regexp_replace(pg_get_ruledef(pg_rewrite.oid), '^CREATE RULE', 'create or replace rule')
    from pg_catalog.pg_rewrite
    where pg_rewrite.ev_class = view and pg_rewrite.rulename <> '_RETURN'
    union all
    -- Last, since only the owner may do the rest.
    select format('alter view %s owner to %s', view, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.relowner::regrole::text <> quote_ident(current_user)
$$;

comment on function elt.view_attributes(regclass) is
    'Statements that give a view its options, grants, defaults, triggers, rules and owner back after it was made anew.';
