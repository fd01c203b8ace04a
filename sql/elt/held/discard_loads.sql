-- reads:    elt.require_held, elt.load, elt.reject, elt.preview, elt.note_audit
-- used by:  elt discard, and the job of that kind
-- careful:  the next sweep drops the staged rows. Runs with its owner's rights, because the role that loads deletes nothing
create or replace function elt.discard_loads(load_ids bigint[])
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(6646900, 2);
    perform elt.require_held(load_ids);
    update elt.load
    set
        state = 'discarded',
        finished_at = clock_timestamp()
    where load.load_id = any(load_ids);
    delete from elt.preview
    where
        preview.load_ids && discard_loads.load_ids
        and not exists (
            select 1
            from elt.load
            where load.load_id = any(preview.load_ids) and load.state = 'held'
        );
    perform elt.note_audit(
        'load.discard',
        format('load %s', array_to_string(load_ids, ', ')),
        jsonb_build_object(
            'sources', array(
                select distinct load.source
                from elt.load
                where load.load_id = any(load_ids)
                order by load.source
            )
        )
    );
end
$$;

comment on function elt.discard_loads(bigint[]) is
    'Gives up held loads and records who did it. Their rejects are kept, as for every load.';

revoke execute on function elt.discard_loads(bigint[]) from public;
