-- what:   create elt.publish, elt.load, elt.live_load and elt.publish_change
-- why:    every load and every publish is on record, with what it read and what it changed
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the four tables (loses the record of loads; load the sources again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.publish (
    publish_id bigint generated always as identity constraint publish_pkey primary key,
    state text not null,
    cause text not null,
    core_sha256 text,
    elt_version text not null,
    published_by text not null default session_user,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    constraint publish_state_known check (state in ('published', 'refused')),
    constraint publish_cause_known check (cause in ('load', 'migrate'))
);

comment on table elt.publish is
    'One row per publish: the transaction that makes loads live, brings core to what they say and runs the rules.';
comment on column elt.publish.publish_id is 'Number of the publish.';
comment on column elt.publish.state is
    'published: committed. refused: a rule of level error found rows, so that nothing changed.';
comment on column elt.publish.cause is
    'load: new loads. migrate: the core queries changed, and the live loads were published again.';
comment on column elt.publish.core_sha256 is
    'Fingerprint of the core queries and functions it ran with (elt.core_sha256()); null when refused.';
comment on column elt.publish.elt_version is 'Version of the program.';
comment on column elt.publish.published_by is 'Database role.';
comment on column elt.publish.started_at is 'Start of the publish.';
comment on column elt.publish.finished_at is 'End of the publish.';

create table elt.load (
    load_id bigint generated always as identity constraint load_pkey primary key,
    source text not null,
    state text not null default 'copying',
    location text not null,
    size_bytes bigint,
    sha256 text,
    rows_read bigint,
    rows_staged bigint,
    rows_rejected bigint,
    publish_id bigint,
    elt_version text not null,
    loaded_by text not null default session_user,
    started_at timestamptz not null default now(),
    staged_at timestamptz,
    finished_at timestamptz,
    staging_dropped_at timestamptz,
    error text,
    constraint load_source_fkey foreign key (source) references elt.source (source),
    constraint load_publish_id_fkey foreign key (publish_id) references elt.publish (publish_id),
    constraint load_state_known check (
        state in ('copying', 'staged', 'published', 'refused', 'failed', 'interrupted')
    ),
    constraint load_accounts_for_every_row check (rows_read = rows_staged + rows_rejected),
    constraint load_is_counted_when_staged check (
        state not in ('staged', 'published', 'refused')
        or (
            rows_read is not null
            and rows_staged is not null
            and rows_rejected is not null
            and sha256 is not null
            and size_bytes is not null
        )
    ),
    constraint load_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$')
);

create index load_source_idx on elt.load (source, load_id);
create index load_publish_id_idx on elt.load (publish_id);

comment on table elt.load is
    'One row per execution of a load: one file of one source. Kept for ever; the rows themselves are in staging until they are dropped.';
comment on column elt.load.load_id is 'Number of the load; _load_id of its rows in staging.';
comment on column elt.load.source is 'Source that was loaded.';
comment on column elt.load.state is
    'copying: rows are on their way. staged: all rows are in staging. published: they were made live. refused: a rule of level error found rows. failed: see error. interrupted: the program died.';
comment on column elt.load.location is 'Absolute path of the file.';
comment on column elt.load.size_bytes is 'Bytes read.';
comment on column elt.load.sha256 is 'SHA-256 of the bytes read, in hexadecimal.';
comment on column elt.load.rows_read is 'Records that the reader found in the file.';
comment on column elt.load.rows_staged is 'Rows that PostgreSQL says it copied into staging.';
comment on column elt.load.rows_rejected is 'Rows of this load in elt.reject, as counted by PostgreSQL.';
comment on column elt.load.publish_id is 'Publish that made it live or refused it; null before.';
comment on column elt.load.elt_version is 'Version of the program.';
comment on column elt.load.loaded_by is 'Database role.';
comment on column elt.load.started_at is 'When the load began.';
comment on column elt.load.staged_at is 'When its last row was in staging.';
comment on column elt.load.finished_at is 'When its outcome was known.';
comment on column elt.load.staging_dropped_at is
    'When its partition of the staging table was dropped; null while it is there.';
comment on column elt.load.error is 'Why it failed or was refused; null otherwise.';

create table elt.live_load (
    source text constraint live_load_pkey primary key,
    load_id bigint not null,
    publish_id bigint not null,
    constraint live_load_source_fkey foreign key (source) references elt.source (source),
    constraint live_load_load_id_fkey foreign key (load_id) references elt.load (load_id),
    constraint live_load_publish_id_fkey
        foreign key (publish_id) references elt.publish (publish_id),
    constraint live_load_load_id_key unique (load_id)
);

comment on table elt.live_load is
    'The load of each source that core and the views show: one row per source that was ever published. Moved only by a publish.';
comment on column elt.live_load.source is 'Source.';
comment on column elt.live_load.load_id is 'Its live load.';
comment on column elt.live_load.publish_id is
    'Latest publish that brought core to what this load says; a later one than the load''s own when core queries changed.';

create table elt.publish_change (
    publish_id bigint not null,
    table_name text not null,
    rows_inserted bigint not null,
    rows_updated bigint not null,
    rows_deleted bigint not null,
    constraint publish_change_pkey primary key (publish_id, table_name),
    constraint publish_change_publish_id_fkey
        foreign key (publish_id) references elt.publish (publish_id)
);

comment on table elt.publish_change is 'What each publish changed: one row per table that it brought up to date.';
comment on column elt.publish_change.publish_id is 'Publish.';
comment on column elt.publish_change.table_name is 'Schema and table.';
comment on column elt.publish_change.rows_inserted is 'Rows that were new.';
comment on column elt.publish_change.rows_updated is 'Rows whose values differed.';
comment on column elt.publish_change.rows_deleted is 'Rows whose key was gone.';
