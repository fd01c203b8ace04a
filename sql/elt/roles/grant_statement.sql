-- grain:    one row per statement that gives a role the rights that it needs
-- reads:    PostgreSQL's catalogue, elt.role_statement, elt.own_relation, elt.own_routine, elt.role_right, elt.web_column
-- used by:  elt grants, elt.grant_roles
-- careful:  objects of other users are not changed: each statement names its objects, and on schema public only usage
--           is granted. Additional rights that an administrator granted are kept, except for rights of elt_web to write
create or replace view elt.grant_statement as
with own_schema as (
    select
        pg_namespace.nspname::text as name,
        pg_get_userbyid(pg_namespace.nspowner)::text as owner_name
    from pg_catalog.pg_namespace
    where pg_namespace.nspname in ('elt', 'staging', 'core', 'quality')
),

owner_statement as (
    select
        format('alter schema %I owner to elt_migrate', own_schema.name) as statement,
        1 as step,
        own_schema.name
    from own_schema
    where own_schema.owner_name <> 'elt_migrate'
    union all
    select
        format('alter %s %s owner to elt_migrate', own_relation.kind, own_relation.name) as statement,
        2 as step,
        own_relation.name
    from elt.own_relation
    where own_relation.owner_name <> 'elt_migrate'
    union all
    select
        format('alter routine %s owner to elt_migrate', own_routine.signature) as statement,
        3 as step,
        own_routine.signature as name
    from elt.own_routine
    where own_routine.owner_name <> 'elt_migrate'
),

-- Schemas on which a role needs usage.
usage_statement as (
    select
        role_right.role_name,
        format('grant usage on schema %s to %I', own_schema.name, role_right.role_name) as statement,
        coalesce(
            has_schema_privilege(
                to_regrole(role_right.role_name)::oid, to_regnamespace(own_schema.name)::oid, 'usage'
            ),
            false
        ) as is_done,
        own_schema.name
    from elt.role_right
    inner join own_schema on role_right.schema_name = own_schema.name
    where role_right.privilege = 'usage'
),

-- Tables and views that a role may read or write, many in one statement.
relation_right as (
    select
        role_right.role_name,
        role_right.privilege,
        role_right.columns,
        own_relation.schema_name,
        own_relation.name,
        coalesce(
            case
                when role_right.columns = '{}'
                    then has_table_privilege(
                        to_regrole(role_right.role_name)::oid, own_relation.relation_id::oid, role_right.privilege
                    )
                else (
                    select bool_and(
                        has_column_privilege(
                            to_regrole(role_right.role_name)::oid,
                            own_relation.relation_id::oid,
                            column_name,
                            role_right.privilege
                        )
                    )
                    from unnest(role_right.columns) as column_name
                )
            end,
            false
        ) as is_done
    from elt.role_right
    inner join elt.own_relation
        on
            role_right.schema_name = own_relation.schema_name
            and (role_right.only_names = '{}' or own_relation.relation_name = any(role_right.only_names))
            and own_relation.relation_name <> all(role_right.but_names)
    where
        role_right.privilege in ('select', 'insert', 'update')
        and own_relation.kind in ('table', 'view')
        and not own_relation.is_partition
),

relation_statement as (
    select
        relation_right.role_name,
        format(
            'grant %s%s on %s to %I',
            relation_right.privilege,
            case
                when relation_right.columns <> '{}'
                    then format(' (%s)', array_to_string(relation_right.columns, ', '))
            end,
            string_agg(relation_right.name, ', ' order by relation_right.name),
            relation_right.role_name
        ) as statement,
        bool_and(relation_right.is_done) as is_done,
        min(relation_right.name) as name
    from relation_right
    group by
        relation_right.role_name, relation_right.privilege, relation_right.columns, relation_right.schema_name
),

routine_right as (
    select
        role_right.role_name,
        own_routine.schema_name,
        own_routine.signature,
        -- Granting on another owner's function may fail, so it is a separate statement.
        case when own_routine.is_job then own_routine.signature else '' end as job,
        coalesce(
            has_function_privilege(to_regrole(role_right.role_name)::oid, own_routine.routine_id::oid, 'execute'), false
        ) as is_done
    from elt.role_right
    inner join elt.own_routine
        on
            own_routine.name = any(
                select format('%I.%I', role_right.schema_name, only_name)
                from unnest(role_right.only_names) as only_name
            )
            or (
                role_right.only_names = '{}'
                and role_right.schema_name = own_routine.schema_name
                and own_routine.is_for_everybody
            )
            or (own_routine.is_job and role_right.role_name = 'elt_worker')
    where role_right.privilege = 'execute'
),

routine_statement as (
    select
        routine_right.role_name,
        format(
            'grant execute on function %s to %I',
            string_agg(routine_right.signature, ', ' order by routine_right.signature),
            routine_right.role_name
        ) as statement,
        bool_and(routine_right.is_done) as is_done,
        min(routine_right.signature) as name
    from routine_right
    group by routine_right.role_name, routine_right.schema_name, routine_right.job
),

