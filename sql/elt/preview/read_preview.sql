-- reads:    what elt.begin_preview kept, elt.seen_rows, elt.compare_rows, elt.changed_columns, elt.publish_change
-- used by:  elt load --dry-run and --hold
-- careful:  call it after the publish, in its transaction. rows_before and rows_after are null for core tables, because
--           counting them takes longer than a small load
create or replace function elt.read_preview(publish_id bigint, sample_size bigint)
returns table (
    layer text,
    name text,
    compared_by text[],
    compared_columns text[],
    rows_before bigint,
    rows_after bigint,
    rows_added bigint,
    rows_removed bigint,
    rows_changed bigint,
    columns_changed jsonb,
    added jsonb,
    removed jsonb,
    changed jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    previewed record;
    compared record;
    own text;
    their text;
begin
    for previewed in
        execute 'select * from pg_temp.elt_previewed order by number'
    loop
        layer := previewed.layer;
        name := previewed.name;
        own := 'pg_temp.elt_preview_own';
        their := 'pg_temp.elt_preview_their';
        execute 'drop table if exists pg_temp.elt_preview_own, pg_temp.elt_preview_their';
        if previewed.method = 'counts' then
            select
                sum(publish_change.rows_inserted),
                sum(publish_change.rows_deleted),
                sum(publish_change.rows_updated)
            into rows_added, rows_removed, rows_changed
            from elt.publish_change
            where publish_change.publish_id = read_preview.publish_id and publish_change.table_name = previewed.name;
            compared_by := null;
            compared_columns := '{}';
            rows_before := null;
            rows_after := null;
            columns_changed := '{}';
            added := '[]';
            removed := '[]';
            changed := '[]';
            return next;
            continue;
        end if;
        case previewed.method
            when 'changes' then
                execute format(
                    'create temporary table elt_preview_own on commit drop as %s',
                    elt.seen_rows('elt_preview_' || previewed.number, previewed.name::regclass, previewed.key, false)
                );
                execute format(
                    'create temporary table elt_preview_their on commit drop as %s',
                    elt.seen_rows('elt_preview_' || previewed.number, previewed.name::regclass, previewed.key, true)
                );
            when 'all rows are new' then
                execute format(
                    'create temporary table elt_preview_own on commit drop as select * from %s with no data',
                    previewed.name
                );
                their := previewed.name;
            else
                own := format('pg_temp.elt_preview_%s', previewed.number);
                execute format(
                    'create temporary table elt_preview_their on commit drop as select * from %s',
                    case
                        when previewed.layer = 'export' then own || '_query'
                        else previewed.name
                    end
                );
        end case;
        compared := elt.compare_rows(own::regclass, their::regclass, previewed.key, sample_size);
        compared_by := compared.compared_by;
        compared_columns := array(
            select pg_attribute.attname::text
            from pg_catalog.pg_attribute
            where
                pg_attribute.attrelid = their::regclass
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
                and pg_attribute.attname not like '\_%'
            order by array_position(previewed.key, pg_attribute.attname::text), pg_attribute.attnum
        );
        rows_before := case when previewed.layer <> 'core' then compared.rows_before end;
        rows_after := case when previewed.layer <> 'core' then compared.rows_after end;
        rows_added := compared.rows_added;
        rows_removed := compared.rows_removed;
        rows_changed := compared.rows_changed;
        columns_changed := elt.changed_columns(own::regclass, their::regclass, compared.compared_by);
        added := compared.added;
        removed := compared.removed;
        changed := compared.changed;
        return next;
    end loop;
end
$$;

comment on function elt.read_preview(bigint, bigint) is
    'Returns what a publish changed in each core table, view of a mart and export: numbers of rows, how many rows changed in which columns, and the first rows of each kind.';

revoke execute on function elt.read_preview(bigint, bigint) from public;
