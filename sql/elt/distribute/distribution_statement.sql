-- grain:    one row per statement that distributes the declared core tables
-- reads:    PostgreSQL's catalogue, elt.current_view, elt.distribution, elt.is_distributed_function
-- used by:  elt.distribute
-- careful:  a worker calls the functions that read values if a query over a core table does, and knows no others. Citus
--           connects to the workers as the current role, which must therefore be able to log in there
create or replace view elt.distribution_statement as
with recursive sent as (
    select
        pg_proc.oid::regprocedure as routine,
        'elt.' || pg_proc.proname as name
    from pg_catalog.pg_proc
    where
        pg_proc.pronamespace = 'elt'::regnamespace
        and pg_proc.provolatile = 'i'
        and pg_proc.prokind = 'f'
),

-- A worker must have a function before one that calls it.
calls as (
    select
        sent.name,
        0 as depth
    from sent
    union
    select
        current_view.name,
        calls.depth + 1 as depth
    from calls
    inner join elt.current_view
        on calls.name = any(regexp_split_to_array(current_view.header ->> 'reads', '\s*,\s*'))
    where current_view.name in (select sent.name from sent)
),

statements as (
    select
        1 as rank,
        pg_roles.rolname::text as name,
        format('alter role %I login', pg_roles.rolname) as statement,
        'Citus connects to the workers as this role. Restrict where it may log in from with pg_hba.conf.' as why,
        pg_roles.rolcanlogin as is_done
    from pg_catalog.pg_roles
    where pg_roles.rolname in ('elt_migrate', 'elt_web')
    union all
    select
        2 as rank,
        lpad(max(calls.depth)::text, 3, '0') || sent.routine::text as name,
        format('select create_distributed_function(%L)', sent.routine) as statement,
        'Queries over core tables may call it on a worker.' as why,
        elt.is_distributed_function(sent.routine) as is_done
    from sent
    inner join calls on sent.name = calls.name
    group by sent.routine
    union all
    select
        3 as rank,
        distribution.table_name as name,
        format('select create_distributed_table(%L, %L)', distribution.table_name, distribution.column_name) as statement,
        'Sends the rows to the workers. Writers of the table wait meanwhile, readers do not.' as why,
        distribution.distributed_by is not null as is_done
    from elt.distribution
    union all
    select
        4 as rank,
        distribution.table_name as name,
        format('select truncate_local_data_after_distributing_table(%L)', distribution.table_name) as statement,
        'Frees the space of the rows on the coordinator.' as why,
        distribution.distributed_by is not null as is_done
    from elt.distribution
    union all
    select
        5 as rank,
        distribution.table_name as name,
        format('grant select on %s to elt_read', distribution.table_name) as statement,
        'The owner of a view has no rights on the workers: whoever reads the view needs rights on the table. elt_read can then read this core table, including the rows and columns that the views hide.' as why,
        has_table_privilege(pg_roles.oid, distribution.filled, 'select') as is_done
    from elt.distribution
    inner join pg_catalog.pg_roles on pg_roles.rolname = 'elt_read'
    union all
    select
        6 as rank,
        distribution.table_name as name,
        format('analyze %s', distribution.table_name) as statement,
        'The shards have no statistics yet.' as why,
        distribution.distributed_by is not null as is_done
    from elt.distribution
)

select
    row_number() over (order by statements.rank, statements.name) as place,
    statements.statement,
    statements.why,
    statements.is_done
from statements
where exists (select 1 from elt.distribution);

comment on view elt.distribution_statement is
    'Statements that distribute the core tables with a distribution column over the workers of Citus. elt distribute runs those that are not done.';
comment on column elt.distribution_statement.place is 'Order in which they run.';
comment on column elt.distribution_statement.statement is 'The statement, without a semicolon.';
comment on column elt.distribution_statement.why is 'What it does, and what it costs.';
comment on column elt.distribution_statement.is_done is 'Whether it is in place already.';
