-- reads:    PostgreSQL's catalogue
-- used by:  elt.close_part, elt load
-- careful:  statistics of whole documents would tell nothing and take five times as long. A sample of 3,000 rows tells
--           the planner enough: the number of rows, and whether a column has repeated values. Runs with its owner's
--           rights, because only the owner may analyze a table
create or replace function elt.analyze_staging(rows_table regclass)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('default_statistics_target', '10', true);
    execute format(
        'analyze %s %s',
        rows_table,
        case
            when exists (
                select 1
                from pg_catalog.pg_attribute
                where attrelid = rows_table and attname = 'payload' and not attisdropped
            )
                then '(_row)'
        end
    );
end
$$;

comment on function elt.analyze_staging(regclass) is
    'Collects the statistics of a table of staged rows that the queries of a publish need.';

revoke execute on function elt.analyze_staging(regclass) from public;
