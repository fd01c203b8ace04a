-- grain:    one row per thing that the current role may or may not do, and per right that is wrong
-- reads:    PostgreSQL's catalogue, elt.grant_statement, elt.own_relation, elt.role_right, elt.role_statement, elt.web_column
-- used by:  elt.finding
create or replace view elt.right_finding as
with abilities as (
    select
        pg_has_role(pg_namespace.nspowner, 'member')
        and not exists (
            select 1
            from elt.own_relation
            where
                not pg_has_role(own_relation.owner_name, 'member')
                -- elt_migrate cannot change objects that one of its members owns.
                or (
                    pg_namespace.nspowner = to_regrole('elt_migrate')::oid
                    and own_relation.owner_name <> 'elt_migrate'
                )
        ) as migrates,
        has_function_privilege('elt.publish_loads(bigint[], text, text)', 'execute')
        and has_function_privilege('elt.open_staging(bigint, bigint)', 'execute') as loads,
        has_function_privilege('elt.claim_jobs(bigint, text[], bigint, interval)', 'execute') as works,
        has_function_privilege('elt.session_account(bytea)', 'execute') as serves,
        has_table_privilege('elt.source_status', 'select') as reads
    from pg_catalog.pg_namespace
    where pg_namespace.nspname = 'elt'
),

ability (rank, name, commands, holds) as (
    select
        listed.rank,
        listed.name,
        listed.commands,
        listed.holds
    from abilities
    cross join lateral (
        values
        (1, 'elt_migrate', 'migrate, user, token, purge', abilities.migrates),
        (2, 'elt_load', 'load, run, check, rejects, rollback, gc', abilities.loads),
        (3, 'elt_read', 'status, loads, views, export', abilities.reads),
        (4, 'elt_worker', 'worker, jobs', abilities.works),
        (5, 'elt_web', 'serve', abilities.serves)
    ) as listed (rank, name, commands, holds)
),

-- Only for existing roles, in a database whose schemas elt_migrate owns. A private database needs none.
lacking as (
    select
        grant_statement.role_name,
        count(*) as statement_count,
        bool_and(grant_statement.part = 'right') as is_owners
    from elt.grant_statement
    where
        not grant_statement.is_done
        and to_regrole(grant_statement.role_name) is not null
        and grant_statement.statement not like 'revoke %'
        -- The statement depends on the current user.
        and grant_statement.statement not like '% to current_user'
        and (
            grant_statement.part = 'right'
            or exists (
                select 1
                from pg_catalog.pg_namespace
                where pg_namespace.nspname = 'elt' and pg_namespace.nspowner = to_regrole('elt_migrate')::oid
            )
        )
    group by grant_statement.role_name
),

-- Granted to elt_read or to public, but not by elt.role_right.
too_much as (
    select distinct
        own_relation.name,
        case granted.grantee when 0 then 'public' else 'elt_read' end as grantee_name
    from elt.own_relation
    inner join pg_catalog.pg_class on own_relation.relation_id = pg_class.oid
    inner join pg_catalog.pg_attribute on pg_class.oid = pg_attribute.attrelid
    cross join lateral aclexplode(pg_class.relacl || pg_attribute.attacl) as granted
    where
        granted.grantee in (0, to_regrole('elt_read')::oid)
        and granted.privilege_type = 'SELECT'
        and to_regrole('elt_read') is not null
        and own_relation.schema_name <> 'public'
        and not exists (
            select 1
            from elt.role_right
            where
                role_right.role_name = 'elt_read'
                and role_right.privilege = 'select'
                and own_relation.schema_name = role_right.schema_name
                and own_relation.relation_name = any(role_right.only_names)
        )
)

select
    'right' as area,
    format('role %s', current_user) as what,
    'ok' as level,
    concat_ws(
        '; ',
        'may ' || string_agg(ability.commands, ', ' order by ability.rank) filter (where ability.holds),
        'may not '
        || string_agg(
            format('%s (%s)', ability.commands, ability.name), ', ' order by ability.rank
        ) filter (where not ability.holds)
    ) as why,
    null as statement,
    null::text[] as command
from ability
union all
-- Roles that do not exist are no problem, because a private server needs none.
select
    'right' as area,
    format('role %s lacks rights', lacking.role_name) as what,
    'problem' as level,
    format('It cannot do its work. Missing statements: %s.', lacking.statement_count) as why,
    case when lacking.is_owners then 'select elt.grant_roles()' else 'elt grants --yes' end as statement,
    case when not lacking.is_owners then array['grants', '--yes'] end as command
from lacking
union all
select
    'right' as area,
    'role elt_web may write more than pages do' as what,
    'problem' as level,
    format('Not allowed by elt.admin_table: %s.', string_agg(distinct web_column.name, ', ' order by web_column.name)) as why,
    'select elt.grant_roles()' as statement,
    null::text[] as command
from elt.web_column
where web_column.has_too_much
having count(*) > 0
union all
select
    'right' as area,
    format('role elt_read may read %s', too_much.name) as what,
    'problem' as level,
    'It may contain personal data. elt_read must see only marts, and no data that they are computed from.' as why,
    format('revoke all on %s from %s', too_much.name, too_much.grantee_name) as statement,
    null::text[] as command
from too_much
union all
select
    'right' as area,
    format('role elt_read is a member of %s', pg_auth_members.roleid::regrole) as what,
    'problem' as level,
    'It inherits the rights of that role, but must see only marts.' as why,
    format('revoke %s from elt_read', pg_auth_members.roleid::regrole) as statement,
    null::text[] as command
from pg_catalog.pg_auth_members
where
    pg_auth_members.member = to_regrole('elt_read')::oid
    and pg_auth_members.roleid in (select to_regrole(role_statement.role_name)::oid from elt.role_statement)
union all
select
    'right' as area,
    'all roles may create objects in schema public' as what,
    'advice' as level,
    'Any role that may connect can create a table or a function there that hides another one.' as why,
    'revoke create on schema public from public' as statement,
    null::text[] as command
from pg_catalog.pg_namespace
cross join lateral aclexplode(pg_namespace.nspacl) as granted
where
    pg_namespace.nspname = 'public'
    and granted.grantee = 0
    and granted.privilege_type = 'CREATE';

comment on view elt.right_finding is
    'Rights of the current role, and rights of elt''s roles that are missing or too many.';
comment on column elt.right_finding.area is 'right.';
comment on column elt.right_finding.what is 'What was checked.';
comment on column elt.right_finding.level is 'ok, advice or problem.';
comment on column elt.right_finding.why is 'What the role may do, or why it matters.';
comment on column elt.right_finding.statement is 'The statement that fixes it. Null if there is nothing to do.';
comment on column elt.right_finding.command is 'Arguments of the elt command, if one fixes it.';
