-- reads:    PostgreSQL's catalogue
-- used by:  elt.close_part, elt load
-- careful:  statistics of whole documents would say nothing, and take five times as long; a sample of
--           3,000 rows tells what the planner has to know: how many there are, and whether a column
--           repeats itself.
--           With its owner's rights: nobody else's statistics would count
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
    'Collects the statistics that the queries of a publish need of a table of staged rows.';

revoke execute on function elt.analyze_staging(regclass) from public;
