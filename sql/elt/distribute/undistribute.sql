-- reads:    elt.filled_table, elt.distribution_column, elt.kept_attribute
-- used by:  elt distribute --undo
create or replace function elt.undistribute(is_dry_run boolean)
returns setof text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    kept text[];
    statement text;
begin
    for target in
        select distinct filled_table.table_name, filled_table.filled
        from elt.filled_table
        where elt.distribution_column(filled_table.filled) is not null
        order by filled_table.table_name
    loop
        statement := format('select undistribute_table(%L)', target.table_name);
        return next statement;
        continue when is_dry_run;
        kept := array(select elt.kept_attribute(target.filled));
        -- Citus warns of views that are on the coordinator alone from here on.
        set local client_min_messages = error;
        execute statement;
        foreach statement in array kept loop
            execute statement;
        end loop;
        if to_regrole('elt_read') is not null then
            execute format('revoke select on %s from elt_read', target.table_name);
        end if;
        execute format('analyze %s', target.table_name);
    end loop;
end
$$;

comment on function elt.undistribute(boolean) is
    'Brings all distributed core tables back to the coordinator, and keeps their views, comments and grants. Returns the statements. If is_dry_run is true, it only returns them.';

revoke execute on function elt.undistribute(boolean) from public;
