-- grain:    one row per source
-- reads:    elt.source, elt.live_load, elt.load, elt.reject, PostgreSQL's catalogue
-- used by:  elt status
-- careful:  staging tables are looked up in the catalogue, because the reader may have no rights on their schema
create or replace view elt.source_status as
select
    source.source,
    source.format,
    case when source.file ~ '^https?://' then split_part(source.file, '?', 1) else source.file end as file,
    load.load_id,
    load.rows_staged,
    load.rows_rejected,
    load.finished_at as published_at,
    load.location,
    source.description,
    (
        select coalesce(sum(pg_total_relation_size(tree.relid)), 0)::bigint
        from pg_catalog.pg_class
        cross join lateral pg_partition_tree(pg_class.oid::regclass) as tree
        where pg_class.relnamespace = 'staging'::regnamespace and pg_class.relname = source.source
    ) as staging_bytes,
    source.mode,
    (
        select count(*)
        from elt.load as part
        where part.source = source.source and part.live_publish_id is not null
    ) as live_load_count,
    (
        select count(*)
        from elt.load as part
        inner join elt.reject on part.load_id = reject.load_id
        where
            part.source = source.source
            and part.live_publish_id is not null
            and reject.replaced_by_load_id is null
    ) as rejects_open
from elt.source
left join elt.live_load on source.source = live_load.source
left join elt.load on live_load.load_id = load.load_id
order by source.source;

comment on view elt.source_status is
    'The live load of each source: number, rows, rejected rows, age and file, and the space of all its loads in staging. Null for sources that were never loaded.';
comment on column elt.source_status.source is 'Name on the command line, and name of the staging table.';
comment on column elt.source_status.format is 'csv, json or rest.';
comment on column elt.source_status.file is 'File name in the data folder, or address of the file without its query; null for an API.';
comment on column elt.source_status.load_id is
    'Live load; for append and merge sources the latest one. Null if the source was never loaded.';
comment on column elt.source_status.rows_staged is 'Rows of that load.';
comment on column elt.source_status.rows_rejected is 'Rejected records of that load.';
comment on column elt.source_status.published_at is 'When that load became live.';
comment on column elt.source_status.location is 'Where it was loaded from: path of the file, or address of the file or the API.';
comment on column elt.source_status.description is 'Description of the source.';
comment on column elt.source_status.staging_bytes is 'Space of all its loads in staging, with indexes.';
comment on column elt.source_status.mode is 'replace, append or merge (elt.source.mode).';
comment on column elt.source_status.live_load_count is
    'How many loads core shows: one, or for append and merge sources all that were published and not rolled back.';
comment on column elt.source_status.rejects_open is
    'Rejected records of these loads that are kept and not replaced yet (elt rejects).';
