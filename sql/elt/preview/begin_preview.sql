-- reads:    elt.previewed_relation, elt.distribution_column, elt.keep_result, elt.note_seen_rows
-- used by:  elt.preview_loads
-- careful:  called before a publish that is rolled back. It waits for other publishes and lets none begin, so that the
--           rows before are those that the publish finds. The triggers take SHARE ROW EXCLUSIVE on core tables, which no
--           reader waits for; maintenance of a table may hold such a lock for long, so it is not waited for while other
--           publishes wait
create or replace function elt.begin_preview(load_ids bigint[], core_only boolean)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    previewed record;
    number bigint := 0;
    seen text;
    is_empty boolean;
    method text;
    other_timeout text := current_setting('lock_timeout');
begin
    perform pg_advisory_xact_lock(6646900, 2);
    create temporary sequence elt_preview_place;
    create temporary table elt_previewed (
        number bigint, layer text, name text, key text[], method text
    ) on commit drop;
    for previewed in
        select *
        from elt.previewed_relation(load_ids) as listed
        where listed.layer = 'core' or not core_only
    loop
        number := number + 1;
        seen := 'elt_preview_' || number;
        if previewed.layer = 'core' then
            execute format('select not exists (select 1 from %s limit 1)', previewed.relation) into is_empty;
            method := case
                -- Workers run no triggers. The publish counts what it changes.
                when elt.distribution_column(previewed.relation) is not null then 'counts'
                when is_empty then 'all rows are new'
                else 'changes'
            end;
            if method = 'changes' then
                execute format(
                    'create temporary table %I on commit drop as
                    select null::bigint as elt_place, null::boolean as elt_is_new, stored.*
                    from %s as stored
                    with no data',
                    seen, previewed.relation
                );
                perform set_config('lock_timeout', '2s', true);
                execute format(
                    'create trigger elt_preview_insert after insert on %1$s referencing new table as new_rows
                    for each statement execute function elt.note_seen_rows(%2$L);
                    create trigger elt_preview_update after update on %1$s
                    referencing old table as old_rows new table as new_rows
                    for each statement execute function elt.note_seen_rows(%2$L);
                    create trigger elt_preview_delete after delete on %1$s referencing old table as old_rows
                    for each statement execute function elt.note_seen_rows(%2$L)',
                    previewed.relation, seen
                );
                perform set_config('lock_timeout', other_timeout, true);
            end if;
        else
            method := elt.keep_result(previewed.layer, previewed.name, previewed.relation, seen);
        end if;
        execute 'insert into pg_temp.elt_previewed values ($1, $2, $3, $4, $5)'
        using number, previewed.layer, previewed.name, previewed.key, method;
    end loop;
end
$$;

comment on function elt.begin_preview(bigint[], boolean) is
    'Keeps what a publish of these loads may change: results as copies, core tables by triggers that keep each changed row. core_only leaves out the results, which are computed twice otherwise.';

revoke execute on function elt.begin_preview(bigint[], boolean) from public;
