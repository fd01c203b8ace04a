-- reads:    elt.load
-- used by:  elt load
-- careful:  the partition is attached while it is empty, in a transaction of its own: this scans nothing, blocks no
--           reader, and ensures that no older plan misses rows that a later publish makes live. If wal_level = minimal,
--           the server writes no WAL for rows copied into a table created in the same transaction. Then each connection
--           creates its own table (elt.open_part). part_mask has the bits of a row's number that select its part, and
--           is 0 if there is only one. Runs with its owner's rights, so that the role that loads need not own tables in
--           staging: elt_load may fill the table created here, and no other part
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
    -- Corrected records of an API belong to no page.
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
    'Creates the empty partition of the staging table for a load and returns its name.';

revoke execute on function elt.open_staging(bigint, bigint) from public;
