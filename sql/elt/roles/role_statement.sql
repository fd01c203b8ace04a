-- grain:    one row per statement that creates the roles or lets them connect to the database
-- reads:    PostgreSQL's catalogue
-- used by:  elt.grant_statement; elt grants, even if schema elt does not exist
-- careful:  reads only the catalogue, so that it runs before anything else exists. The first rows need a role with
--           createrole, the others the owner of the database
create or replace view elt.role_statement as
with roles (rank, role_name, options, purpose) as (
    values
    (1, 'elt_migrate', 'nologin', 'owns the schemas of elt: elt migrate, user, token, purge, grants'),
    (2, 'elt_load', 'nologin', 'loads and publishes: elt load, run, export, check, rejects, diff, rollback, gc'),
    (3, 'elt_read', 'nologin', 'reads schema public: elt export, status, loads, views'),
    (4, 'elt_web', 'nologin', 'reads and writes for pages: elt serve --no-worker'),
    (5, 'elt_worker', 'nologin', 'runs jobs: elt worker, jobs; member of elt_load, because jobs load'),
    (6, 'elt_query', 'login connection limit 20', 'runs queries of users: page /sql of elt serve')
),

-- Each session of elt serve sets narrower limits.
query_setting (name, value) as (
    values
    ('default_transaction_read_only', 'on'),
    ('statement_timeout', '1min'),
    ('idle_in_transaction_session_timeout', '1min'),
    ('lock_timeout', '2s'),
    ('temp_file_limit', '1GB')
),

known as (
    select
        roles.rank,
        roles.role_name,
        roles.options,
        roles.purpose,
        to_regrole(roles.role_name)::oid as oid
    from roles
),

this as (
    select
        pg_database.oid,
        quote_ident(pg_database.datname) as name
    from pg_catalog.pg_database
    where pg_database.datname = current_database()
),

statements as (
    select
        1 as step,
        known.rank,
        known.role_name,
        format(
            'do $do$ begin if to_regrole(%1$L) is null then create role %1$I %2$s; comment on role %1$I is %3$L; end if; end $do$',
            known.role_name, known.options, known.purpose
        ) as statement,
        known.oid is not null as is_done
    from known
    union all
    select
        2 as step,
        known.rank,
        known.role_name,
        'grant elt_migrate to current_user' as statement,
        coalesce(pg_has_role(known.oid, 'usage'), false)
        -- From PostgreSQL 16 on, a member may not be allowed to set the role.
        or exists (
            select 1
            from pg_catalog.pg_auth_members
            where
                known.oid = pg_auth_members.roleid
                and to_regrole(quote_ident(current_user))::oid = pg_auth_members.member
                and coalesce((to_jsonb(pg_auth_members) ->> 'set_option')::boolean, true)
        ) as is_done
    from known
    where known.role_name = 'elt_migrate'
    union all
    select
        3 as step,
        known.rank,
        known.role_name,
        'grant elt_load to elt_worker' as statement,
        coalesce(pg_has_role(known.oid, to_regrole('elt_load')::oid, 'member'), false) as is_done
    from known
    where known.role_name = 'elt_worker'
    union all
    select
        3 as step,
        known.rank,
        known.role_name,
        format(
            case
                -- Only a superuser, or a role that was granted it, may set it.
                when query_setting.name = 'temp_file_limit'
                    then 'do $do$ begin if has_parameter_privilege(%2$L, ''set'') then alter role %1$I set %2$s = %3$L; end if; end $do$'
                else 'alter role %I set %s = %L'
            end,
            known.role_name, query_setting.name, query_setting.value
        ) as statement,
        coalesce(format('%s=%s', query_setting.name, query_setting.value) = any(pg_roles.rolconfig), false)
        or (query_setting.name = 'temp_file_limit' and not has_parameter_privilege('temp_file_limit', 'set')) as is_done
    from known
    cross join query_setting
    left join pg_catalog.pg_roles on known.oid = pg_roles.oid
    where known.role_name = 'elt_query'
    union all
    select
        4 as step,
        known.rank,
        known.role_name,
        format('grant connect on database %s to %I', this.name, known.role_name) as statement,
        coalesce(has_database_privilege(known.oid, this.oid, 'connect'), false) as is_done
    from known
    cross join this
    union all
    select
        5 as step,
        known.rank,
        known.role_name,
        format('grant create, temporary on database %s to elt_migrate', this.name) as statement,
        coalesce(
            has_database_privilege(known.oid, this.oid, 'create')
            and has_database_privilege(known.oid, this.oid, 'temporary'),
            false
        ) as is_done
    from known
    cross join this
    where known.role_name = 'elt_migrate'
    union all
    -- Comparing loads keeps their rows in temporary tables.
    select
        5 as step,
        known.rank,
        known.role_name,
        format('grant temporary on database %s to elt_load', this.name) as statement,
        coalesce(has_database_privilege(known.oid, this.oid, 'temporary'), false) as is_done
    from known
    cross join this
    where known.role_name = 'elt_load'
    union all
    select
        6 as step,
        known.rank,
        known.role_name,
        format(
            'grant usage%s on schema public to %I',
            case when known.role_name = 'elt_migrate' then ', create' end,
            known.role_name
        ) as statement,
        coalesce(
            has_schema_privilege(known.oid, to_regnamespace('public')::oid, 'usage')
            and (
                known.role_name <> 'elt_migrate'
                or has_schema_privilege(known.oid, to_regnamespace('public')::oid, 'create')
            ),
            false
        ) as is_done
    from known
)

select
    row_number() over (order by statements.step, statements.rank, statements.statement) as place,
    statements.role_name,
    statements.statement,
    statements.is_done
from statements;

comment on view elt.role_statement is
    'Statements that create the roles elt_migrate, elt_load, elt_read, elt_web, elt_worker and elt_query, and let them connect to this database. Each can run repeatedly.';
comment on column elt.role_statement.place is 'Order in which they run.';
comment on column elt.role_statement.role_name is 'Role that it is for.';
comment on column elt.role_statement.statement is 'The statement, without a semicolon.';
comment on column elt.role_statement.is_done is 'Whether it would change nothing.';
