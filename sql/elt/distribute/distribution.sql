-- grain:    one row per core query whose header names a distribution column
-- reads:    PostgreSQL's catalogue, elt.current_view, elt.filled_table, elt.source, elt.distribution_column
-- used by:  elt.distribution_statement, elt.cluster_finding; elt distribute, elt migrate
create or replace view elt.distribution as
with declared as materialized (
    select
        filled_table.core_query_name,
        filled_table.table_name,
        filled_table.filled,
        filled_table.sources,
        current_view.header ->> 'distribute' as column_name,
        elt.distribution_column(filled_table.filled) as distributed_by
    from elt.current_view
    inner join elt.filled_table on current_view.name = filled_table.core_query_name
    where current_view.layer = 'core' and current_view.header ? 'distribute'
)

select
    declared.core_query_name,
    declared.table_name,
    declared.filled,
    declared.column_name,
    declared.distributed_by,
    found.problem,
    found.hint,
    coalesce(found.rank <= 3, false) as is_invalid
from declared
left join pg_catalog.pg_attribute as placed
    on
        declared.filled = placed.attrelid
        and declared.column_name = placed.attname
        and placed.attnum > 0
        and not placed.attisdropped
left join pg_catalog.pg_index as own on declared.filled = own.indrelid and own.indisprimary
left join lateral (
    select
        listed.rank,
        listed.problem,
        listed.hint
    from (
        values
        (
            1,
            placed.attnum is null,
            format('table "%s" has no column "%s"', declared.table_name, declared.column_name),
            'Name a column of the primary key in the header.'
        ),
        (
            2,
            not placed.attnum = any(own.indkey::int2[]),
            format('column "%s" is not in the primary key of table "%s"', declared.column_name, declared.table_name),
            'Each worker checks its own rows only. Name a column of the primary key in the header.'
        ),
        (
            3,
            own.indexrelid is null and exists (
                select 1
                from elt.source
                where source.source = any(declared.sources) and source.mode <> 'append'
            ),
            format('table "%s" has no primary key', declared.table_name),
            'Add a primary key in a migration, or set elt.source.mode to append. Rows without a key cannot be compared.'
        ),
        (
            4,
            exists (
                select 1
                from pg_catalog.pg_index as other
                where
                    other.indrelid = declared.filled
                    and (other.indisunique or other.indisexclusion)
                    and not placed.attnum = any(other.indkey::int2[])
            ),
            format('a unique index of table "%s" lacks column "%s"', declared.table_name, declared.column_name),
            'Drop the index in a migration. Each worker checks its own rows only.'
        ),
        (
            5,
            exists (
                select 1
                from pg_catalog.pg_trigger
                where pg_trigger.tgrelid = declared.filled and not pg_trigger.tgisinternal
            ),
            format('table "%s" has a trigger', declared.table_name),
            'Drop the trigger in a migration. Citus does not run triggers of distributed tables.'
        ),
        (
            6,
            exists (
                select 1
                from pg_catalog.pg_constraint
                where pg_constraint.contype = 'f' and declared.filled in (pg_constraint.conrelid, pg_constraint.confrelid)
            ),
            format('table "%s" has a foreign key', declared.table_name),
            'Drop the foreign key in a migration, and write a rule in sql/quality that finds rows without their partner.'
        ),
        (
            7,
            declared.distributed_by <> declared.column_name,
            format('table "%s" is distributed by column "%s"', declared.table_name, declared.distributed_by),
            'To distribute it by another column, run elt distribute --undo first.'
        )
    ) as listed (rank, is_so, problem, hint)
    where listed.is_so
    order by listed.rank
    limit 1
) as found on true;

comment on view elt.distribution is
    'Core tables whose core queries name a distribution column (-- distribute:), and whether Citus distributes them.';
comment on column elt.distribution.core_query_name is 'Schema and name of the core query.';
comment on column elt.distribution.table_name is 'Schema and name of the table that it fills.';
comment on column elt.distribution.filled is 'The table as regclass.';
comment on column elt.distribution.column_name is 'Column in the header.';
comment on column elt.distribution.distributed_by is
    'Column by which the table is distributed. Null if it is not, as in every database without Citus.';
comment on column elt.distribution.problem is 'Why it cannot be distributed. Null if it can.';
comment on column elt.distribution.hint is 'How to fix it.';
comment on column elt.distribution.is_invalid is
    'Whether the header contradicts the key of the table or the mode of its sources. elt migrate refuses it.';
