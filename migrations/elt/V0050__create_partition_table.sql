-- what:   create elt.partition_table(), which turns a core table with rows, views and grants into one that is
--         partitioned by hash of its key
-- why:    several sessions can fill and compare the partitions of a large core table side by side; a project calls the
--         function in a migration of its own (migrations/README.md, "Large core tables")
-- locks:  none on existing tables; those of the function are in the header of the migration that calls it
-- time:   instant; new functions
-- undo:   drop the four functions (changes no table)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create function elt.table_dependent(target regclass)
returns table (class_id oid, object_id oid, part_id integer, view_id oid)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select distinct
        pg_depend.classid,
        pg_depend.objid,
        pg_depend.objsubid,
        case when reader.relkind = 'v' then reader.oid end
    from pg_catalog.pg_class
    inner join pg_catalog.pg_type on pg_class.reltype = pg_type.oid
    inner join pg_catalog.pg_depend
        on
            (pg_depend.refclassid = 'pg_class'::regclass and pg_depend.refobjid = pg_class.oid)
            or (
                pg_depend.refclassid = 'pg_type'::regclass
                and pg_depend.refobjid in (pg_type.oid, pg_type.typarray)
            )
    left join pg_catalog.pg_rewrite on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
    left join pg_catalog.pg_class as reader on pg_rewrite.ev_class = reader.oid and pg_rewrite.rulename = '_RETURN'
    where
        pg_class.oid = target
        and pg_depend.deptype = 'n'
        -- The rule of a view names the view itself.
        and pg_rewrite.ev_class is distinct from target::oid
        -- Parts of the table itself, whose expressions name its columns.
        and not (pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = target)
        and not exists (
            select from pg_catalog.pg_index
            where pg_depend.classid = 'pg_class'::regclass
            and pg_depend.objid = pg_index.indexrelid
            and pg_index.indrelid = target
        )
        and not exists (
            select from pg_catalog.pg_constraint
            where pg_depend.classid = 'pg_constraint'::regclass
            and pg_depend.objid = pg_constraint.oid
            and pg_constraint.conrelid = target
        )
        and not exists (
            select from pg_catalog.pg_attrdef
            where pg_depend.classid = 'pg_attrdef'::regclass
            and pg_depend.objid = pg_attrdef.oid
            and pg_attrdef.adrelid = target
        )
        and not exists (
            select from pg_catalog.pg_trigger
            where pg_depend.classid = 'pg_trigger'::regclass
            and pg_depend.objid = pg_trigger.oid
            and pg_trigger.tgrelid = target
        )
$$;

comment on function elt.table_dependent(regclass) is
    'Returns the objects outside a table that refer to it or to its row type: the catalogue, the identifier and the number of the column of each, and the view if it is the query of one.';

create function elt.refuse_partitioning(target regclass)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    problems text[];
    hints text[];
