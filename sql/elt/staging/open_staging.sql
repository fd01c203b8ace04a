-- reads:    elt.load
-- used by:  elt load, elt.open_batch
-- careful:  the partition is attached while it is empty, in a transaction of its own: this scans nothing, blocks no
--           reader, and ensures that no older plan misses rows that a later publish makes live. If wal_level = minimal,
--           the server writes no WAL for rows copied into a table created in the same transaction. Then each connection
--           creates its own table (elt.open_part). part_mask has the bits of a row's number that select its part, is 0
--           if there is one part, and null if the rows go into the partition itself. Runs with its owner's rights, so that the role that loads need not own tables in
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
    is_batch boolean;
    -- The loads whose rows the partition has.
    load_ids text;
begin
    select
        load.source,
        load.source || '_load_' || load.load_id,
        load.batch_load_id is not null,
        (
            select string_agg(part.load_id::text, ', ' order by part.load_id)
            from elt.load as part
            where part.load_id = load.load_id or part.batch_load_id = load.load_id
        )
    into strict parent, partition, is_batch, load_ids
    from elt.load
    where load.load_id = open_staging.load_id;

    execute format(
        'create table staging.%I (like staging.%I including defaults including constraints) %s',
        partition,
        parent,
        case
            when part_mask is not null and current_setting('wal_level') = 'minimal'
                then format('partition by list ((_row & %s))', part_mask)
        end
    );
    if is_batch then
        -- Core queries read one load at a time.
        execute format('create index on staging.%I (_load_id)', partition);
    else
        execute format(
            'alter table staging.%I alter column _load_id set default %s', partition, load_id
        );
    end if;
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
        'comment on table staging.%I is %L',
        partition,
        case
            when is_batch then format('Rows of the loads with batch_load_id %s (elt.load).', load_id)
            else format('Rows of load %s (elt.load).', load_id)
        end
    );
    execute format(
        'alter table staging.%I attach partition staging.%I for values in (%s)',
        parent, partition, load_ids
    );
    if to_regrole('elt_load') is not null then
        execute format('grant insert on staging.%I to elt_load', partition);
    end if;
    return format('staging.%I', partition);
end
$$;

comment on function elt.open_staging(bigint, bigint) is
    'Creates the empty partition of the staging table for a load, or for the loads of a batch, and returns its name.';

revoke execute on function elt.open_staging(bigint, bigint) from public;
