-- reads:    elt.with_origin, elt.condition_holds
-- used by:  elt.run_rules, elt.close_publish
-- careful:  most rules find few rows, but the planner cannot know this: it would expect too many rows to share a scan
--           among several processes. parallel_tuple_cost corrects that here, so that rules need no special wording.
--           On Citus, a whole row must not leave the worker, and elt.with_origin can only run on the coordinator:
--           offset 0 keeps the rule's own query apart
create or replace function elt.check_rule(
    rule regclass, holds_if text, out violation_count bigint, out sample jsonb, out seconds double precision
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set parallel_tuple_cost = 0
as $$
declare
    began timestamptz := clock_timestamp();
begin
    if elt.condition_holds(holds_if) then
        violation_count := 0;
        sample := '[]';
    else
        execute format(
            'select
                count(*),
                jsonb_agg(numbered.violation) filter (where numbered.violation is not null)
            from (
                select case when row_number() over () <= 5 then to_jsonb(found) end as violation
                from (select * from %s offset 0) as found
            ) as numbered',
            rule
        )
        into violation_count, sample;
        sample := (
            select coalesce(jsonb_agg(elt.with_origin(listed.violation) order by listed.place), '[]')
            from jsonb_array_elements(sample) with ordinality as listed (violation, place)
        );
    end if;
    seconds := extract(epoch from clock_timestamp() - began);
end
$$;

comment on function elt.check_rule(regclass, text) is
    'Runs a rule on the data that the transaction sees, or skips it if the condition of its header is known to be true. Returns the number of violations, the first five of them with their origin, and the seconds it took.';
