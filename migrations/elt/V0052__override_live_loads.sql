-- what:   rename elt.live_load to elt.live_pointer, and create view elt.live_load over it and elt.live_override. Create
--         elt.prepared_part. Views that read elt.live_load read the view afterwards
-- why:    several sessions prepare a publish before it starts. Each must see the database as if the new loads were live
-- locks:  ACCESS EXCLUSIVE on the renamed table and on each view that reads it, until the migration commits
-- time:   instant, but it waits for queries on these views
-- undo:   drop view elt.live_load, rename the table back, and run elt migrate of the earlier version, which creates the
--         views again
-- squawk-ignore-file renaming-table, renaming-object
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- A view refers to a table by its number, not by its name, and would keep reading the renamed table. Views of roles
-- that this one is no member of are left: they show what is published, as before.
create temporary table elt_reader on commit drop as
select distinct
    pg_class.oid::regclass as name,
    pg_get_viewdef(pg_class.oid) as definition,
    pg_class.reloptions as options
from pg_catalog.pg_depend
inner join pg_catalog.pg_rewrite on pg_depend.objid = pg_rewrite.oid
inner join pg_catalog.pg_class on pg_rewrite.ev_class = pg_class.oid
where
    pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
    and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
    and pg_depend.refobjid = 'elt.live_load'::regclass
    and pg_class.relkind = 'v'
    and pg_has_role(pg_class.relowner, 'usage');

alter table elt.live_load rename to live_pointer;
alter table elt.live_pointer rename constraint live_load_pkey to live_pointer_pkey;
alter table elt.live_pointer rename constraint live_load_load_id_key to live_pointer_load_id_key;
alter table elt.live_pointer rename constraint live_load_source_fkey to live_pointer_source_fkey;
alter table elt.live_pointer rename constraint live_load_load_id_fkey to live_pointer_load_id_fkey;
alter table elt.live_pointer rename constraint live_load_publish_id_fkey to live_pointer_publish_id_fkey;

create table elt.live_override (
    source text not null,
    load_id bigint not null
);

comment on table elt.live_override is
    'Loads that a session sees as live before they are published. Only elt.override_live inserts rows, and they are deleted in the same transaction: no other session ever sees them.';
comment on column elt.live_override.source is 'Source.';
comment on column elt.live_override.load_id is 'Load that the session sees as its live load.';

create view elt.live_load as
select
    live_pointer.source,
    live_pointer.load_id,
    live_pointer.publish_id
from elt.live_pointer
where not exists (
    select 1
    from elt.live_override
    where live_override.source = live_pointer.source
)
union all
select
    live_override.source,
    live_override.load_id,
    null::bigint as publish_id
from elt.live_override;

create table elt.prepared_part (
    relation text constraint prepared_part_pkey primary key,
    table_name text not null,
    part bigint not null,
    parts bigint not null,
    is_partition boolean not null,
    core_state text not null,
    rows_inserted bigint not null,
    rows_updated bigint not null,
    rows_deleted bigint not null,
    prepared_at timestamptz not null default now(),
    constraint prepared_part_is_one_of_parts check (part >= 0 and part < parts)
);

comment on table elt.prepared_part is
    'Tables that were prepared for a publish that has not ended. elt.sweep drops the tables of a publish that was interrupted.';
comment on column elt.prepared_part.relation is 'Schema and name of the prepared table.';
comment on column elt.prepared_part.table_name is 'Schema and name of the core table that it is for.';
comment on column elt.prepared_part.part is 'Part of the keys that it contains, from 0.';
comment on column elt.prepared_part.parts is 'Number of parts into which the keys are divided.';
comment on column elt.prepared_part.is_partition is
    'Whether it contains all rows of its part and becomes a partition. Otherwise it contains the rows that differ.';
comment on column elt.prepared_part.core_state is
    'elt.core_state when it was prepared. A publish uses the prepared tables only if nothing has changed since.';
comment on column elt.prepared_part.rows_inserted is 'Number of rows that the publish will insert.';
comment on column elt.prepared_part.rows_updated is 'Number of rows that the publish will update.';
comment on column elt.prepared_part.rows_deleted is 'Number of rows that the publish will delete.';
comment on column elt.prepared_part.prepared_at is 'When it was prepared.';

-- Now elt.live_load in these definitions is the view.
do $$
declare
    reader record;
begin
    for reader in
        select * from pg_temp.elt_reader
    loop
        execute format(
            'create or replace view %s %s as %s',
            reader.name,
            'with (' || array_to_string(reader.options, ', ') || ')',
            reader.definition
        );
    end loop;
end
$$;
