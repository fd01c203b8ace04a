-- what:   create elt.view_version
-- why:    every definition of sql/ that was ever applied is kept with its text (elt migrate)
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.view_version (loses the history of definitions; the current ones are in sql/)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.view_version (
    name text not null,
    version bigint not null,
    layer text not null,
    header jsonb not null,
    sha256 text not null,
    definition text not null,
    elt_version text not null,
    applied_by text not null default session_user,
    applied_at timestamptz not null default now(),
    removed_at timestamptz,
    constraint view_version_pkey primary key (name, version),
    constraint view_version_from_one check (version >= 1),
    constraint view_version_layer_known
        check (layer in ('elt', 'core', 'mart', 'quality', 'export')),
    constraint view_version_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$')
);

comment on table elt.view_version is
    'Every definition of a view, function, rule or export query that elt migrate ever applied. The highest version of a name is the current one, unless it was removed.';
comment on column elt.view_version.name is
    'Schema and name, as in public.valid_appointments; exports, which are no database objects, are export.<file>.';
comment on column elt.view_version.version is 'Counts from 1 for each name; a new version for each new text.';
comment on column elt.view_version.layer is 'Folder of sql/ that it comes from: elt, core, mart, quality or export.';
comment on column elt.view_version.header is
    'Keys of the comment at the head of the file: grain, reads, fills (core), level (quality), and others.';
comment on column elt.view_version.sha256 is 'SHA-256 of the file, in hexadecimal.';
comment on column elt.view_version.definition is 'Full text of the file.';
comment on column elt.view_version.elt_version is 'Version of the program that applied it.';
comment on column elt.view_version.applied_by is 'Database role that applied it.';
comment on column elt.view_version.applied_at is 'When it was applied.';
comment on column elt.view_version.removed_at is
    'When the object was dropped because its file is gone; null while it exists.';
