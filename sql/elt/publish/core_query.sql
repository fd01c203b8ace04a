-- grain:    one row per core query, which is a view whose header names the table that it fills
-- reads:    elt.core_read
-- used by:  elt.filled_table
-- careful:  takes longer to plan than to run: what needs no sources reads elt.current_view
create or replace view elt.core_query as
select
    core_read.name,
    core_read.fills,
    coalesce(
        array_agg(core_read.source order by core_read.source) filter (where core_read.source is not null), '{}'
    ) as sources
from elt.core_read
group by core_read.name, core_read.fills;

comment on view elt.core_query is
    'Table that each core query fills, and the sources that it reads.';
comment on column elt.core_query.name is 'Schema and name of the view.';
comment on column elt.core_query.fills is 'Table that a publish updates from the view.';
comment on column elt.core_query.sources is 'Sources that it reads, directly or through other views.';
