-- grain:    one row per core query, which is a view whose header names the table that it fills
-- reads:    elt.current_view, elt.upstream
-- used by:  elt.filled_table, elt.sources_of, elt.standing_result
create or replace view elt.core_query as
select
    current_view.name,
    current_view.header ->> 'fills' as fills,
    array(
        select pg_class.relname::text
        from elt.upstream(current_view.name::regclass) as upstream (oid)
        inner join pg_catalog.pg_class on upstream.oid = pg_class.oid
        where pg_class.relnamespace = 'staging'::regnamespace
        order by pg_class.relname
    ) as sources
from elt.current_view
where
    current_view.layer = 'core'
    and current_view.header ? 'fills';

comment on view elt.core_query is
    'Table that each core query fills, and the sources that it reads.';
comment on column elt.core_query.name is 'Schema and name of the view.';
comment on column elt.core_query.fills is 'Table that a publish updates from the view.';
comment on column elt.core_query.sources is 'Sources that it reads, directly or through other views.';
