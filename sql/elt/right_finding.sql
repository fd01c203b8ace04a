-- grain:    one row per thing that the role that asks may or may not do, and per right that is wrong
-- reads:    PostgreSQL's catalogue, elt.grant_statement, elt.own_relation
-- used by:  elt.finding
create or replace view elt.right_finding as
with abilities as (
    select
        pg_has_role(pg_namespace.nspowner, 'usage') as migrates,
        has_function_privilege('elt.publish_loads(bigint[], text, text)', 'execute')
        and has_function_privilege('elt.open_staging(bigint)', 'execute') as loads,
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
    null as statement
from ability
union all
-- Roles that were never made are nobody's loss: a server of one's own needs none.
select
    'right' as area,
    format('role %s lacks rights', grant_statement.role_name) as what,
    'problem' as level,
    format('It cannot do what it is for. Statements that are missing: %s.', count(*)) as why,
    'select elt.grant_roles()' as statement
from elt.grant_statement
where
    grant_statement.part = 'right'
    and not grant_statement.is_done
    and to_regrole(grant_statement.role_name) is not null
group by grant_statement.role_name
union all
select
    'right' as area,
    format('role elt_read may read %s', own_relation.name) as what,
    'problem' as level,
    'What stands there may be personal: who reads is to see marts, and nothing from before them.' as why,
    format('revoke all on %s from elt_read', own_relation.name) as statement
from elt.own_relation
where
    (
        own_relation.schema_name = 'staging'
        or own_relation.name in (
            'elt.reject', 'elt.earlier_row', 'elt.account', 'elt.session', 'elt.api_token', 'elt.sign_in'
        )
    )
    and own_relation.kind = 'table'
    and coalesce(has_table_privilege(to_regrole('elt_read')::oid, own_relation.relation_id::oid, 'select'), false)
union all
select
    'right' as area,
    'everybody may create in schema public' as what,
    'advice' as level,
    'Anybody who may connect can put a table or a function in the way of others there.' as why,
    'revoke create on schema public from public' as statement
from pg_catalog.pg_namespace
cross join lateral aclexplode(pg_namespace.nspacl) as granted
where
    pg_namespace.nspname = 'public'
    and granted.grantee = 0
    and granted.privilege_type = 'CREATE';

comment on view elt.right_finding is
    'What the role that asks may do, and rights of roles that are missing or too many.';
comment on column elt.right_finding.area is 'right.';
comment on column elt.right_finding.what is 'What was looked at.';
comment on column elt.right_finding.level is 'ok, advice or problem.';
comment on column elt.right_finding.why is 'What it may do, or why it matters.';
comment on column elt.right_finding.statement is 'The statement that mends it; null where nothing is to be done.';
