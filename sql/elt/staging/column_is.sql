-- reads:    elt.live_load, elt.load, elt.load_column
-- used by:  core queries and rules, to skip tests of every value
-- careful:  false if nothing is known, as for documents and for loads of earlier versions. Call it in a subquery,
--           (select elt.column_is(...)), which runs once and not for each row. In PL/pgSQL, a session plans it
--           only once; a publish calls it a hundred times
create or replace function elt.column_is(source text, column_name text, property text)
returns boolean
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return exists (
        select 1
        from elt.live_load
        inner join elt.load on live_load.load_id = load.load_id
        -- Loads that were staged together share their facts.
        inner join elt.load_column on coalesce(load.batch_load_id, load.load_id) = load_column.load_id
        where
            live_load.source = column_is.source
            and load_column.column_name = column_is.column_name
            and case column_is.property
                when 'integer' then load_column.is_integer
                when 'date' then load_column.is_date
                when 'trimmed' then not load_column.has_edge_space
                when 'complete' then not load_column.has_null
                when 'lowercase' then load_column.is_lowercase
                when 'uppercase' then load_column.is_uppercase
                when 'empty' then load_column.is_empty
            end
    );
end
$$;

comment on function elt.column_is(text, text, text) is
    'Whether all values of a column in the live load of a source are known to have a property: integer (can be cast to bigint), date (YYYY-MM-DD, can be cast), trimmed (no white space at the edges), complete (no value is missing), lowercase (no letter in upper case), uppercase (no letter in lower case) or empty (no value is present).';
