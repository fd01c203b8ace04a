-- grain:    one row per source
-- reads:    elt.source, elt.core_read, elt.current_view
-- used by:  elt load (is the source unchanged?), elt.source_behind, elt.merge_load, elt.make_live
-- careful:  core queries of other sources are not included, so that they can be added and changed after the staged rows
--           of an append or merge source are gone
create or replace view elt.source_core as
with reads as materialized (
    select
        core_read.name,
        core_read.read_id,
        core_read.source
    from elt.core_read
),

applied as materialized (
    select
        to_regclass(current_view.name)::oid as oid,
        current_view.name || ' ' || current_view.sha256 as version
    from elt.current_view
    where current_view.layer = 'core' or current_view.name like 'elt.%\_value'
),

parts as (
    select
        staged.source,
        applied.version
    from reads as staged
    inner join reads on staged.name = reads.name
    inner join applied on reads.read_id = applied.oid
    where staged.source is not null
    union
    -- Functions are not among the dependencies, so every source includes them.
    select
        staged.source,
        applied.version
    from reads as staged
    cross join applied
    where staged.source is not null and applied.oid is null
)

select
    source.source,
    encode(
        sha256(
            convert_to(
                coalesce(string_agg(parts.version, ' ' order by parts.version), ''), 'UTF8'
            )
        ),
        'hex'
    ) as core_sha256
from elt.source
left join parts on source.source = parts.source
group by source.source;

comment on view elt.source_core is
    'Fingerprint of everything that determines how a load of each source is read into core.';
comment on column elt.source_core.source is 'Source.';
comment on column elt.source_core.core_sha256 is
    'SHA-256 of its core queries, of the views that they read and of the functions that read values, in hexadecimal.';
