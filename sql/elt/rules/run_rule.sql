-- reads:    elt.with_origin
-- used by:  elt.run_rules, elt.close_publish
create or replace function elt.run_rule(
    rule regclass, out violation_count bigint, out sample jsonb, out seconds double precision
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    began timestamptz := clock_timestamp();
begin
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
    seconds := extract(epoch from clock_timestamp() - began);
end
$$;

comment on function elt.run_rule(regclass) is
    'Runs a rule on the data that the transaction sees. Returns the number of violations, the first five of them with their origin, and the seconds it took.';
