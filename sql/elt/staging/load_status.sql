-- grain:    one row per load
-- reads:    elt.load, elt.load_state, elt.reject, elt.staging_leftover, PostgreSQL's catalogue
-- used by:  elt loads, elt status, elt gc, elt serve, elt.load_finding, elt.load_fact
-- careful:  partitions are looked up in the catalogue, because the reader may have no rights on schema staging. The sizes
--           are costly: long lists choose their loads in elt.load_state first
create or replace view elt.load_status as
select
    load.load_id,
    load.source,
    load_state.state,
    load.live_publish_id is not null as is_live,
    load.location,
    load.rows_staged,
    load.rows_rejected,
    load.rows_purged,
    (
        select count(*)
        from elt.reject
        where reject.load_id = load.load_id and reject.replaced_by_load_id is null
    ) as rejects_open,
    case
        when load.staging_dropped_at is null and load.load_id = coalesce(load.batch_load_id, load.load_id)
            then (
                select coalesce(sum(pg_total_relation_size(tree.relid)), 0)::bigint
                from pg_catalog.pg_class
                cross join lateral pg_partition_tree(pg_class.oid::regclass) as tree
                where
                    pg_class.relnamespace = 'staging'::regnamespace
                    and pg_class.relname = load.source || '_load_' || load.load_id
            )
        else 0
    end as staging_bytes,
    load.replayed_load_id,
    load.loaded_by,
    load.started_at,
    coalesce(
        load.finished_at,
        case when load_state.is_running then now() end,
        load.staged_at,
        load.started_at
    ) - load.started_at as duration,
    staging_leftover.reason as leftover_reason,
    load.error,
    load.rolled_back_at,
    load.since_sent,
    load.since_value,
    load.changed_while_read,
    load_state.state_in_words,
    case
        when load.location ~ '^[a-z]+://' then load.location
        else coalesce(nullif(regexp_replace(load.location, '^.*/', ''), ''), load.location)
    end as file,
    load.replay_location,
    load.size_bytes,
    load.rejects_purged,
    concat_ws(
        '; ',
        case
            when load.replayed_load_id is not null
                then format(
                    'replays load %s with %s',
                    load.replayed_load_id,
                    coalesce(nullif(regexp_replace(load.replay_location, '^.*/', ''), ''), load.replay_location)
                )
        end,
        case load.rows_purged when 0 then null when 1 then '1 row purged' else load.rows_purged || ' rows purged' end,
        case load.rejects_purged
            when 0 then null
            when 1 then '1 reject purged'
            else load.rejects_purged || ' rejects purged'
        end
    ) as note,
    case
        when length(split_part(load.error, E'\n', 1)) > 300 then left(load.error, 300) || '…'
        else split_part(load.error, E'\n', 1)
    end as error_line
from elt.load
inner join elt.load_state on load.load_id = load_state.load_id
left join elt.staging_leftover on load.load_id = staging_leftover.load_id;

comment on view elt.load_status is
    'Every load: its state, whether it is live, and the space that it uses.';
comment on column elt.load_status.load_id is 'Number of the load.';
comment on column elt.load_status.source is 'Source that was loaded.';
comment on column elt.load_status.state is
    'State as in elt.load. Also interrupted if its program died and this is not recorded yet.';
comment on column elt.load_status.is_live is 'Whether core and the views show its rows.';
comment on column elt.load_status.location is 'Path of the file, or address of the API.';
comment on column elt.load_status.rows_staged is 'Rows that were copied into staging. Null if it failed before that.';
comment on column elt.load_status.rows_rejected is 'Rejected records. Null if it failed before that.';
comment on column elt.load_status.rows_purged is 'How many of rows_staged were removed later (elt purge).';
comment on column elt.load_status.rejects_open is 'How many of its rejected records are kept and not replaced yet.';
comment on column elt.load_status.staging_bytes is 'Space of its rows in staging. For loads that were staged together (elt.load.batch_load_id), the first one has the space of all, and the others 0. 0 after they are dropped.';
comment on column elt.load_status.replayed_load_id is
    'Load whose rejects it corrects (elt load --replay). Null for other loads.';
comment on column elt.load_status.loaded_by is 'Database role that loaded it.';
comment on column elt.load_status.started_at is 'When it started.';
comment on column elt.load_status.duration is 'How long it took, or has taken so far.';
comment on column elt.load_status.leftover_reason is
    'Why elt gc drops its rows from staging. Null if they are needed or already dropped.';
comment on column elt.load_status.error is 'Why it failed or was refused. Null otherwise.';
comment on column elt.load_status.rolled_back_at is 'When elt rollback undid it. Null otherwise.';
comment on column elt.load_status.since_sent is
    'Value that was sent to an API to get only newer records. Null if everything was requested, and for files.';
comment on column elt.load_status.since_value is
    'How far the load has read: the next load continues from this value.';
comment on column elt.load_status.changed_while_read is
    'What changed while the pages of an API were read, if it was accepted: rows may be missing.';
comment on column elt.load_status.state_in_words is
    'State for people: live, rolled back, or as state. A published load that another one replaced is published.';
comment on column elt.load_status.file is 'Name of the file without its folders, or address of the API.';
comment on column elt.load_status.replay_location is
    'Path of the file of corrected rejects (elt load --replay). Null for other loads.';
comment on column elt.load_status.size_bytes is 'Bytes read. Null if it failed before that.';
comment on column elt.load_status.rejects_purged is 'How many of rows_rejected were removed later (elt purge).';
comment on column elt.load_status.note is
    'Which load it replays and with which file, and what was purged of it. Empty for most loads.';
comment on column elt.load_status.error_line is 'First line of the error, at most 300 characters of it. Null if there is none.';