begin
    with found (problem, hint) as (
        select
            case
                when pg_class.relkind = 'p' then 'it is partitioned in another way'
                when pg_class.relkind <> 'r' then 'it is not a table'
                when pg_class.relispartition then 'it is a partition'
                when pg_class.relpersistence <> 'p' then 'it is unlogged or temporary'
                when pg_class.relrowsecurity then 'it has row security'
                when pg_class.relreplident <> 'd' then 'it has a replica identity'
            end,
            null
        from pg_catalog.pg_class
        where pg_class.oid = target
        union all
        select 'it has no primary key', 'The partitions are made by hash of the key.'
        where not exists (
            select from pg_catalog.pg_index
            where pg_index.indrelid = target and pg_index.indisprimary
        )
        union all
        select format('table %s inherits from table %s', inhrelid::regclass, inhparent::regclass), null
        from pg_catalog.pg_inherits
        where target in (pg_inherits.inhrelid, pg_inherits.inhparent)
        union all
        select
            format('column "%s" is an identity column', pg_attribute.attname),
            'A core query fills all columns: drop the identity.'
        from pg_catalog.pg_attribute
        where pg_attribute.attrelid = target and pg_attribute.attidentity <> '' and not pg_attribute.attisdropped
        union all
        select
            format('sequence %s belongs to it', pg_depend.objid::regclass),
            format('alter sequence %s owned by none', pg_depend.objid::regclass)
        from pg_catalog.pg_depend
        inner join pg_catalog.pg_class on pg_depend.objid = pg_class.oid and pg_class.relkind = 'S'
        where
            pg_depend.classid = 'pg_class'::regclass
            and pg_depend.refclassid = 'pg_class'::regclass
            and pg_depend.refobjid = target
            and pg_depend.deptype = 'a'
        union all
        select
            pg_describe_object('pg_constraint'::regclass, pg_constraint.oid, 0)
            || case
                when pg_constraint.contype = 'f' then ' is a foreign key'
                when pg_constraint.contype = 'x' then ' is an exclusion constraint'
                when pg_constraint.contype = 't' then ' is a constraint trigger'
                when pg_constraint.connoinherit then ' is not inherited'
                else ' is not valid'
            end,
            'Drop the constraint, and create it again after the migration if it fits a partitioned table.'
        from pg_catalog.pg_constraint
        where
            (pg_constraint.conrelid = target and pg_constraint.contype in ('f', 'x', 't'))
            or pg_constraint.confrelid = target
            or (
                pg_constraint.conrelid = target
                and pg_constraint.contype = 'c'
                and (pg_constraint.connoinherit or not pg_constraint.convalidated)
            )
        union all
        select
            format('index %s ', other.indexrelid::regclass)
            || case when other.indisvalid then 'is unique and lacks columns of the key' else 'is not valid' end,
            format('drop index %s', other.indexrelid::regclass)
        from pg_catalog.pg_index as other
        left join pg_catalog.pg_index as own on own.indrelid = target and own.indisprimary
        where
            other.indrelid = target
            and (
                not other.indisvalid
                or (other.indisunique and not other.indkey::int2[] @> own.indkey::int2[])
            )
        union all
        select pg_describe_object('pg_trigger'::regclass, pg_trigger.oid, 0) || ' uses transition tables for each row', null
        from pg_catalog.pg_trigger
        where
            pg_trigger.tgrelid = target
            and pg_trigger.tgtype & 1 = 1
            and coalesce(pg_trigger.tgoldtable, pg_trigger.tgnewtable) is not null
        union all
        select pg_describe_object('pg_policy'::regclass, pg_policy.oid, 0) || ' would be lost', null
        from pg_catalog.pg_policy
        where pg_policy.polrelid = target
        union all
        select pg_describe_object('pg_rewrite'::regclass, pg_rewrite.oid, 0) || ' would be lost', null
        from pg_catalog.pg_rewrite
        where pg_rewrite.ev_class = target
        union all
        select
            format('publication "%s" names it', pg_publication.pubname),
            format('alter publication %I drop table %s', pg_publication.pubname, target)
        from pg_catalog.pg_publication_rel
        inner join pg_catalog.pg_publication on pg_publication_rel.prpubid = pg_publication.oid
        where pg_publication_rel.prrelid = target
        union all
        select format('it has the security label "%s"', pg_seclabel.label), null
        from pg_catalog.pg_seclabel
        where pg_seclabel.classoid = 'pg_class'::regclass and pg_seclabel.objoid = target
        union all
        select
            pg_describe_object(dependent.class_id, dependent.object_id, dependent.part_id) || ' depends on it',
            'Drop it, and create it again after the migration.'
        from elt.table_dependent(target) as dependent
        where dependent.view_id is null
        union all
        select
            format('view %s ', dependent.view_id::regclass)
            || case
                when reader.relpersistence = 't' then 'is a temporary view of a session'
                when not pg_has_role(reader.relowner, 'usage')
                    then format('belongs to role "%s"', pg_get_userbyid(reader.relowner))
                else format('is in a schema in which role "%s" may not create views', current_user)
            end,
            case
                when reader.relpersistence = 't' then 'Try again when that session has ended.'
                when not pg_has_role(reader.relowner, 'usage')
                    then format(
                        'grant %I to %I, and revoke it after the migration. Or drop the view, and create it again then.',
                        pg_get_userbyid(reader.relowner), current_user
                    )
                else format('grant create on schema %s to %I', reader.relnamespace::regnamespace, current_user)
            end
        from elt.table_dependent(target) as dependent
        inner join pg_catalog.pg_class as reader on dependent.view_id = reader.oid
        where
            reader.relpersistence = 't'
            or not pg_has_role(reader.relowner, 'usage')
            or not has_schema_privilege(reader.relnamespace, 'create')
    )

    select
        array_agg(found.problem),
        array_agg(
            coalesce(found.hint, 'Create the table again in a migration, partitioned by hash of its key.')
        )
    into problems, hints
    from found
    where found.problem is not null;

    if cardinality(problems) > 0 then
        raise exception 'cannot partition table "%": %', target, problems[1]
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = case
                    when cardinality(problems) > 1
                        then 'Further obstacles: ' || array_to_string(problems[2:], '; ') || '.'
                    else 'Nothing was changed.'
                end,
                hint = hints[1];
    end if;
