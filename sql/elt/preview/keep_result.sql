-- reads:    elt.view_version
-- used by:  elt.begin_preview
-- careful:  a result that cannot be computed is no reason to refuse a load, which does not compute it
create or replace function elt.keep_result(layer text, name text, relation regclass, seen text)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    query text;
begin
    if layer = 'export' then
        select regexp_replace(view_version.definition, ';\s*$', '')
        into query
        from elt.view_version
        where view_version.name = 'export.' || keep_result.name
        order by view_version.version desc
        limit 1;
        execute format('create temporary view %I as %s', seen || '_query', query);
    end if;
    execute format(
        'create temporary table %I on commit drop as select * from %s',
        seen,
        coalesce(relation::text, format('pg_temp.%I', seen || '_query'))
    );
    return 'copy';
exception
    when others then
        return 'problem: ' || sqlerrm;
end
$$;

comment on function elt.keep_result(text, text, regclass, text) is
    'Keeps a copy of a view of a mart or of an export as it is before a publish. Returns how it is compared later: copy, or why it cannot be.';

revoke execute on function elt.keep_result(text, text, regclass, text) from public;
