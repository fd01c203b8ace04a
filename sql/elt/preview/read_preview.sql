-- reads:    what elt.begin_preview kept, elt.seen_rows, elt.compare_rows, elt.changed_columns, elt.count_preview, elt.listed_columns
-- used by:  elt.preview_loads
-- careful:  rows_before and rows_after are null for core tables, because
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
    changed jsonb,
    problem text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Without notices of tables that are not there yet.
set client_min_messages = warning
as $$
declare
    previewed record;
    compared record;
    counted record;
    own text;
    their text;
begin
    for previewed in
        execute 'select * from pg_temp.elt_previewed order by number'
    loop
        layer := previewed.layer;
        name := previewed.name;
        problem := null;
        own := 'pg_temp.elt_preview_own';
        their := 'pg_temp.elt_preview_their';
        execute 'drop table if exists pg_temp.elt_preview_own, pg_temp.elt_preview_their';
        if previewed.method in ('counts', 'all rows are new') then
            counted := elt.count_preview(
                publish_id, previewed.name, previewed.key, previewed.method = 'all rows are new', sample_size
            );
            compared_by := counted.compared_by;
            compared_columns := counted.compared_columns;
            rows_before := null;
            rows_after := null;
            rows_added := counted.rows_added;
            rows_removed := counted.rows_removed;
            rows_changed := counted.rows_changed;
            columns_changed := '{}';
            added := counted.added;
            removed := '[]';
            changed := '[]';
            return next;
            continue;
        end if;
        begin
            if previewed.method like 'problem: %' then
                raise exception '%', substr(previewed.method, length('problem: ') + 1);
            end if;
            if previewed.method = 'changes' then
                execute format(
                    'create temporary table elt_preview_own on commit drop as %s',
                    elt.seen_rows('elt_preview_' || previewed.number, previewed.name::regclass, previewed.key, false)
                );
                execute format(
                    'create temporary table elt_preview_their on commit drop as %s',
                    elt.seen_rows('elt_preview_' || previewed.number, previewed.name::regclass, previewed.key, true)
                );
            else
                own := format('pg_temp.elt_preview_%s', previewed.number);
                execute format(
                    'create temporary table elt_preview_their on commit drop as select * from %s',
                    case
                        when previewed.layer = 'export' then own || '_query'
                        else previewed.name
                    end
                );
            end if;
            compared := elt.compare_rows(own::regclass, their::regclass, previewed.key, sample_size);
            compared_by := compared.compared_by;
            compared_columns := elt.listed_columns(their::regclass, previewed.key);
            rows_before := case when previewed.layer <> 'core' then compared.rows_before end;
            rows_after := case when previewed.layer <> 'core' then compared.rows_after end;
            rows_added := compared.rows_added;
            rows_removed := compared.rows_removed;
            rows_changed := compared.rows_changed;
            columns_changed := elt.changed_columns(own::regclass, their::regclass, compared.compared_by);
            added := compared.added;
            removed := compared.removed;
            changed := compared.changed;
        exception
            when others then
                -- Core tables can always be compared.
                if previewed.layer = 'core' then
                    raise;
                end if;
                problem := sqlerrm;
                compared_by := null;
                compared_columns := '{}';
                rows_before := null;
                rows_after := null;
                rows_added := 0;
                rows_removed := 0;
                rows_changed := null;
                columns_changed := '{}';
                added := '[]';
                removed := '[]';
                changed := '[]';
        end;
        return next;
    end loop;
end
$$;

comment on function elt.read_preview(bigint, bigint) is
    'Returns what a publish changed in each core table, view of a mart and export: numbers of rows, how many rows changed in which columns, and the first rows of each kind.';

revoke execute on function elt.read_preview(bigint, bigint) from public;
