-- $1 jsonb: header of a core query.
-- Its sources whose live load is no longer in staging, of any mode.
select distinct load.source
from elt.core_query
inner join elt.load on load.source = any(core_query.sources)
where
    core_query.fills = $1::jsonb ->> 'fills'
    and load.live_publish_id is not null
    and to_regclass(format('staging.%I', load.source || '_load_' || load.load_id)) is null
order by load.source;
