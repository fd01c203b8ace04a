-- reads:    elt.has_citus, elt.distribution, elt.distribution_statement, elt.grant_roles
-- used by:  elt distribute
-- careful:  one transaction for all tables: they are distributed together, or nothing changes. Citus writes each row once
--           more, on a worker
create or replace function elt.distribute(is_dry_run boolean default false)
returns setof text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    wrong record;
    missing record;
begin
    if not elt.has_citus() then
        raise exception 'database "%" has no Citus', current_database()
            using errcode = 'feature_not_supported', hint = 'On each server: create extension citus';
    end if;
    select * into wrong from elt.distribution where distribution.problem is not null order by distribution.table_name;
    if found then
        raise exception 'cannot distribute table "%": %', wrong.table_name, wrong.problem
            using errcode = 'object_not_in_prerequisite_state', hint = wrong.hint;
    end if;
    for missing in
        select
            distribution_statement.statement,
            distribution_statement.why
        from elt.distribution_statement
        where not distribution_statement.is_done
        order by distribution_statement.place
    loop
        if is_dry_run then
            return next format(E'-- %s\n%s', missing.why, missing.statement);
        else
            return next missing.statement;
            execute missing.statement;
        end if;
    end loop;
end
$$;

comment on function elt.distribute(boolean) is
    'Distributes the declared core tables over the workers of Citus, with the functions, logins and grants that they need. Returns the statements that it ran; none if all are in place. If is_dry_run is true, it only returns them, each below a comment that says what it does and costs.';

revoke execute on function elt.distribute(boolean) from public;
