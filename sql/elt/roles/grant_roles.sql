-- reads:    elt.grant_statement
-- used by:  elt migrate, at its end, so that the roles get rights on new objects
-- careful:  grants rights only to existing roles; elt grants creates the roles and gives them the schemas. The function
--           of a job may belong to another role: then only its own statement fails
create or replace function elt.grant_roles()
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    missing record;
    statement_count bigint := 0;
begin
    for missing in
        select grant_statement.statement
        from elt.grant_statement
        where
            grant_statement.part = 'right'
            and not grant_statement.is_done
            and to_regrole(grant_statement.role_name) is not null
        order by grant_statement.place
    loop
        begin
            execute missing.statement;
            statement_count := statement_count + 1;
        exception
            when insufficient_privilege then
                raise warning 'could not run: %', missing.statement using detail = sqlerrm;
        end;
    end loop;
    return statement_count;
end
$$;

comment on function elt.grant_roles() is
    'Grants the roles elt_load, elt_read, elt_web, elt_worker and elt_query the rights that they need, as far as they exist, and returns the number of statements run.';

revoke execute on function elt.grant_roles() from public;
