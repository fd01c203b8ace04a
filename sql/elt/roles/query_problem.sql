-- grain:    one row per reason why queries of users must not run
-- reads:    PostgreSQL's catalogue, elt.own_relation, elt.role_right
-- used by:  elt serve, for the page /sql
-- careful:  a right of public is a right of elt_query too. In schema public, it may read everything of the project
create or replace view elt.query_problem as
with query_role as (
    select
        pg_roles.oid,
        pg_roles.rolcanlogin,
        pg_roles.rolsuper
        or pg_roles.rolcreaterole
        or pg_roles.rolcreatedb
        or pg_roles.rolreplication
        or pg_roles.rolbypassrls as has_attributes
    from pg_catalog.pg_roles
    where pg_roles.rolname = 'elt_query'
),

allowed as (
    select
        role_right.schema_name,
        unnest(role_right.only_names) as relation_name
    from elt.role_right
    where role_right.role_name = 'elt_query' and role_right.privilege = 'select'
),

-- What the role may do with each relation, whoever it was granted to.
relation as (
    select
        own_relation.name,
        own_relation.schema_name = 'public' or allowed.relation_name is not null as may_read,
        has_any_column_privilege(query_role.oid, own_relation.relation_id::oid, 'select') as can_read,
        has_any_column_privilege(query_role.oid, own_relation.relation_id::oid, 'insert, update')
        or has_table_privilege(query_role.oid, own_relation.relation_id::oid, 'delete, truncate') as can_write
    from elt.own_relation
    cross join query_role
    left join allowed
        on own_relation.schema_name = allowed.schema_name and own_relation.relation_name = allowed.relation_name
    where own_relation.kind in ('table', 'view')
),

problems as (
    select
        'Role elt_query does not exist. An administrator creates it with elt grants --yes, and gives it a password.'
            as problem,
        1 as rank
    where to_regrole('elt_query') is null
    union all
    select
        'Role elt_query may not log in: alter role elt_query login.' as problem,
        2 as rank
    from query_role
    where not query_role.rolcanlogin
    union all
    select
        'Role elt_query has an attribute such as superuser or createrole, which it must not have.' as problem,
        3 as rank
    from query_role
    where query_role.has_attributes
    union all
    select
        format('Role elt_query is a member of %s: queries would have the rights of that role.', granted.rolname)
            as problem,
        4 as rank
    from query_role
    inner join pg_catalog.pg_auth_members on query_role.oid = pg_auth_members.member
    inner join pg_catalog.pg_roles as granted on pg_auth_members.roleid = granted.oid
    union all
    select
        format('Role elt_query may read %s.', relation.name) as problem,
        5 as rank
    from relation
    where relation.can_read and not relation.may_read
    union all
    select
        format('Role elt_query may write %s.', relation.name) as problem,
        6 as rank
    from relation
    where relation.can_write
)

select
    problems.problem,
    row_number() over (order by problems.rank, problems.problem) as place
from problems;

comment on view elt.query_problem is
    'Reasons why the page /sql is off: role elt_query is missing, or has rights that queries of users must not have.';
comment on column elt.query_problem.problem is 'The reason, a sentence.';
comment on column elt.query_problem.place is 'Order in which they are shown.';