end
$$;

comment on function elt.refuse_partitioning(regclass) is
    'Raises an error if elt.partition_table() cannot turn a table into a partitioned one without losing something, and names each obstacle.';

create function elt.table_statement(target regclass)
returns table (place bigint, statement text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        1 as place,
        format(
            'set local default_tablespace = %L; %s',
            coalesce(pg_tablespace.spcname, ''),
            coalesce(
                'alter table '
                || target::text
                || ' add constraint '
                || quote_ident(pg_constraint.conname)
                || ' '
                || pg_get_constraintdef(pg_constraint.oid),
                pg_get_indexdef(pg_index.indexrelid)
            )
        ) as statement
    from pg_catalog.pg_index
    inner join pg_catalog.pg_class on pg_index.indexrelid = pg_class.oid
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    left join pg_catalog.pg_constraint
        on pg_index.indexrelid = pg_constraint.conindid and pg_constraint.conrelid = target
    where pg_index.indrelid = target
    union all
    select
        2 as place,
        format('comment on index %s is %L', pg_index.indexrelid::regclass, pg_description.description)
    from pg_catalog.pg_index
    inner join pg_catalog.pg_description
        on
            pg_index.indexrelid = pg_description.objoid
            and pg_description.classoid = 'pg_class'::regclass
            and pg_description.objsubid = 0
    where pg_index.indrelid = target
    union all
    select
        2 as place,
        format('comment on constraint %I on %s is %L', pg_constraint.conname, target, pg_description.description)
    from pg_catalog.pg_constraint
    inner join pg_catalog.pg_description
        on pg_constraint.oid = pg_description.objoid and pg_description.classoid = 'pg_constraint'::regclass
    where pg_constraint.conrelid = target
    union all
    select
        2 as place,
        format('comment on table %s is %L', target, obj_description(target, 'pg_class'))
    where obj_description(target, 'pg_class') is not null
    union all
    select
        3 as place,
        format(
            'alter table %s alter column %I set statistics %s', target, pg_attribute.attname, pg_attribute.attstattarget
        )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = target
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attstattarget >= 0
    union all
    select
        3 as place,
        format(
            'alter table %s alter column %I set (%s)',
            target, pg_attribute.attname, array_to_string(pg_attribute.attoptions, ', ')
        )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = target
        and not pg_attribute.attisdropped
        and pg_attribute.attoptions is not null
    union all
    select
        4 as place,
        format(
            'grant %s on %s to %s%s',
            granted.privilege_type,
            target,
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
            case when granted.is_grantable then ' with grant option' else '' end
        )
    from pg_catalog.pg_class
    cross join lateral aclexplode(pg_class.relacl) as granted
    where pg_class.oid = target and granted.grantee <> pg_class.relowner
    union all
    select
        4 as place,
        format(
            'grant %s (%I) on %s to %s%s',
            granted.privilege_type,
            pg_attribute.attname,
            target,
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
            case when granted.is_grantable then ' with grant option' else '' end
        )
    from pg_catalog.pg_attribute
    cross join lateral aclexplode(pg_attribute.attacl) as granted
    where pg_attribute.attrelid = target and not pg_attribute.attisdropped
    union all
    select
        5 as place,
        format('alter table %s owner to %s', target, pg_class.relowner::regrole)
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

comment on function elt.table_statement(regclass) is
    'Returns the statements that give a new table of the same name the keys, indexes, comments, grants and owner of a table, in the order of place.';

create function elt.partition_table(target regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Restored at the end, whatever the statements of elt.table_statement() set.
set default_tablespace = ''
as $$
declare
    table_name text := target::text;
    this record;
    each record;
    is_kept boolean;
    partition_name text;
    statements text[];
    triggers text[];
    views text[];
    statement text;
begin
    select
        pg_class.relname::text as name,
        pg_class.relnamespace::regnamespace::text as schema_name,
        pg_class.reloptions is not null as has_options,
        pg_tablespace.spcname,
        (
            select string_agg(quote_ident(pg_attribute.attname), ', ' order by key_column.place)
            from pg_catalog.pg_index
            cross join lateral unnest(pg_index.indkey::int2[]) with ordinality as key_column (attnum, place)
            inner join pg_catalog.pg_attribute
                on pg_index.indrelid = pg_attribute.attrelid and key_column.attnum = pg_attribute.attnum
            where pg_index.indrelid = target and pg_index.indisprimary and key_column.place <= pg_index.indnkeyatts
        ) as key_list
    into this
    from pg_catalog.pg_class
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    where pg_class.oid = target;
    -- For a database in which this was done by hand.
    if exists (
        select from pg_catalog.pg_partitioned_table
        inner join pg_catalog.pg_index on pg_partitioned_table.partrelid = pg_index.indrelid and pg_index.indisprimary
        where
            pg_partitioned_table.partrelid = target
            and pg_partitioned_table.partstrat = 'h'
            and pg_partitioned_table.partattrs::int2[] <@ pg_index.indkey::int2[]
            and pg_partitioned_table.partattrs::int2[] @> pg_index.indkey::int2[]
    ) then
        return;
    end if;
    perform elt.refuse_partitioning(target);

    -- In the order in which a query locks them, because the other order would deadlock with readers: views before the
    -- tables and views that they read. To set the same owner only locks.
    for each in
        with recursive readers as (
            select dependent.view_id, 0 as depth
            from elt.table_dependent(target) as dependent
            union
            select dependent.view_id, readers.depth + 1
            from readers
            cross join lateral elt.table_dependent(readers.view_id) as dependent
            where dependent.view_id is not null
        )

        select
            readers.view_id::regclass as name,
            pg_class.relowner::regrole as owner
        from readers
        inner join pg_catalog.pg_class on readers.view_id = pg_class.oid
        group by readers.view_id, pg_class.relowner
        having min(readers.depth) = 0
        order by max(readers.depth) desc, readers.view_id
    loop
        execute format('alter view %s owner to %s', each.name, each.owner);
    end loop;
    execute format('lock table %s in access exclusive mode', target);
    perform elt.refuse_partitioning(target);

    execute format('select exists (select from %s)', target) into is_kept;
    -- A table has storage options, and a partitioned table has none.
    is_kept := is_kept or this.has_options;
    partition_name := format('%s.%I', this.schema_name, left(this.name, 50) || '_part_0');

    statements := array(
        select table_statement.statement
        from elt.table_statement(target) as table_statement
        order by table_statement.place, table_statement.statement
    );
    triggers := array(
        select format(
            '%s; alter table %s %s trigger %I%s',
            pg_get_triggerdef(pg_trigger.oid),
            table_name,
            case pg_trigger.tgenabled
                when 'D' then 'disable'
                when 'R' then 'enable replica'
                when 'A' then 'enable always'
                else 'enable'
            end,
            pg_trigger.tgname,
            format(
                '; comment on trigger %I on %s is %L',
                pg_trigger.tgname, table_name, obj_description(pg_trigger.oid, 'pg_trigger')
            )
        )
        from pg_catalog.pg_trigger
        where pg_trigger.tgrelid = target and not pg_trigger.tgisinternal
        order by pg_trigger.tgname
    );
    -- A view holds the identifier of the table. Written out and created again, it means the table of that name.
    views := array(
        select format(
            'create or replace view %s%s as %s',
            pg_class.oid::regclass,
            ' with (' || array_to_string(pg_class.reloptions, ', ') || ')',
            pg_get_viewdef(pg_class.oid)
        )
        from elt.table_dependent(target) as dependent
        inner join pg_catalog.pg_class on dependent.view_id = pg_class.oid
        order by pg_class.oid
    );

    -- The names of the table and of its indexes and triggers are those of the partitioned table from here on.
    for each in
        select
            pg_index.indexrelid::regclass as name,
            case
                when starts_with(pg_class.relname::text, this.name || '_')
                    then left(this.name, 50) || '_part_0' || substr(pg_class.relname::text, length(this.name) + 1)
                else left(pg_class.relname::text, 50) || '_part_0'
            end as new_name
        from pg_catalog.pg_index
        inner join pg_catalog.pg_class on pg_index.indexrelid = pg_class.oid
        where pg_index.indrelid = target
    loop
        execute format('alter index %s rename to %I', each.name, each.new_name);
    end loop;
    for each in
        select pg_trigger.tgname
        from pg_catalog.pg_trigger
        where pg_trigger.tgrelid = target and not pg_trigger.tgisinternal
    loop
        execute format('drop trigger %I on %s', each.tgname, target);
    end loop;
    execute format('alter table %s rename to %I', target, left(this.name, 50) || '_part_0');

    execute format(
        'create table %s (like %s including all excluding indexes) partition by hash (%s)%s',
        table_name, partition_name, this.key_list, ' tablespace ' || quote_ident(this.spcname)
    );
    -- Rights that default privileges gave to the new table.
    for each in
        select distinct case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as grantee
        from pg_catalog.pg_class
        cross join lateral aclexplode(pg_class.relacl) as granted
        where pg_class.oid = table_name::regclass and granted.grantee <> pg_class.relowner
    loop
        execute format('revoke all on %s from %s', table_name, each.grantee);
    end loop;
    foreach statement in array statements loop
        execute statement;
    end loop;

    if is_kept then
        -- Scans the rows, because nothing says that all of them belong to the only partition.
        execute format(
            'alter table %s attach partition %s for values with (modulus 1, remainder 0)', table_name, partition_name
        );
    end if;
    foreach statement in array triggers loop
        execute statement;
    end loop;
    foreach statement in array views loop
        execute statement;
    end loop;
    if is_kept then
        -- Readers have rights on the whole table only.
        for each in
            select distinct case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end as grantee
            from pg_catalog.pg_class
            cross join lateral (
                select owned.grantee
                from aclexplode(pg_class.relacl) as owned
                union
                select owned.grantee
                from pg_catalog.pg_attribute
                cross join lateral aclexplode(pg_attribute.attacl) as owned
                where pg_attribute.attrelid = target and not pg_attribute.attisdropped
            ) as granted
            where pg_class.oid = target and granted.grantee <> pg_class.relowner
        loop
            execute format('revoke all on %s from %s', partition_name, each.grantee);
        end loop;
        -- Autovacuum never analyzes a partitioned table.
        execute format('analyze %s', table_name);
    else
        execute format('drop table %s', partition_name);
    end if;
end
$$;

comment on function elt.partition_table(regclass) is
    'Turns a table with a primary key into one that is partitioned by hash of that key. A no-op if it is one already. Its rows become the only partition; an empty table gets no partition, and the first load creates them. Views, triggers, indexes, comments, grants and owner are kept. Raises an error, and changes nothing, if something else depends on the table. Locks the table and the views that read it in ACCESS EXCLUSIVE mode until the end of the transaction, while it scans the rows once.';

revoke execute on function elt.partition_table(regclass) from public;
