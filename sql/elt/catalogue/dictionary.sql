-- grain:    one row per table, view, rule, export or function
-- reads:    PostgreSQL's catalogue, elt.current_view, elt.lineage, elt.own_relation, elt.own_routine, elt.sources_of
-- used by:  elt docs
-- careful:  shows every object to every role, because it contains only names and comments, and no rows. Objects of
--           extensions are left out, and so are objects in schema public that are not known to belong to the project
--           and are not owned by the owner of schema elt
create or replace view elt.dictionary as
with engine as (
    select pg_namespace.nspowner
    from pg_catalog.pg_namespace
    where pg_namespace.nspname = 'elt'
),

lineage as materialized (
    select
        lineage.name,
        lineage.reads
    from elt.lineage
),

reads as (
    select
        lineage.name,
        array_agg(lineage.reads order by lineage.reads) as names
    from lineage
    group by lineage.name
),

readers as (
    select
        lineage.reads as name,
        array_agg(lineage.name order by lineage.name) as names
    from lineage
    group by lineage.reads
),

relations as (
    select
        format('%s.%s', pg_namespace.nspname, pg_class.relname) as name,
        pg_namespace.nspname::text as schema_name,
        case when pg_class.relkind = 'v' then 'view' else 'table' end as kind,
        null::text as signature,
        obj_description(pg_class.oid, 'pg_class') as description,
        pg_class.oid as relation_id,
        format('%I.%I', pg_namespace.nspname, pg_class.relname) as quoted_name
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where
        pg_class.relkind in ('r', 'p', 'v')
        and not pg_class.relispartition
        and pg_namespace.nspname in ('public', 'core', 'quality', 'staging', 'elt')
        and (
            pg_namespace.nspname <> 'public'
            or pg_class.relowner = (select engine.nspowner from engine)
            or pg_class.oid::bigint in (select own_relation.relation_id from elt.own_relation)
        )
        and not exists (
            select 1
            from pg_catalog.pg_depend
            where
                pg_depend.classid = 'pg_catalog.pg_class'::regclass
                and pg_depend.objid = pg_class.oid
                and pg_depend.deptype = 'e'
        )
),

functions as (
    select
        format('%s.%s', pg_namespace.nspname, pg_proc.proname) as name,
        pg_namespace.nspname::text as schema_name,
        'function' as kind,
        format(
            '%s.%s(%s) returns %s',
            pg_namespace.nspname,
            pg_proc.proname,
            pg_get_function_arguments(pg_proc.oid),
            pg_get_function_result(pg_proc.oid)
        ) as signature,
        obj_description(pg_proc.oid, 'pg_proc') as description,
        null::oid as relation_id,
        null::text as quoted_name
    from pg_catalog.pg_proc
    inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid
    where
        pg_proc.prokind = 'f'
        and pg_namespace.nspname in ('public', 'core', 'quality', 'staging', 'elt')
        and (
            pg_namespace.nspname <> 'public'
            or pg_proc.proowner = (select engine.nspowner from engine)
            or pg_proc.oid::bigint in (select own_routine.routine_id from elt.own_routine)
        )
        and not exists (
            select 1
            from pg_catalog.pg_depend
            where
                pg_depend.classid = 'pg_catalog.pg_proc'::regclass
                and pg_depend.objid = pg_proc.oid
                and pg_depend.deptype = 'e'
        )
),

exports as (
    select
        current_view.name,
        'export' as schema_name,
        'export' as kind,
        null::text as signature,
        null::text as description,
        null::oid as relation_id,
        null::text as quoted_name
    from elt.current_view
    where current_view.layer = 'export'
),

things as (
    select * from relations
    union all
    select * from functions
    union all
    select * from exports
)

select
    things.name,
    things.schema_name,
    case when current_view.layer = 'quality' then 'rule' else things.kind end as kind,
    things.signature,
    current_view.header ->> 'level' as level,
    current_view.header ->> 'grain' as grain,
    current_view.header ->> 'careful' as careful,
    things.description,
    columns.columns,
    constraints.constraints,
    coalesce(reads.names, '{}') as reads,
    coalesce(readers.names, '{}') as read_by,
    array(
        select sources_of.source
        from elt.sources_of(case when things.kind = 'export' then reads.names else array[things.quoted_name] end)
            as sources_of
        where things.schema_name in ('public', 'core', 'quality', 'export') and things.kind <> 'function'
        order by sources_of.source
    ) as sources,
    current_view.header ->> 'at most' as at_most
from things
left join elt.current_view on things.name = current_view.name
left join reads on things.name = reads.name
left join readers on things.name = readers.name
cross join lateral (
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'name', pg_attribute.attname,
                'type', format_type(pg_attribute.atttypid, pg_attribute.atttypmod),
                'is_required', pg_attribute.attnotnull,
                'description', col_description(pg_attribute.attrelid, pg_attribute.attnum)
            )
            order by pg_attribute.attnum
        ),
        '[]'
    ) as columns
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = things.relation_id
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
) as columns
-- From PostgreSQL 18 on, not null is a constraint too. It is shown with the column.
cross join lateral (
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'name', pg_constraint.conname,
                'definition', pg_get_constraintdef(pg_constraint.oid),
                'description', obj_description(pg_constraint.oid, 'pg_constraint')
            )
            order by array_position(array['p', 'u', 'f', 'c', 'x'], pg_constraint.contype::text), pg_constraint.conname
        ),
        '[]'
    ) as constraints
    from pg_catalog.pg_constraint
    where
        pg_constraint.conrelid = things.relation_id
        and pg_constraint.contype in ('p', 'u', 'f', 'c', 'x')
) as constraints;

comment on view elt.dictionary is
    'Data dictionary: every table, view, rule, export and function, with its comments and dependencies.';
comment on column elt.dictionary.name is 'Schema and name; export.<file> for an export.';
comment on column elt.dictionary.schema_name is 'Schema. For an export, which is no database object: export.';
comment on column elt.dictionary.kind is 'table, view, rule, export or function.';
comment on column elt.dictionary.signature is 'Arguments and result of a function. Null for other objects.';
comment on column elt.dictionary.level is
    'Level of a rule: warning or error. Null for rules with a limit and for other objects.';
comment on column elt.dictionary.grain is
    'What one row is, from the header of the file. Null if the header does not say.';
comment on column elt.dictionary.careful is 'What may surprise, from the header of the file. Null if there is nothing.';
comment on column elt.dictionary.description is 'Comment of the object. Null if there is none.';
comment on column elt.dictionary.columns is
    'Columns in order: an array of objects with name, type, is_required (not null) and description.';
comment on column elt.dictionary.constraints is
    'Keys, foreign keys and checks: an array of objects with name, definition and description.';
comment on column elt.dictionary.reads is 'Objects that it reads directly.';
comment on column elt.dictionary.read_by is 'Objects that read it directly.';
comment on column elt.dictionary.sources is
    'Sources that it is computed from, directly or through other objects. Empty in the schemas of staging and of the engine.';
comment on column elt.dictionary.at_most is
    'Limit of a rule, for example 1% of core.orders: more violations are an error, others a warning. Null if it has none.';
