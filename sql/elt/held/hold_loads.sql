-- reads:    elt.load, elt.preview, elt.publish
-- used by:  elt load --hold, and loads of sources with elt.source.hold
-- careful:  runs with its owner's rights, so that the role that loads can change no other preview
create or replace function elt.hold_loads(load_ids bigint[], report jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.load
    set
        state = 'held',
        finished_at = clock_timestamp()
    where load.load_id = any(load_ids) and load.state = 'staged';
    if (
        select count(*)
        from elt.load
        where load.load_id = any(load_ids) and load.state = 'held'
    ) <> cardinality(load_ids) then
        raise exception 'not all of these loads are staged: %', load_ids
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    insert into elt.preview (load_ids, publish_id, report)
    select
        hold_loads.load_ids,
        max(publish.publish_id),
        hold_loads.report
    from elt.publish
    where publish.state = 'published';
end
$$;

comment on function elt.hold_loads(bigint[], jsonb) is
    'Records that staged loads wait until they are published or discarded, and what they would change.';

revoke execute on function elt.hold_loads(bigint[], jsonb) from public;
