-- reads:    elt.with_origin, elt.condition_holds
-- used by:  elt.run_rules, elt.close_publish
-- careful:  most rules find few rows, but the planner cannot know this: it would expect too many rows to share a scan
--           among several processes. parallel_tuple_cost corrects that here, so that rules need no special wording
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
                coalesce(
                    jsonb_agg(elt.with_origin(to_jsonb(numbered.violation)))
                        filter (where numbered.place <= 5),
                    ''[]''
                )
            from (
                select violation, row_number() over () as place
                from %s as violation
            ) as numbered',
            rule
        )
        into violation_count, sample;
    end if;
    seconds := extract(epoch from clock_timestamp() - began);
end
$$;

comment on function elt.check_rule(regclass, text) is
    'Runs a rule on the data that the transaction sees, or skips it if the condition of its header is known to be true. Returns the number of violations, the first five of them with their origin, and the seconds it took.';
