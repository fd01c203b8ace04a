-- reads:    elt.load, elt.reject, elt.load_file, elt.load_column
-- used by:  elt load --dry-run
-- careful:  the next sweep drops the staged rows. Runs with its owner's rights, because the role that loads deletes nothing
create or replace function elt.end_dry_run(load_ids bigint[], outcome text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.load
    set
        state = 'dry run',
        finished_at = clock_timestamp(),
        error = outcome
    where load.load_id = any(load_ids) and load.state = 'staged';
    if (
        select count(*)
        from elt.load
        where load.load_id = any(load_ids) and load.state = 'dry run'
    ) <> cardinality(load_ids) then
        raise exception 'not all of these loads are staged: %', load_ids
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    delete from elt.reject
    where reject.load_id = any(load_ids);
    delete from elt.load_column
    where load_column.load_id = any(load_ids);
    delete from elt.load_file
    where load_file.load_id = any(load_ids);
end
$$;

comment on function elt.end_dry_run(bigint[], text) is
    'Records that loads were dry runs, and deletes what else was recorded about them. outcome says why they would have been refused, or is null.';

revoke execute on function elt.end_dry_run(bigint[], text) from public;
