-- what:   add elt.source.hold and the states held, discarded and dry run of a load; create elt.preview
-- why:    people see what loads would change before they are live, and decide
-- locks:  ACCESS EXCLUSIVE on elt.source and elt.load, for an instant: a column with a constant default, and checks
--         without a scan
-- time:   instant
-- undo:   publish or discard held loads; drop table elt.preview and the column; put the old checks back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.source add column hold boolean not null default false;
comment on column elt.source.hold is
    'Whether each load of the source waits until a person publishes or discards it (elt publish, elt discard).';

-- The new checks allow more values. Older programs refuse a newer schema.
-- squawk-ignore ban-drop-constraint
alter table elt.load drop constraint load_state_known;
-- squawk-ignore ban-drop-constraint
alter table elt.load drop constraint load_is_counted_when_staged;
alter table elt.load
add constraint load_state_known check (
    state in (
        'copying', 'staged', 'held', 'published', 'refused', 'failed', 'interrupted', 'discarded', 'dry run', 'purged'
    )
) not valid,
add constraint load_is_counted_when_staged check (
    state not in ('staged', 'held', 'published', 'refused', 'discarded', 'dry run')
    or (
        rows_read is not null and rows_staged is not null and rows_rejected is not null
        and sha256 is not null and size_bytes is not null
    )
) not valid;

create table elt.preview (
    preview_id bigint generated always as identity constraint preview_pkey primary key,
    load_ids bigint[] not null,
    publish_id bigint constraint preview_publish_id_fkey references elt.publish,
    report jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint preview_has_loads check (cardinality(load_ids) > 0)
);
create index preview_publish_id_idx on elt.preview (publish_id);

comment on table elt.preview is
    'What held loads would change. Deleted when they are published or discarded, because it has samples of their rows.';
comment on column elt.preview.preview_id is 'Number.';
comment on column elt.preview.load_ids is 'The loads, which were compared together.';
comment on column elt.preview.publish_id is
    'Latest publish when they were compared. If there is a later one, they may change other rows by now. Null if there was none.';
comment on column elt.preview.report is
    'The report that elt load --hold --json prints: tables, results and rules, before and after.';
comment on column elt.preview.created_at is 'When they were compared.';
comment on constraint preview_has_loads on elt.preview is 'A preview is about one load or more.';
