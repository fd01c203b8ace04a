-- reads:    elt.mode_problem, elt.source
-- used by:  elt.take_back, elt.rebuild_source
create or replace function elt.require_mode(source text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    found_problem record;
begin
    select
        mode_problem.problem,
        mode_problem.hint,
        configured.mode
    into found_problem
    from elt.mode_problem
    inner join elt.source as configured on mode_problem.source = configured.source
    where mode_problem.source = require_mode.source
    limit 1;
    if found then
        raise exception 'source "%" is of mode %, and %', source, found_problem.mode, found_problem.problem
            using errcode = 'object_not_in_prerequisite_state', hint = found_problem.hint;
    end if;
end
$$;

comment on function elt.require_mode(text) is 'Raises an error if core does not fit the mode of a source.';
