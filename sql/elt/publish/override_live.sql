-- reads:    elt.load, elt.live_override
-- used by:  elt.prepare_part, elt.merge_batch
-- careful:  for this transaction only: the caller deletes the rows of elt.live_override before it commits. Readers
--           cannot call it, because it would show them loads that were refused or held back
create or replace function elt.override_live(load_ids bigint[])
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.live_override (source, load_id)
    select
        load.source,
        load.load_id
    from elt.load
    where load.load_id = any(load_ids)
$$;

comment on function elt.override_live(bigint[]) is
    'Shows these loads as live to the transaction that calls it. No other transaction sees a difference.';

revoke execute on function elt.override_live(bigint[]) from public;
