-- reads:    elt.load
-- used by:  elt load
-- careful:  attached while it is empty, in a transaction of its own: that scans nothing, blocks no
--           reader, and no plan made before it can miss the rows that a later publish points to.
--           The server writes no log of rows copied into a table that was made in the same
--           transaction, if wal_level = minimal: then each connection makes its own (elt.open_part). part_mask says
--           which bits of a row's number tell its part; 0 if there is only one.
--           With its owner's rights, so that who loads need own nothing in staging: role elt_load may fill what is
--           made here, and no other part of the table
create or replace function elt.open_staging(load_id bigint, part_mask bigint)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    parent text;
    partition text;
begin
    select load.source, load.source || '_load_' || load.load_id
    into strict parent, partition
    from elt.load
    where load.load_id = open_staging.load_id;

    execute format(
        'create table staging.%I (like staging.%I including defaults including constraints) %s',
        partition,
        parent,
        case
            when part_mask > 0 and current_setting('wal_level') = 'minimal'
                then format('partition by list ((_row & %s))', part_mask)
        end
    );
    execute format(
        'alter table staging.%I alter column _load_id set default %s', partition, load_id
    );
    -- Corrected records of an API stand on no page.
    if exists (
        select 1
        from elt.load
        inner join pg_catalog.pg_attribute
            on pg_attribute.attrelid = format('staging.%I', parent)::regclass
        where
            load.load_id = open_staging.load_id
            and load.replayed_load_id is not null
            and pg_attribute.attname = '_page'
    ) then
        execute format('alter table staging.%I alter column _page set default 0', partition);
    end if;
    execute format(
        'comment on table staging.%I is %L', partition, 'Rows of load ' || load_id || ' (elt.load).'
    );
    execute format(
        'alter table staging.%I attach partition staging.%I for values in (%s)',
        parent, partition, load_id
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', partition);
    end if;
    return format('staging.%I', partition);
end
$$;

comment on function elt.open_staging(bigint, bigint) is
    'Makes the empty partition of the staging table that a load fills, and says its name.';

revoke execute on function elt.open_staging(bigint, bigint) from public;