-- Rights to call functions that only an earlier version needed are revoked.
web_routine_statement as (
    select
        format('revoke execute on function %s from elt_web', own_routine.signature) as statement,
        own_routine.signature as name
    from elt.own_routine
    inner join pg_catalog.pg_proc on own_routine.routine_id = pg_proc.oid
    where
        own_routine.schema_name = 'elt'
        and exists (
            select
            from aclexplode(pg_proc.proacl) as granted
            where granted.grantee = to_regrole('elt_web')::oid and granted.privilege_type = 'EXECUTE'
        )
        and own_routine.signature not in (
            select routine_right.signature
            from routine_right
            where routine_right.role_name = 'elt_web'
        )
),

-- Pages may write registered columns only. Rights on columns no longer registered are revoked first.
web_relation as (
    select
        web_column.name,
        string_agg(quote_ident(web_column.column_name), ', ' order by web_column.place)
            filter (where web_column.may_insert) as inserted,
        string_agg(quote_ident(web_column.column_name), ', ' order by web_column.place)
            filter (where web_column.may_update) as updated,
        bool_or(web_column.may_delete) as may_delete,
        bool_or(web_column.has_too_much) as has_too_much,
        bool_and(web_column.has_enough) as has_enough
    from elt.web_column
    group by web_column.name
),

web_statement as (
    select
        format('revoke insert, update, delete on %s from elt_web', web_relation.name) as statement,
        false as is_done,
        1 as step,
        web_relation.name
    from web_relation
    where web_relation.has_too_much
    union all
    select
        format('grant insert (%s) on %s to elt_web', web_relation.inserted, web_relation.name) as statement,
        web_relation.has_enough and not web_relation.has_too_much as is_done,
        2 as step,
        web_relation.name
    from web_relation
    where web_relation.inserted is not null
    union all
    select
        format('grant update (%s) on %s to elt_web', web_relation.updated, web_relation.name) as statement,
        web_relation.has_enough and not web_relation.has_too_much as is_done,
        3 as step,
        web_relation.name
    from web_relation
    where web_relation.updated is not null
    union all
    select
        format('grant delete on %s to elt_web', web_relation.name) as statement,
        web_relation.has_enough and not web_relation.has_too_much as is_done,
        4 as step,
        web_relation.name
    from web_relation
    where web_relation.may_delete
    union all
    -- Sequences of columns whose default is a sequence, for inserts.
    select
        format('grant usage on sequence %I.%I to elt_web', pg_namespace.nspname, pg_class.relname) as statement,
        coalesce(has_sequence_privilege(to_regrole('elt_web')::oid, pg_class.oid, 'usage'), false) as is_done,
        5 as step,
        web_relation.name
    from web_relation
    inner join elt.own_relation on web_relation.name = own_relation.name
    inner join pg_catalog.pg_depend
        on own_relation.relation_id = pg_depend.refobjid and pg_depend.deptype = 'a'
    inner join pg_catalog.pg_class on pg_depend.objid = pg_class.oid and pg_class.relkind = 'S'
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where web_relation.inserted is not null
),

statements as (
    select
        1 as rank,
        'role' as part,
        role_statement.role_name,
        role_statement.statement,
        role_statement.is_done,
        role_statement.place as step,
        '' as name
    from elt.role_statement
    union all
    select
        2 as rank,
        'owner' as part,
        'elt_migrate' as role_name,
        owner_statement.statement,
        false as is_done,
        owner_statement.step,
        owner_statement.name
    from owner_statement
    union all
    select
        3 as rank,
        'right' as part,
        usage_statement.role_name,
        usage_statement.statement,
        usage_statement.is_done,
        1 as step,
        usage_statement.name
    from usage_statement
    union all
    select
        4 as rank,
        'right' as part,
        relation_statement.role_name,
        relation_statement.statement,
        relation_statement.is_done,
        1 as step,
        relation_statement.name
    from relation_statement
    union all
    select
        5 as rank,
        'right' as part,
        'elt_web' as role_name,
        web_statement.statement,
        web_statement.is_done,
        web_statement.step,
        web_statement.name
    from web_statement
    union all
    select
        5 as rank,
        'right' as part,
        'elt_web' as role_name,
        web_routine_statement.statement,
        false as is_done,
        0 as step,
        web_routine_statement.name
    from web_routine_statement
    union all
    select
        6 as rank,
        'right' as part,
        routine_statement.role_name,
        routine_statement.statement,
        routine_statement.is_done,
        1 as step,
        routine_statement.name
    from routine_statement
)

select
    row_number() over (
        order by statements.rank, statements.step, statements.role_name, statements.name, statements.statement
    ) as place,
    statements.part,
    statements.role_name,
    statements.statement,
    statements.is_done
from statements;

comment on view elt.grant_statement is
    'Statements that give the roles elt_migrate, elt_load, elt_read, elt_web, elt_worker and elt_query the rights that they need, and no more. Each can run repeatedly. elt migrate runs those that grant rights, at its end.';
comment on column elt.grant_statement.place is 'Order in which they run.';
comment on column elt.grant_statement.part is
    'role: creates a role or lets it connect to the database. owner: makes elt_migrate the owner of elt''s objects. right: lets a role read, write or call an object.';
comment on column elt.grant_statement.role_name is 'Role that it is for.';
comment on column elt.grant_statement.statement is 'The statement, without a semicolon.';
comment on column elt.grant_statement.is_done is 'Whether it would change nothing.';
