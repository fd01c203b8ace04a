-- grain:    one row per object of sql/ that is applied now
-- reads:    elt.view_version
-- used by:  elt.core_read, elt.core_sha256, elt.run_rules, elt.source_core
create or replace view elt.current_view as
with latest as (
    select distinct on (name)
        name,
        version,
        layer,
        header,
        sha256,
        applied_at,
        removed_at
    from elt.view_version
    order by name asc, version desc
)

select
    latest.name,
    latest.version,
    latest.layer,
    latest.header,
    latest.sha256,
    latest.applied_at
from latest
where latest.removed_at is null;

comment on view elt.current_view is
    'Current version of every view, function, rule and export query.';
comment on column elt.current_view.name is 'Schema and name; export.<file> for an export.';
comment on column elt.current_view.version is 'Version number, from 1.';
comment on column elt.current_view.layer is 'Folder of sql/: elt, core, mart, quality or export.';
comment on column elt.current_view.header is 'Keys of the comment at the head of the file.';
comment on column elt.current_view.sha256 is 'SHA-256 of the file, in hexadecimal.';
comment on column elt.current_view.applied_at is 'When this version was applied.';
