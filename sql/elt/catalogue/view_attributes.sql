-- reads:    PostgreSQL's catalogue, elt.view_version
-- used by:  elt migrate, before it replaces or drops a view
-- careful:  `create or replace view` keeps owner and grants but drops options. A new view has none of them
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
    -- Triggers and rules that users created would be dropped with the view, without a message.
    select regexp_replace(pg_get_triggerdef(pg_trigger.oid), '^CREATE TRIGGER', 'create or replace trigger')
    from pg_catalog.pg_trigger
    where pg_trigger.tgrelid = view and not pg_trigger.tgisinternal
    union all
    select regexp_replace(pg_get_ruledef(pg_rewrite.oid), '^CREATE RULE', 'create or replace rule')
    from pg_catalog.pg_rewrite
    where pg_rewrite.ev_class = view and pg_rewrite.rulename <> '_RETURN'
    union all
    select format(
        'comment on %s %I on %s is %L',
        case pg_description.classoid when 'pg_catalog.pg_trigger'::regclass then 'trigger' else 'rule' end,
        coalesce(pg_trigger.tgname, pg_rewrite.rulename),
        view,
        pg_description.description
    )
    from pg_catalog.pg_description
    left join pg_catalog.pg_trigger
        on pg_description.classoid = 'pg_catalog.pg_trigger'::regclass and pg_description.objoid = pg_trigger.oid
    left join pg_catalog.pg_rewrite
        on pg_description.classoid = 'pg_catalog.pg_rewrite'::regclass and pg_description.objoid = pg_rewrite.oid
    where pg_trigger.tgrelid = view or (pg_rewrite.ev_class = view and pg_rewrite.rulename <> '_RETURN')
    union all
    -- Comments that users wrote on columns, unless some version of the view's file has a comment on the column.
    select format(
        'do %L',
        format(
            'begin if exists (select 1 from pg_catalog.pg_attribute where attrelid = %L::regclass and attname = %L '
            'and not attisdropped and pg_catalog.col_description(attrelid, attnum) is null) '
            'then comment on column %s.%I is %L; end if; end',
            view,
            pg_attribute.attname,
            view,
            pg_attribute.attname,
            col_description(view, pg_attribute.attnum)
        )
    )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = view
        and not pg_attribute.attisdropped
        and col_description(view, pg_attribute.attnum) is not null
        and not exists (
            select 1
            from elt.view_version
            where
                view_version.name = view::text
                and position(
                    format('comment on column %s.%I is', view, pg_attribute.attname) in view_version.definition
                ) > 0
        )
    union all
    -- Last, because only the owner may run the other statements.
    select format('alter view %s owner to %s', view, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = view and pg_class.relowner::regrole::text <> quote_ident(current_user)
$$;

comment on function elt.view_attributes(regclass) is
    'Returns the statements that restore the options, grants, defaults, triggers, rules, comments and owner of a view after it was created again.';
