-- reads:    elt.publish, elt.publish_load, elt.loads_at
-- used by:  elt diff --export
-- careful:  looks at one publish after the other, the latest first, and stops at the first one that cannot be computed
create or replace function elt.first_publish(table_names text[])
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    tried bigint;
    reached bigint;
begin
    for tried in
        select publish.publish_id
        from elt.publish
        where
            publish.state = 'published'
            and publish.publish_id >= (select min(publish_load.publish_id) from elt.publish_load)
        order by publish.publish_id desc
    loop
        exit when exists (
            select 1
            from unnest(table_names) as named (table_name)
            cross join lateral elt.loads_at(tried, named.table_name) as loads
            where loads.is_missing
        );
        reached := tried;
    end loop;
    return reached;
end
$$;

comment on function elt.first_publish(text[]) is
    'Returns the earliest publish whose rows of these core tables can be computed, as can those of every later one. Null if there is none.';
