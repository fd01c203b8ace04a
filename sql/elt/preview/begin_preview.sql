-- reads:    elt.previewed_relation, elt.distribution_column, elt.view_version, elt.core_query
-- used by:  elt load --dry-run and --hold
-- careful:  call it in the transaction of a publish that is rolled back. It waits for other publishes and lets none
--           begin, so that the rows before are those that the publish finds. The triggers take SHARE ROW EXCLUSIVE on
--           core tables, which no reader waits for. Runs with its owner's rights, like elt.publish_loads
create or replace function elt.begin_preview(load_ids bigint[], core_only boolean)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    previewed record;
    number bigint := 0;
    seen text;
    is_empty boolean;
    method text;
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
            end if;
        else
            method := 'copy';
            if previewed.layer = 'export' then
                execute format(
                    'create temporary view %I as %s',
                    seen || '_query',
                    (
                        select regexp_replace(view_version.definition, ';\s*$', '')
                        from elt.view_version
                        where view_version.name = 'export.' || previewed.name
                        order by view_version.version desc
                        limit 1
                    )
                );
            end if;
            execute format(
                'create temporary table %I on commit drop as select * from %s',
                seen,
                coalesce(previewed.relation::text, format('pg_temp.%I', seen || '_query'))
            );
        end if;
        execute 'insert into pg_temp.elt_previewed values ($1, $2, $3, $4, $5)'
        using number, previewed.layer, previewed.name, previewed.key, method;
    end loop;
end
$$;

comment on function elt.begin_preview(bigint[], boolean) is
    'Keeps what a publish of these loads may change: results as copies, core tables by triggers that keep each changed row. core_only leaves out the results, which are computed twice otherwise.';

revoke execute on function elt.begin_preview(bigint[], boolean) from public;
