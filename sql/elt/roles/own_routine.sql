-- grain:    one row per function that belongs to elt or the project
-- reads:    PostgreSQL's catalogue, elt.job_kind, elt.current_view, elt.view_version
-- used by:  elt.grant_statement
-- careful:  in schema public, which users may share, lists only functions that run jobs. Whether a function is public
--           is read from its file, not from the catalogue, because public may have lost its rights there
create or replace view elt.own_routine as
with common as (
    select current_view.name
    from elt.current_view
    inner join elt.view_version
        on current_view.name = view_version.name and current_view.version = view_version.version
    where strpos(view_version.definition, format('revoke execute on function %s(', current_view.name)) = 0
),

routine as (
    select
        pg_proc.oid,
        pg_proc.proowner,
        pg_namespace.nspname,
        format('%I.%I', pg_namespace.nspname, pg_proc.proname) as name,
        format('%s.%s', pg_namespace.nspname, pg_proc.proname) in (
            select common.name
            from common
        ) as is_for_everybody,
        format(
            '%I.%I(%s)', pg_namespace.nspname, pg_proc.proname, pg_get_function_identity_arguments(pg_proc.oid)
        ) as signature,
        pg_proc.pronargs = 1
        and pg_proc.proargtypes[0] = 'jsonb'::regtype
        and exists (
            select 1
            from elt.job_kind
            where job_kind.function_name = format('%s.%s', pg_namespace.nspname, pg_proc.proname)
        ) as is_job
    from pg_catalog.pg_proc
    inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid
    where pg_namespace.nspname in ('elt', 'staging', 'core', 'quality', 'public')
)

select
    routine.oid::bigint as routine_id,
    routine.nspname::text as schema_name,
    routine.name,
    routine.signature,
    routine.is_job,
    routine.is_for_everybody,
    pg_get_userbyid(routine.proowner)::text as owner_name
from routine
where routine.nspname <> 'public' or routine.is_job;

comment on view elt.own_routine is
    'Functions that belong to elt or the project, including those in schema public, which users may share.';
comment on column elt.own_routine.routine_id is 'Its oid.';
comment on column elt.own_routine.schema_name is 'Schema.';
comment on column elt.own_routine.name is 'Schema and name, quoted for use in statements.';
comment on column elt.own_routine.signature is 'Name with its arguments.';
comment on column elt.own_routine.is_job is 'Whether it runs a kind of job (elt.job_kind).';
comment on column elt.own_routine.is_for_everybody is
    'Whether its file leaves execute granted to public. Otherwise only its owner and the roles in elt.role_right may call it.';
comment on column elt.own_routine.owner_name is 'Role that owns it.';
